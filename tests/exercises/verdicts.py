"""Print the verdict on every ordinary answer that is held, as text and as HTML."""

import contextlib
import functools
import io
from collections.abc import Iterator

import blind
import strangers

from smlearn.exercises import Verdict, exercise


@functools.cache
def verdict_on(written: blind.Written) -> Verdict:
    """Judge an answer that was written blind."""
    return _judged(written.exercise, *blind.answers_of(written))


def _judged(key: str, *answers) -> Verdict:
    with contextlib.redirect_stdout(io.StringIO()):
        return exercise(key).check(*answers)


def held() -> Iterator[tuple[str, str, Verdict]]:
    """Yield the exercise, what is said of the answer, and the verdict."""
    for name, f in [*strangers.RIGHT.items(), *(wrong[:2] for wrong in strangers.WRONG)]:
        yield "softmax_vjp", name, _judged("softmax_vjp", f)
    for written in blind.WRITTEN:
        yield written.exercise, written.words, verdict_on(written)


def lines() -> Iterator[str]:
    """Yield all of it as text."""
    for key, name, verdict in held():
        yield f"{key}\n{name}\n{verdict}\n{verdict._repr_html_()}\n"


if __name__ == "__main__":
    print(*lines(), sep="", end="")
