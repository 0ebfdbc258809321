"""On answers by hands that had not seen the checks: right is right, wrong is wrong, and named."""

import os
import subprocess
import sys

import blind
import pytest
import strangers
import verdicts

from smlearn.exercises import TASKS
from smlearn.mistakes.ordinary_slips import KINDS


def test_there_are_enough_and_none_twice():
    """Every exercise of 01 to 07 that asks for a function has right and wrong ones of its own."""
    asked = {key for key, task in TASKS.items() if task.function and task.notebook in blind.PAGES}
    missing, unasked = asked - set(blind.EXERCISES), set(blind.EXERCISES) - asked
    assert not missing, f"no blind/*.txt of {missing}: ask somebody for answers, see blind.py"
    assert not unasked, f"blind/*.txt of {unasked}, which no notebook asks for: rename or remove"
    assert len(blind.WRITTEN) >= 430
    assert len({each.code for each in blind.WRITTEN}) > 0.97 * len(blind.WRITTEN)
    for key in blind.EXERCISES:
        answers = blind.read(key)
        right = sum(each.right for each in answers)
        assert right >= 2, f"blind/{key}.txt: {right} right answers, and 2 are wanted"
        wrong = len(answers) - right
        assert wrong >= 8, f"blind/{key}.txt: {wrong} wrong answers, and 8 are wanted"


@pytest.mark.parametrize("key", blind.EXERCISES)
def test_right_is_right_and_wrong_is_wrong(key):
    """In every case; and the name is that of the class, where the mistake belongs to one."""
    for written in blind.read(key):
        verdict = verdicts.verdict_on(written)
        about = f"{written.words}:\n{written.code}\n{verdict}"
        assert verdict.right == written.right, about
        assert verdict.status != "TODO", about
        assert not written.name or verdict.key == written.name, about
        assert len(verdict.lines) <= 3, about


FOUND = {  # what the check finds out by itself, without a list of wrong functions
    "changed", "dtype", "factor", "float32_inside", "no_dictionary", "no_nudge", "none",
    "reads_the_page", "signature", "state", "type", "writes_the_page", "zero",
}  # fmt: skip


@pytest.mark.parametrize("key", blind.EXERCISES)
def test_a_name_is_one_that_can_be_given(key):
    """So that no name in the files is a slip of the pen."""
    function = TASKS[key].function
    value = function.reference(*next(iter(function.cases.values())))
    entries = set(value) - {"dx"} if isinstance(value, dict) else set()
    known = FOUND | set(KINDS) | set(TASKS[key].wrong_keys) | entries
    assert {written.name for written in blind.read(key)} <= known | {""}


def test_most_mistakes_have_a_name():
    """Four in five; the others are told of a law, a shape, a line, or the worst entry."""
    wrong = [written for written in blind.WRITTEN if not written.right]
    assert sum(bool(written.name) for written in wrong) >= 0.8 * len(wrong)


def said_elsewhere() -> str:
    """Return all verdicts of a fresh process, whose sets are in an order of its own."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, verdicts.__file__]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_verdicts_are_the_same_from_run_to_run():
    """So that nbval can compare them: no address, no order of a set, no time is in any."""
    here = "".join(verdicts.lines())
    assert here == said_elsewhere()
    held = len(blind.WRITTEN) + len(strangers.RIGHT) + len(strangers.WRONG)
    assert here.count("<div>") >= held > 500
