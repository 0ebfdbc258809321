"""The benchmarks of random cases draw what they say, count all of it, and see a checker fail."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
OWN = ("draws", "families", "spoilt")


def module(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", FOLDER / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def bench():
    """Both benchmarks, which find what they share beside them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield SimpleNamespace(right=module("right_draws"), wrong=module("wrong_draws"))
    for name in OWN:
        sys.modules.pop(name)


def families():
    sys.path.insert(0, str(FOLDER))
    try:
        return list(module("draws").NAMES)
    finally:
        sys.path.remove(str(FOLDER))
        sys.modules.pop("families")


@pytest.mark.parametrize("name", families())
def test_the_right_pass_of_a_draw_is_right(bench, name):
    """<dp, J t> = <dx, t>, measured in longdouble at a step of 1e-6 of x, where f is smooth."""
    for seed in range(12):
        f, vjp, x = bench.right.draw(name, seed).function
        ...
