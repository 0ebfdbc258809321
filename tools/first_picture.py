"""The picture on the course's first screen: the penguins, and how many public gradients are wrong.

`make refresh NB=notebooks/00_start_here.ipynb` calls this. The picture is an attachment of the
first cell: that is shown before anything runs, wherever the page lies, by JupyterLab and on paper.
"""

import base64
import io

import nbformat
import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import smlearn
from smlearn.figures.page import COLOURS, MARKERS
from smlearn.figures.simplex import CORNERS
from smlearn.mistakes import PUBLIC_COUNT

__all__ = ["NAME", "attach", "attached", "draw", "smaller"]

NAME = "penguins.png"
SHADES = 34  # of each of red, green and blue: enough for the eye, and few for the page
ROW = 19  # marks in a row of the wall: 12 rows are 228


def draw() -> bytes:
    """Return the picture as a PNG."""
    fig = Figure(figsize=(9.6, 3.4), layout="constrained")
    fig.get_layout_engine().set(wspace=0.05)  # or the two titles read as one
    triangle, wall = fig.subplots(1, 2, width_ratios=(1, 1.15))
    _penguins(triangle)
    _count(wall)
    png = io.BytesIO()
    fig.savefig(png, dpi=80, facecolor="white")
    return smaller(Image.open(png))


def smaller(image: Image.Image) -> bytes:
    """Return a picture with fewer shades, in fewer bytes."""
    info, held = PngInfo(), io.BytesIO()
    info.add_text("Software", image.info["Software"])  # whose letters they are
    shades = np.rint(np.asarray(image.convert("RGB")) / 255 * SHADES) / SHADES  # (H, W, 3)
    rounded = Image.fromarray(np.rint(255 * shades).astype(np.uint8))
    rounded.save(held, "PNG", optimize=True, pnginfo=info)
    return held.getvalue()


def _penguins(ax) -> None:
    """Draw each bird as a point between its three species, as a small classifier sees it."""
    birds = smlearn.load_penguins()
    whole = ~np.isnan(birds.bill_length_mm)  # two were not measured
    x = smlearn.penguin_logits(birds.bill_length_mm[whole], birds.bill_depth_mm[whole])
    places, species = smlearn.softmax(x) @ CORNERS, birds.species[whole]
    ax.fill(*CORNERS.T, facecolor="#f4f4f4", edgecolor="0.3", lw=1.2)
    for k, name in enumerate(smlearn.SPECIES):
        mine, (left, low) = places[species == name], CORNERS[k]
        ax.scatter(*mine.T, s=44, marker=MARKERS[k], color=COLOURS[k], edgecolor="w", lw=0.5)
        words = {"ha": "center", "va": "bottom" if low else "top", "fontsize": 15}
        ax.text(left, low + (0.05 if low else -0.05), name, **words)
    ax.set_title(f"{len(x)} penguins, and how sure softmax is", fontsize=14, pad=8)
    ax.set(aspect="equal", xlim=(-0.18, 1.18), ylim=(-0.15, 1.03))
    ax.axis("off")


def _count(ax) -> None:
    """Draw a mark for each public gradient: a cross where it is wrong."""
    total, wrong = sum(PUBLIC_COUNT.values()), PUBLIC_COUNT["wrong"]
    across, down = np.arange(total) % ROW, np.arange(total) // ROW
    bad = np.arange(total) < wrong
    ax.scatter(across[~bad], -down[~bad], s=70, marker="o", facecolor="w", edgecolor="0.55")
    ax.scatter(across[bad], -down[bad], s=80, marker="x", color=COLOURS[1], lw=3)
    ax.set_title(f"{total} public gradients of softmax: {wrong} are wrong", fontsize=14, pad=8)
    ax.margins(0.03)
    ax.axis("off")


def attached(notebook: nbformat.NotebookNode) -> bytes:
    """Return the picture that the first cell holds."""
    return base64.b64decode(notebook.cells[0].attachments[NAME]["image/png"])


def attach(notebook: nbformat.NotebookNode) -> None:
    """Put the picture into the first cell."""
    png = base64.b64encode(draw()).decode()
    notebook.cells[0].attachments = {NAME: {"image/png": png}}
