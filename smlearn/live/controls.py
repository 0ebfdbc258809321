"""Controls of the live views: a named box and a slider for a number, a list, a button.

Only widgets that ipywidgets itself brings. There are two for one number: any number can be typed,
infinity included, and a slider is turned. What they lack for a screen reader and for the arrow
keys, hook.py adds. A control calls back once per change, if a hand made it.
"""

from collections.abc import Callable

import ipywidgets as widgets
import numpy as np

from .hook import POWERS, WRONG
from .typed import typed_number, typed_whole

__all__ = ["Choice", "Control", "Dial", "Push"]

NAME = {"description_width": "104px"}
BOX = {"layout": {"width": "198px", "margin": "1px 4px 1px 0"}, "style": NAME}
SLIDER = {"layout": {"flex": "1 1 68px", "width": "auto", "max_width": "380px"},
          "readout": False}         # box and slider stand side by side on a phone as well
ROW = {"flex_flow": "row wrap", "max_width": "600px", "overflow": "hidden"}
REFUSED = "#ffe3c2", "#1a1a1a"      # of a box: its ground, its letters
LIST = {"width": "340px", "max_width": "100%", "margin": "1px 0"}


class Control:
    """A value that a hand can change, a row of widgets to do it, and who wants to know."""

    value: object
    row: widgets.DOMWidget
    wrong = ""                      # why what was typed is no value
    restored = False                # that the value is the one that was kept, and no new choice

    def __init__(self):
        self._calls: list[Callable[[], None]] = []
        self._busy = False

    def on_change(self, call: Callable[[], None]) -> None:
        """Call back after each change that a hand makes."""
        self._calls.append(call)

    def refuse(self, wrong: bool) -> None:
        """Mark what was typed as what stands in the way, or no longer."""

    def keep(self) -> None:
        """Remember the value as one that could be drawn."""

    def way_back(self) -> str:
        """Say how the last value comes back that could be drawn."""
        return ""

    def show(self, wanted: bool) -> None:
        """Let it be seen and reached, or take it away."""
        self.row.layout.display = None if wanted else "none"

    def _watch(self, widget: widgets.Widget, take: Callable[[object], bool]) -> None:
        """Take what a hand does to a widget; what `take` sets in turn is no second change."""
        def changed(change: dict) -> None:
            if not self._busy and self._quietly(take, change["new"]):
                for call in self._calls:
                    call()
        widget.observe(changed, "value")

    def _quietly(self, do: Callable, *arguments) -> bool:
        self._busy = True
        try:
            return do(*arguments)
        finally:
            self._busy = False


class Dial(Control):
    """One number: type it, or move the slider. What was typed counts, on the slider or not.

    low, high and step are the slider's: with `log`, powers of 10. If `whole`, only whole numbers
    from low to high will do. Escape brings back the last number that was kept: hook.py reads it
    from the box's placeholder.
    """

    def __init__(self, name: str, value: float, low: float, high: float, step: float, *,
                 log: bool = False, whole: bool = False):
        super().__init__()
        self.name, self.log, self.whole, self.step = name, log, whole, step
        self.low, self.high = low, high
        self._at = low                                 # where the slider stands
        self._kept = value if np.isfinite(value) else 0.0
        self.text = widgets.Text(description=name, continuous_update=False, **BOX)
        self.slider = widgets.FloatSlider(min=low, max=high, step=step, **SLIDER)
        self.row = widgets.HBox([self.text, self.slider], layout=ROW)
        if log:
            self.slider.add_class(POWERS)
        self.value = value
        self._watch(self.text, self._typed)
        self._watch(self.slider, self._moved)

    @property
    def value(self) -> float:
        """The number, as typed or as the slider stands; or a ValueError, if it will not do."""
        if self.wrong:
            raise ValueError(self.wrong)
        return self._value

    @value.setter
    def value(self, value: float) -> None:
        self._value, self.wrong = value, ""
        self._quietly(self._show)

    def refuse(self, wrong: bool) -> None:
        """Mark what was typed as what stands in the way, or no longer."""
        (self.text.add_class if wrong else self.text.remove_class)(WRONG)
        self.text.style.background, self.text.style.text_color = REFUSED if wrong else (None, None)
        self.text.placeholder = _shown(self._kept) if wrong else ""

    def keep(self) -> None:
        """Remember the number as one that could be drawn."""
        self._kept = self._value

    def way_back(self) -> str:
        """Say how the last number comes back that could be drawn."""
        return f"Esc brings back {_shown(self._kept)}"

    def _show(self) -> None:
        """Bring the box and the slider up to date."""
        self.text.value = _shown(self._value)
        self._put_slider()

    def _put_slider(self) -> None:
        """Put the slider at the step next to the value."""
        position = self._value
        if self.log:
            position = np.log10(position) if position > 0 else np.nan
        if not np.isnan(position):
            position = float(np.clip(position, self.low, self.high))
            steps = round((position - self.low) / self.step)
            self._at = self.slider.value = round(self.low + steps * self.step, 10)

    def _moved(self, position: float) -> bool:
        if abs(position - self._at) < self.step / 2:   # the browser's rounding, no hand
            return False
        self._at, self.restored = position, False
        value = 10.0**position if self.log else position
        value = float(f"{value:.6g}")                  # no 0.30000000000000004
        self._value, self.wrong = int(value) if self.whole else value, ""
        self.text.value = _shown(self._value)         # not the slider: a fast hand is further on
        return True

    def _typed(self, text: str) -> bool:
        self.wrong, self.restored = "", text == _shown(self._kept)
        try:
            self._value = (self._kept if self.restored else                 # to its last digit
                           typed_whole(text, self.low, self.high) if self.whole else
                           typed_number(text))
            self._put_slider()
        except ValueError as error:
            self.wrong = f"{self.name}: {error}"
        return True


def _shown(value: float) -> str:
    return f"{value:.6g}"


class Choice(Control):
    """One of several, from a list."""

    def __init__(self, name: str, options: tuple[str, ...], value: str):
        super().__init__()
        self.options = tuple(options)
        shown = [(option.replace("_", " "), option) for option in options]
        self.row = widgets.Dropdown(options=shown, value=value, description=name, layout=LIST,
                                    style=NAME)
        self._watch(self.row, lambda value: True)

    @property
    def value(self) -> str:
        """The option chosen."""
        return self.row.value


class Push(Control):
    """A button; its value counts the pushes."""

    def __init__(self, name: str):
        super().__init__()
        self.value = 0
        self.row = widgets.Button(description=name, layout={"width": "200px", "margin": "1px 0"})
        self.row.on_click(self._pushed)

    def _pushed(self, button: widgets.Button) -> None:
        self.value += 1
        for call in self._calls:
            call()
