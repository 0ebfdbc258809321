"""How every figure looks, and `show`, which takes its finding along as alt text.

Okabe and Ito's colours for classes, each with a marker and a line style of its own; a diverging
map with 0 in the middle for signed values, with the numbers in the cells. Colour is never the only
cue, and the background is opaque, so that a dark theme can read it.
"""

import base64
import io
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .._html import Markup, tag
from .._inputs import Array
from .._refusals import refusal, speaks

__all__ = ["COLOURS", "MEASURED", "abreast", "new_figure", "show"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
# Signed numbers are red above 0, blue below and white at 0, wherever they are drawn:
SIGNED = "RdBu_r"                                       # a heat map
ABOVE, BELOW = COLOURS[1], COLOURS[0]                   # squares and bars
ABOVE_PALE, BELOW_PALE = (0xef, 0x8a, 0x62), (0x67, 0xa9, 0xcf)    # ink is legible on both
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":")
MEASURED = "Measured by a clock: on your machine it looks different."
# Of a figure: a browser's own margin, 40 pixels at each side, cost width; what is wider scrolls.
PLAIN = "margin: 8px 0px; overflow-x: auto"
SHEET = ("margin: 0; padding: 8px 2px; border-radius: 6px; background-color: #ffffff; "
         "color: #1a1a1a")       # of images
PIXELS_PER_INCH = 100        # on the page; stored at twice that, for sharp screens and for print
GROUND = 10                  # pixels of white around it: in a dark theme no letter meets the edge
FRAME = f"box-sizing: border-box; padding: {GROUND}px; background: #ffffff; border-radius: 6px"
SMALLEST = 0.67              # of its size: letters of 10 points have 9 pixels; then it scrolls
COLUMN = 520                 # pixels of a page on paper, where nothing scrolls


def new_figure(width: float, height: float, columns: int = 1,
               rows: int = 1) -> tuple[Figure, Any]:
    """Open a figure of the house's style.

    Parameters
    ----------
    width, height : float
        In inches of 100 pixels. A page in half a screen has room for 5: there a figure of 7 is
        shown at 0.72, and letters of 11 points at 11 pixels.
    columns, rows : int
        How many Axes stand side by side, and below one another.

    Returns
    -------
    fig : Figure
        The new figure.
    ax : Axes, or (rows * columns,) ndarray of Axes, row by row, if there are several
        What to draw into.
    """
    fig, axes = plt.subplots(rows, columns, figsize=(width, height), layout="constrained")
    axes = axes.ravel() if rows * columns > 1 else axes
    for ax in np.atleast_1d(axes):
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=11)
        for axis in (ax.xaxis, ax.yaxis):
            axis.label.set_fontsize(12)
    return fig, axes


def abreast(many: int, height: float) -> tuple[Figure, Array]:
    """Open a figure of many Axes, two side by side, each row of them so many inches high."""
    rows = -(-many // 2)
    fig, axes = new_figure(5.6, height * rows, columns=min(many, 2), rows=rows)
    axes = np.atleast_1d(axes)
    for empty in axes[many:]:
        empty.axis("off")
    return fig, axes[:many]


class Picture(NamedTuple):
    """What a notebook displays: an image with alt text in HTML, the alt text alone elsewhere."""

    alt: str
    kind: str        # "png" or "svg+xml"
    data: bytes
    width: int       # in pixels of the page; of each image, if there are more
    caption: str = ""
    more: tuple[bytes, ...] = ()    # images after the first: beside it, or below, as there is room

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_html_(self) -> Markup:
        first, *others = map(self._address, (self.data, *self.more))
        width = self.width if others else self.width + 2 * GROUND
        style = f"{FRAME}; min-width: {min(round(SMALLEST * width), COLUMN)}px"
        style = "vertical-align: top" if others else style    # several stand on a sheet together
        images = [tag("img", alt=self.alt, width=width, style=style, src=first)]
        images += [tag("img", alt="", width=width, style=style, src=source) for source in others]
        return tag("figure", *images, tag("figcaption", self.caption) if self.caption else "",
                   style=SHEET if others else PLAIN)

    def _address(self, data: bytes) -> str:
        return f"data:image/{self.kind};base64,{base64.b64encode(data).decode()}"


@speaks
def show(fig: Figure | Axes, *, alt: str, measured: bool = False) -> None:
    """Put a figure on the page, with its finding as alt text, and close it.

    The image is plain HTML, which JupyterLab shows, with its alt text, also in a notebook that is
    not trusted yet; text-only readers get the alt text.

    Parameters
    ----------
    fig : Figure or Axes
        What a plot_* function returned, or the figure around it.
    alt : str
        One sentence that states what the figure shows to be true.
    measured : bool
        Whether a clock had a say in it, so that it looks different on every machine. A line below
        says so, and nobody compares its pixels. alt must hold on any machine all the same.

    Raises
    ------
    ValueError
        If alt is missing its sentence.
    """
    from IPython.display import display

    display(page(fig.figure, alt, measured))


def page(fig: Figure, alt: str, measured: bool = False) -> Picture:
    """Return what `show` displays, and close the figure."""
    if len(alt.split()) < 5:
        raise refusal(ValueError, f"alt must state the finding in a sentence, but got {alt!r}; "
                      "write what a reader should see, not what kind of plot it is")
    png = io.BytesIO()
    fig.savefig(png, format="png", dpi=2 * PIXELS_PER_INCH, facecolor="white")
    width = round(fig.get_size_inches()[0] * PIXELS_PER_INCH)
    plt.close(fig)
    return Picture(alt, "png", png.getvalue(), width, MEASURED if measured else "")
