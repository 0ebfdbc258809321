"""Judge an answer: it is looked at in one order, and the first look that finds something decides.

A look is a function of what is seen: it returns a Finding, or None. The last one always finds
something.
"""

from collections.abc import Callable
from itertools import compress

from ...mistakes.finding import RIGHT, Finding
from ..sandbox.clock import Patience, TimeUp
from ..task import Answer, Choice, Function
from .before_numbers import FORM
from .given import Given
from .numbers import by_its_form, digits, factor, known, law, rounded, scaled, slip, worst
from .observed import Seen
from .page_names import names_the_page
from .second_calls import remembered, second_answer
from .unanswered import no_function, nothing_written
from .values_and_names import ANSWER, CHOICE

__all__ = ["FUNCTION", "judge"]

Look = Callable[[Seen], Finding | None]


def of_form(look: Look) -> Look:
    """Let a known mistake that fits give its name to what is found, or else the page."""
    def named(seen: Seen) -> Finding | None:
        found = look(seen)
        if found is None or type(found.error) is TimeUp:
            return found
        return by_its_form(seen, found) or names_the_page(seen, found)
    return named


def if_wrong(look: Look) -> Look:
    """Look only where the numbers are wrong; what is unexplained may be due to the page."""
    def asked(seen: Seen) -> Finding | None:
        found = None if seen.right else look(seen)
        return found and names_the_page(seen, found)
    return asked


def of_its_own(seen: Seen) -> Finding | None:
    """Ask what this exercise alone asks."""
    return seen.part.last(seen) if seen.part.last else None


def right(seen: Seen) -> Finding:
    """Say that it is right, and what is odd about it all the same."""
    runs = seen.runs.values()
    odd = [any(isinstance(run.value, list | tuple) for run in runs),
           any(run.array.dtype == "float32" for run in runs)]
    remarks = ("It is a list or tuple; np.array makes an array of it.",
               "Its numbers are float32: 7 digits are right, of the 16 of float64.")
    return Finding("", "", *compress(remarks, odd), status=RIGHT)


FUNCTION = (
    nothing_written, no_function,
    *map(of_form, (*FORM, second_answer)),
    remembered,
    *map(if_wrong, (known, rounded, digits, factor, scaled)),
    of_its_own,
    *map(if_wrong, (slip, law, worst)),
    right,
)
LOOKS = {Function: (Seen, FUNCTION), Answer: (Given, ANSWER), Choice: (Given, CHOICE)}


def judge(part: Function | Answer | Choice, given, patience: Patience | None = None, **more
          ) -> Finding:
    """Return the first thing that is found about an answer to a part of an exercise."""
    see, looks = LOOKS[type(part)]
    seen = see(part, given, patience or Patience(), **more)
    return next(filter(None, (look(seen) for look in looks)))
