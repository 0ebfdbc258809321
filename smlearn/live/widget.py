"""A live view: controls above, one drawing and one line of numbers below, redrawn at each move.

The drawing is an SVG in a `widgets.HTML`, so a key press reaches the page in some 20 ms. Where
nothing runs (SMLEARN_STATIC=1, a notebook that was never run, a page on paper) the same SVG is a
picture with alt text. Whatever goes wrong is said in the view, and the next move draws again.
"""

import os
from collections.abc import Callable
from functools import partial

import ipywidgets as widgets
import numpy as np

from .._html import join, tag
from ..figures.page import Picture
from .charts import sheet
from .controls import Choice, Dial
from .scene import Look, Text
from .svg import to_svg

__all__ = ["View", "is_static"]

LINE = 21    # pixels; of the numbers in words


class View:
    """Controls and what they make of a look; the last line of a cell shows it.

    `look` takes the controls' values by name and returns a Look; `follow` is what else to set when
    the control of that name has moved, before the view is drawn; there is room for so many `lines`
    of words, so that nothing jumps.
    """

    def __init__(self, look: Callable[..., Look], controls: dict[str, Dial | Choice], *,
                 follow: dict[str, Callable[[], None]] | None = None, lines: int = 2):
        self.look, self.controls, self.lines = look, controls, lines
        self.html = widgets.HTML()
        self.widget = widgets.VBox([*(control.row for control in controls.values()), self.html])
        self._height = 0.0
        for name, control in controls.items():
            control.on_change(partial(self.draw, (follow or {}).get(name)))
        self.draw()

    def now(self, first: Callable[[], None] | None = None) -> Look:
        """Return the look at the controls as they stand; or, if there is none, a word on why."""
        try:
            if first is not None:
                first()
            values = {name: control.value for name, control in self.controls.items()}
            with np.errstate(all="ignore"):    # who cannot bear an infinity says so
                return self.look(**values)
        except (ValueError, TypeError) as error:    # a house sentence: what, and what to do
            return self._apology(str(error))
        except Exception as error:    # nobody sees a traceback from a callback; so say it here
            return self._apology(f"This view failed with {type(error).__name__}: {error}")

    def _apology(self, sentence: str) -> Look:
        title = "There is nothing to draw"
        hint = Text((12, 60), "Below is why. Move a control to go on.")
        return Look(sheet(title, self._height or 120.0, [hint]), title, sentence)

    def draw(self, first: Callable[[], None] | None = None) -> None:
        """Put the look at the controls on the page, after something else has been done."""
        look = self.now(first)
        self._height = look.scene.height
        room = (f"max-width: {look.scene.width}px; overflow-y: auto; "
                f"height: {self.lines * LINE}px; line-height: {LINE}px; margin-top: 6px")
        self.html.value = join(
            tag("div", to_svg(look.scene, look.title), style="line-height: 0"),
            tag("div", look.words, role="status", style=room))

    def _repr_mimebundle_(self, **kwargs) -> dict[str, object]:
        look = self.now()
        svg = to_svg(look.scene, look.title)
        picture = Picture(look.alt, "svg+xml", svg.encode(), round(look.scene.width))
        still = {"text/plain": repr(picture), "text/html": picture._repr_html_()}
        if is_static():
            return still
        return self.widget._repr_mimebundle_(**kwargs) | still    # exported pages keep the picture


def is_static() -> bool:
    """Say whether views are to be stored or compared, and so to show themselves as figures."""
    return os.environ.get("SMLEARN_STATIC") == "1"
