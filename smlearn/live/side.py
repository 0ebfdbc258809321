"""Controls below one another, and two lines of room among them: for help, or for what is wrong.

What is wrong stands right below its control, and the help makes room for it: so nothing else on
the page moves.
"""

import ipywidgets as widgets

from .._html import tag
from .controls import REFUSED, Control, Dial, Push

__all__ = ["Side"]

SIDE, BUTTONS = {"flex": "1 1 280px"}, {"flex": "0 1 210px"}    # two stand in a small window
HELP = "Type a number, or use the arrow keys; Esc brings back the one before."
ROOM = {"width": "auto", "height": "34px", "margin": "0", "overflow": "hidden"}
LINES = "height: 34px; overflow-y: auto; line-height: 17px; font-size: 13px; padding: 0 8px"
WRONG = f"{LINES}; font-weight: bold; background: {REFUSED[0]}; color: {REFUSED[1]}"
LAST = 999                                                      # an order: below all controls


class Side:
    """A column of controls, and the two lines of room."""

    def __init__(self, controls: list[Control]):
        self.controls = controls
        self.aside = widgets.HTML(layout=ROOM)
        for at, control in enumerate(controls):
            control.row.layout.order = str(2 * at)
        every = [control.row for control in controls] + [self.aside]
        buttons = all(isinstance(control, Push) for control in controls)
        self.column = widgets.VBox(every, layout=BUTTONS if buttons else SIDE)
        self.say()

    def say(self, blamed: Control | None = None, trouble: str = "") -> None:
        """Say below a control of this side what is wrong; else leave room for that."""
        here = blamed in self.controls
        self.aside.layout.order = str(2 * self.controls.index(blamed) + 1 if here else LAST)
        typed = any(isinstance(c, Dial) and c.row.layout.display is None for c in self.controls)
        self.aside.layout.display = None if typed or here else "none"
        self.aside.value = tag("div", trouble if here else HELP, style=WRONG if here else LINES)
