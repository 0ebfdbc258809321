"""A live view: controls above, panels and one line of numbers below, redrawn at each move.

The panels are SVG in a `widgets.HTML`, so a key press reaches the page in some 20 ms; the page
puts as many side by side as there is room for. Where nothing runs (SMLEARN_STATIC=1, a notebook
that was never run, a page on paper) the same panels are pictures with alt text. What is wrong is
said once, at the control that was moved; the panels stay, dimmed, and the next move draws again.
"""

import os
from collections.abc import Callable
from functools import partial

import ipywidgets as widgets
import numpy as np

from .._html import Markup, tag
from ..figures.page import Picture
from .charts import WIDTH
from .controls import Control
from .hook import HOOK, STATUS, VIEW
from .scene import INK, PAPER, Look, Scene
from .side import Side
from .svg import to_svg

__all__ = ["SPARE", "View", "is_static"]

SIDES = {"flex_flow": "row wrap", "max_width": "864px"}
WHOLE = {"width": "auto", "margin": "2px 0"}
GROUND, LETTERS = f"var(--jp-layout-color0, {PAPER})", f"var(--jp-content-font-color1, {INK})"
SHEET = (f"position: relative; box-sizing: border-box; max-width: 784px; padding: 8px; "
         f"background: {GROUND}; color: {LETTERS}; line-height: 1.3")
GRID = (f"display: grid; grid-template-columns: repeat(auto-fill, minmax(0, {WIDTH}px)); "
        "gap: 8px 12px")
FIT = f"display: block; width: 100%; max-width: {WIDTH}px; height: auto"
NOTE = (f"position: absolute; top: 8px; left: 8px; right: 8px; padding: 8px; font-weight: bold; "
        f"border: 2px solid {LETTERS}; background: {GROUND}")
STACK = ("display: grid; box-sizing: border-box; max-width: 784px; padding: 0 8px; "
         "line-height: 1.4")
ROOM = "grid-area: 1 / 1; visibility: hidden"
SAID = "grid-area: 1 / 1; height: 0; min-height: 100%; overflow-y: auto"
HEARD = f"clip-path: inset(50%); {SAID}"    # by a screen reader: an eye has it elsewhere
SPARE = " -0.000" * 6       # numbers grow: room for that much more


class View:
    """Controls and what they make of a look; the last line of a cell shows it.

    `look` takes the controls' values by name and returns a Look; `follow` is what else to set when
    the control of that name has moved, before the view is drawn; `room` is the longest that the
    view has to say, so that nothing jumps; the controls `beside` stand right of the others, where
    there is room.
    """

    def __init__(self, look: Callable[..., Look], controls: dict[str, Control], *,
                 follow: dict[str, Callable[[], None]] | None = None, room: str = "",
                 beside: tuple[str, ...] = ()):
        self.look, self.controls, self.room = look, controls, room
        self.html, self.status = widgets.HTML(layout=WHOLE), widgets.HTML(layout=WHOLE)
        self.status.add_class(STATUS)
        sides = [n for n in controls if n not in beside], beside
        self.sides = [Side([controls[n] for n in names]) for names in sides if names]
        rows = widgets.Box([side.column for side in self.sides], layout=SIDES)
        hook = widgets.HTML(HOOK, layout={"display": "none"})
        self.widget = widgets.VBox([rows, self.html, self.status, hook])
        self.widget.add_class(VIEW)
        self._doubted: Control | None = None    # moved by hand when a look was refused
        self._last = Look("There is nothing to draw", (Scene(WIDTH, 150, ()),), "")
        for name, control in controls.items():
            control.on_change(partial(self.draw, (follow or {}).get(name), control))
        self.draw()

    def now(self, first: Callable[[], None] | None = None) -> Look:
        """Return the look at the controls as they stand; or the last one, and what is wrong."""
        try:
            if first is not None:
                first()
            values = {name: control.value for name, control in self.controls.items()}
            with np.errstate(all="ignore"):    # who cannot bear an infinity says so
                self._last = self.look(**values)
            return self._last
        except (ValueError, TypeError) as error:    # a house sentence: what, and what to do
            return self._last._replace(trouble=str(error))
        except Exception as error:    # nobody sees a traceback from a callback; so say it here
            words = f"This view failed with {type(error).__name__}: {error}"
            return self._last._replace(trouble=words)

    def draw(self, first: Callable[[], None] | None = None, moved: Control | None = None) -> None:
        """Put the look at the controls on the page, after something else has been done."""
        look = self.now(None if moved is not None and moved.restored else first)
        blamed = self._blame(look, moved)
        if blamed is not None and blamed.way_back():
            look = look._replace(trouble=f"{look.trouble}; {blamed.way_back()}")
        for side in self.sides:
            side.say(blamed, look.trouble)
        self.html.value = _sheet(look, noted=blamed is None)
        self.room = self.room or look.words + SPARE
        self.status.value = (_line(look.trouble, self.room, HEARD) if look.trouble else
                             _line(look.words, self.room))

    def _blame(self, look: Look, moved: Control | None) -> Control | None:
        """Mark what was typed wrong, and what a hand had moved when a look was refused, until it
        is over; return the control that the trouble is about.
        """
        wrong = [control for control in self.controls.values() if control.wrong]
        if not wrong:
            self._doubted = (self._doubted or moved) if look.trouble else None
        for control in self.controls.values():
            control.refuse(control in wrong or control is self._doubted)
            if not look.trouble:
                control.keep()
        return wrong[0] if wrong else self._doubted

    def _repr_mimebundle_(self, **kwargs) -> dict[str, object]:
        look = self.now()
        first, *more = (to_svg(panel).encode() for panel in look.panels)
        picture = Picture(look.alt, "svg+xml", first, WIDTH, look.title, tuple(more))
        still = {"text/plain": repr(picture), "text/html": picture._repr_html_()}
        if is_static():
            return still
        return self.widget._repr_mimebundle_(**kwargs) | still    # exported pages keep the picture


def _sheet(look: Look, noted: bool = True) -> Markup:
    """Write the finding and the panels; of trouble with no control, a note on top of them."""
    panels = tag("div", *(to_svg(panel, FIT) for panel in look.panels), style=GRID)
    title = tag("div", look.title, style="font-weight: bold; margin-bottom: 6px")
    dim = "opacity: 0.25" if look.trouble else None
    drawing = tag("div", title, panels, role="img", aria_label=look.title, style=dim)
    note = tag("div", look.trouble, style=NOTE, aria_hidden="true")
    return tag("div", drawing, note if look.trouble and noted else "", style=SHEET)


def _line(words: str, room: str, style: str = SAID) -> Markup:
    """Write words, which a screen reader will say, in room for longer ones."""
    return tag("div", tag("div", room, style=ROOM, aria_hidden="true"),
               tag("div", words, style=style), style=STACK)


def is_static() -> bool:
    """Say whether views are to be stored or compared, and so to show themselves as figures."""
    return os.environ.get("SMLEARN_STATIC") == "1"
