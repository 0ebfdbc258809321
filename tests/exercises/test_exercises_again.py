"""A verdict is the same from run to run, so that nbval can compare it."""

import os
import subprocess
import sys
from pathlib import Path

import verdicts

TESTS = Path(__file__).parent


def said(seed: str) -> str:
    """Return all verdicts of a fresh process, whose sets are in an order of its own."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, TESTS / "verdicts.py"], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_verdicts_are_the_same_from_run_to_run():
    """No address, no order of a set, no time is in any of them."""
    first, second = said("1"), said("2")
    assert first == second
    assert first.count("<div>") >= sum(1 for _ in verdicts.held()) > 500
