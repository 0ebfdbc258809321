"""One line for nbgrader and otter: it fails, with the verdict, unless the answers are right."""

from .._refusals import speaks
from . import ExerciseFailed, exercise_of

__all__ = ["require"]


@speaks
def require(key: str, *answers) -> None:
    """Judge the answers to an exercise, and raise unless they are right.

    Nothing is printed, and a test of nbgrader or otter needs no other line; tools/graders.py
    writes it.

    Parameters
    ----------
    key : str
        The exercise's name.
    *answers
        What is asked, as for `Exercise.check`.

    Raises
    ------
    ExerciseFailed
        An AssertionError with the verdict as its text, also where nothing is answered yet.
    ValueError, TypeError
        If there is no such exercise, or it asks for more or fewer answers.

    Examples
    --------
    >>> require("equal_logits", -0.25)
    """
    verdict = exercise_of(key).check(*answers)
    if not verdict.right:
        raise ExerciseFailed(verdict)
