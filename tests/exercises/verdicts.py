"""Print the verdict on every ordinary answer that is held, as text and as HTML."""

import contextlib
import io
from collections.abc import Iterator

import blind
import strangers

from smlearn.exercises import exercise


def held() -> Iterator[tuple[str, str, list]]:
    """Yield the exercise, what is said of the answer, and all that is handed to the check."""
    for name, f in [*strangers.RIGHT.items(), *(wrong[:2] for wrong in strangers.WRONG)]:
        yield "softmax_vjp", name, [f]
    for written in blind.WRITTEN:
        yield written.exercise, written.words, blind.answers_of(written)


if __name__ == "__main__":
    for key, name, answers in held():
        with contextlib.redirect_stdout(io.StringIO()):
            verdict = exercise(key).check(*answers)
        print(key, name, verdict, verdict._repr_html_(), sep="\n")
