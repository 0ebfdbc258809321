"""What a learner has answered, kept in one small file beside the pages: yours, sent to nobody.

    {"about": "...", "answers": {"add_one": "RIGHT", "cell_order": "WRONG"}}

Who deletes it begins anew. What is open is not written, so that a page that was only run leaves
no file. RIGHT stays RIGHT: whoever tries a wrong answer later, to see what is said of it, has
unlearned nothing. Two pages may be open, each with a kernel: the new text is written under a name
that only one of them can take at a time, and then takes the file's place in one step. A file that
the course did not write is left as it is. No trouble with all this reaches a check: `recall` has
a sentence on it, for `progress` to say.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ..mistakes.finding import CRASHED, RIGHT, WRONG

__all__ = ["FILE", "on_a_page", "recall", "record", "why_not"]

FILE = "smlearn-progress.json"
ABOUT = ("Your answers in the course Softmax, backwards. Nobody but you is shown them. "
         "Delete this file to begin anew.")
STATUSES = (RIGHT, WRONG, CRASHED)
LARGEST = 100_000         # bytes that such a file can have
PATIENCE, PAUSE = 100, 0.01    # times, and seconds, to wait for another kernel
STALE = 10                # seconds: whoever began to write so long ago was ended in between

_unkept: dict[str, str] = {}    # what could not be written yet


def on_a_page() -> bool:
    """Whether a kernel runs this, for a notebook."""
    ipython = sys.modules.get("IPython")
    return hasattr(getattr(ipython, "get_ipython", lambda: None)(), "kernel")


def _folder_of_the_page() -> Path | None:
    """Return the kernel's folder, which is the page's; learners may go elsewhere later."""
    if not on_a_page():
        return None
    with contextlib.suppress(OSError):    # it is gone already
        return Path.cwd()
    return None


HOME = _folder_of_the_page()


def why_not() -> str:
    """Say why nothing is kept here, or "" where it is."""
    if HOME is None:
        return "Answers are kept where a notebook is run, and this is none."
    if os.environ.get("SMLEARN_PROGRESS") == "off":
        return "Answers are not kept: SMLEARN_PROGRESS is off."
    return ""


def _is_off() -> bool:    # a page that is stored or compared shows what a newcomer sees
    return bool(why_not()) or os.environ.get("SMLEARN_STATIC") == "1"


def record(key: str, status: str) -> None:
    """Keep a verdict, if there was an answer; whatever goes wrong, the check goes on."""
    with contextlib.suppress(Exception):
        if status in STATUSES and not _is_off():
            _unkept.update(_joined({key: status}, _unkept))
            _write(HOME / FILE)


def recall() -> tuple[dict[str, str], str]:
    """Return what was answered, and a sentence where keeping it goes wrong, "" where it does not.

    What could not be written is written now, or is remembered until the kernel stops.
    """
    if _is_off():
        return {}, ""
    try:
        _write(HOME / FILE)
        return _read(HOME / FILE), ""
    except Exception as error:
        known = {}
        with contextlib.suppress(Exception):
            known = _read(HOME / FILE)
        return _joined(_unkept, known), _sentence(error)


def _joined(new: dict[str, str], old: dict[str, str]) -> dict[str, str]:
    return old | {key: status for key, status in new.items() if old.get(key) != RIGHT}


def _read(path: Path) -> dict[str, str]:
    """Return the answers in the file, {} if there is none."""
    if not path.exists():
        return {}
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise ValueError("no file of this course")
    answers = json.loads(path.read_text("utf-8"))["answers"]
    if not all(status in STATUSES for status in answers.values()):
        raise ValueError("no answers")
    return answers


def _write(path: Path) -> None:
    """Put what is not kept yet into the file, beside what another page has put there."""
    before = _read(path)
    if _joined(_unkept, before) != before:
        with _turn(path.with_name(f"{path.name}.new")) as spare:
            text = {"about": ABOUT, "answers": _joined(_unkept, _read(path))}
            spare.write_text(json.dumps(text, indent=1) + "\n", "utf-8")
            os.replace(spare, path)
    _unkept.clear()


@contextlib.contextmanager
def _turn(spare: Path) -> Iterator[Path]:
    """Take the name that one kernel at a time can have; it is free again when the file moves."""
    for _ in range(PATIENCE):
        try:
            spare.open("x").close()
            break
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):    # the other one was quicker
                if time.time() - spare.stat().st_mtime > STALE:
                    spare.unlink()
            time.sleep(PAUSE)
    else:
        raise TimeoutError(f"{spare.name} is in the way")
    try:
        yield spare
    except BaseException:    # once it has moved, the name may be another kernel's
        spare.unlink(missing_ok=True)
        raise


def _sentence(error: Exception) -> str:
    """Say what is wrong with the file, and what to do."""
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        return (f"{FILE} could not be read or written ({why}): what you answer now is forgotten "
                "when the kernel stops. Make room, or let the folder be written to.")
    return (f"{FILE} is broken, or not this course's. It is left as it is, and what you answer "
            "now is forgotten when the kernel stops. Mend it, move it or delete it.")
