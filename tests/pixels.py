"""Are two pictures, or all pictures of two runs of a notebook, the same to the eye?

nbval cannot say: the pictures' bytes are taken out before it compares. pages.py asks after it.
"""

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np
from hygiene import PICTURE, cells, images
from nbformat import NotebookNode
from PIL import Image

# The same Matplotlib drew both, so text has the same size and the same shapes. Another processor
# still rounds differently: an edge a shade lighter (LEVELS, of 255), a line or a letter snapped
# to the next pixel, which is half a pixel on the page, for figures are stored at twice their
# size. So each pixel has to find its like among the other picture's nine around it, and none may
# fail: a changed digit is some dozens of pixels of a million (an 8 for a 9 in the smallest print
# is eight), and a mean, or a share of all pixels, would let it through.
LEVELS = 8

# A live view is stored as a drawing, not as pixels: what it says must be the same to the letter,
# and its places to half a pixel. What shows rounding is drawn elsewhere by another processor: by
# up to five powers of ten, of 12 pixels each, where an error is 0 on one of the two.
HALF = 0.5
ROUGH = 60
PLACES = ("points", "x", "y", "cx", "cy", "r")


def pictures(notebook: NotebookNode) -> Iterator[tuple[str, list[bytes]]]:
    """Yield for each code cell the words for where it stands, and its pictures, PNG or SVG."""
    for where, found in _marked_pictures(notebook):
        yield where, [picture for picture, _ in found]


def is_drawing(picture: bytes) -> bool:
    """Say whether a picture is an SVG."""
    return picture.startswith(b"<svg")


def _marked_pictures(notebook: NotebookNode) -> Iterator[tuple[str, list[tuple[bytes, bool]]]]:
    """The same, each picture with whether it is marked as measured by a clock."""
    for where, cell in cells(notebook, "code"):
        pages = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
        found = [match for page in pages for match in PICTURE.finditer(page)]
        yield where, [(image, bool(m["measured"])) for m in found for image in images(m)]


def drawn_by(png: bytes) -> str:
    """Return the version of Matplotlib that a PNG says it comes from; "" if it says nothing."""
    software = Image.open(io.BytesIO(png)).info.get("Software", "")
    found = re.match(r"Matplotlib version([^,]+)", software)
    return found[1] if found else ""


def decode(png: bytes) -> np.ndarray:
    """Return the pixels of a PNG, (H, W, 3), as integers that can be subtracted."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.int16)


def _nine(extreme: np.ufunc, image: np.ndarray) -> np.ndarray:
    """Each pixel's minimum or maximum over itself and its eight neighbours, (H, W, 3)."""
    for axis in (0, 1):
        beside = extreme(np.roll(image, 1, axis), np.roll(image, -1, axis))
        image = extreme(image, beside)
    return image


def _misfit(image: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far each pixel's colour lies outside those of the other's nine, (H, W)."""
    below, above = _nine(np.minimum, other) - image, image - _nine(np.maximum, other)
    return np.maximum(below, above).max(axis=-1)


def difference(stored: bytes, fresh: bytes) -> str:
    """Return how two pictures differ, in words; "" if they look the same."""
    if stored == fresh:  # as on the machine that stored it
        return ""
    if is_drawing(stored) != is_drawing(fresh):
        return "one of the two is a drawing, the other is pixels"
    if is_drawing(stored):
        return _redrawn(stored, fresh)
    a, b = (decode(png) for png in (stored, fresh))
    if a.shape != b.shape:
        return "its size is {1} x {0}, stored as {3} x {2}".format(*b.shape[:2], *a.shape[:2])
    misfit = np.maximum(_misfit(a, b), _misfit(b, a))  # what is new, and what is gone
    y, x = np.nonzero(misfit > LEVELS)
    if not len(x):
        return ""
    return (
        f"{len(x)} of {misfit.size} pixels differ, by up to {misfit.max()} of 255 "
        f"(mean over the picture {np.abs(a - b).mean():.4f}), "
        f"all within x {x.min()} to {x.max()}, y {y.min()} to {y.max()}"
    )


def _parts(svg: bytes) -> Iterator[tuple[str, list[float]]]:
    """Yield what each part of a drawing is and says, and where it stands."""
    for part in ElementTree.fromstring(svg).iter():
        places = [part.attrib.pop(name) for name in PLACES if name in part.attrib]
        numbers = [float(v) for v in re.split("[ ,]", " ".join(places)) if v]
        yield (
            f"{part.tag.partition('}')[2]} {part.attrib} {part.text or ''} {len(numbers)}",
            numbers,
        )


def _redrawn(stored: bytes, fresh: bytes) -> str:
    before, after = (list(_parts(svg)) for svg in (stored, fresh))
    if len(before) != len(after):
        return f"it has {len(after)} parts, stored are {len(before)}"
    for (was, old), (now, new) in zip(before, after, strict=True):
        if was != now:
            return f"a part of it is {now}, stored as {was}"
        moved = max((abs(a - b) for a, b in zip(old, new, strict=True)), default=0)
        if moved > (ROUGH if "'class': 'rough'" in now else HALF):
            return f"a part of it has moved by up to {moved:.4g} pixels: {now}"
    return ""


def differences(stored: NotebookNode, fresh: NotebookNode) -> list[str]:
    """Return a sentence for each cell or picture that another run shows differently.

    Of a picture that both runs mark as measured only the size is compared.
    """
    complaints = []
    runs = zip(_marked_pictures(stored), _marked_pictures(fresh), strict=True)
    for (where, before), (_, after) in runs:
        if len(before) != len(after):
            complaints.append(f"{where}: draws {len(after)} pictures, stores {len(before)}")
            continue
        for number, pair in enumerate(zip(before, after, strict=True), 1):
            if how := _unlike(*pair):
                complaints.append(f"{where}, picture {number}: {how}")
    return complaints


def _unlike(stored: tuple[bytes, bool], fresh: tuple[bytes, bool]) -> str:
    (before, was_measured), (after, is_measured) = stored, fresh
    if was_measured != is_measured:
        return "is marked as measured in one of the two runs only"
    if is_measured and decode(before).shape == decode(after).shape:
        return ""
    return difference(before, after)
