"""The smallest letters of a page's figures: its cells are run, and each figure is asked.

    python tests/paper/letters.py 01     {alternative text: points}, as JSON

A picture cannot be asked any more how large its letters are. Points are those of the figure at its
own size; POINT says how many pixels of its picture they are.
"""

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO

from matplotlib import use
from matplotlib.figure import Figure
from matplotlib.text import Text

import smlearn.figures.page as house
from plans import parts

POINT = 2 * house.PIXELS_PER_INCH / 72  # pixels of the picture
RAISED = 0.7  # how large Matplotlib sets an exponent


def of_pages(numbers: list[str]) -> dict[str, float]:
    """Return the smallest letters of every figure of some pages, each run on its own."""
    found = {}
    for number in numbers:
        run = [sys.executable, __file__, number]
        here = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(run, env=here, check=True, capture_output=True, text=True)
        found |= json.loads(done.stdout)
    return found


def smallest(fig: Figure) -> float:
    """Return the size of the smallest letters that are drawn."""
    fig.canvas.draw()
    drawn = [t for t in fig.findobj(Text) if t.get_text().strip() and t.get_visible()]
    return min(t.get_fontsize() * (RAISED if raised(t.get_text()) else 1) for t in drawn)


def raised(text: str) -> bool:
    """Say whether there is an exponent or an index in a text."""
    return "$" in text and ("^" in text or "_" in text)


def main(number: str) -> dict[str, float]:
    """Run a page, and return what `show` would have put on it."""
    found, shown = {}, house.page

    def page(fig, alt, measured=False):
        found[alt] = smallest(fig)
        return shown(fig, alt, measured)

    house.page = page
    use("agg")
    names = {"__name__": "__main__"}
    with redirect_stdout(StringIO()):
        for part in parts(number):
            if part.cell.cell_type == "code":
                exec(part.cell.source, names)
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
