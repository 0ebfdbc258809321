"""Wrong backward passes of many functions are named or located, and none gets another's name."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parent.parent / "benchmarks" / "names.py"
SPEC = importlib.util.spec_from_file_location("bench_names", PATH)
bench = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench)


@pytest.mark.parametrize("name", bench.FAMILIES)
def test_every_mistake_of_a_family_is_named_or_located(name):
    """But for a term that is left out, which has no name of its own."""
    family = bench.FAMILIES[name]
    assert bench.gradcheck(family.f, family.vjp, family.x).verdict == "PASS"
    counts, told = bench.count(name)
    assert counts["named"] >= 12
    assert counts["wrong"] == 0, told
    assert counts["bare"] <= len(bench.TERMS.get(name, ())), told


def test_the_judge_can_see_a_wrong_name():
    """A mistake that was given another key, and one that is none."""
    family = bench.FAMILIES["log-softmax"]
    verdict, _ = bench.judge(family, {"zero"}, lambda x, dp: 2 * family.vjp(x, dp))
    assert verdict == "wrong"
    assert bench.judge(family, {"zero"}, family.vjp)[0] == ""
    bare = bench.judge(family, set(), lambda x, dp: np.exp(x) * family.vjp(x, dp))[0]
    assert bare == "bare"
