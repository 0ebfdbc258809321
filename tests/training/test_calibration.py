"""Promises are sorted into bins, each with how often they came true and how sure that is."""

import numpy as np
import pytest
import scipy  # which loads scipy.stats, a second of work, when somebody wants it

from smlearn.training import calibration
from smlearn.training.calibration import Q, reliability


def test_bins_by_hand():
    """Edges belong to the bin above; the last edge to the last bin."""
    bins = reliability([0.5, 0.6, 0.9, 1.0], [True, False, True, True], [0.5, 0.9, 1.0])
    np.testing.assert_allclose(bins.promised, [0.55, 0.95])
    np.testing.assert_allclose(bins.came_true, [0.5, 1.0])
    np.testing.assert_array_equal(bins.count, [2, 2])


@pytest.mark.parametrize(("k", "n"), [(0, 3), (2, 7), (33, 33), (40, 90)])
def test_the_interval_is_wilsons(k, n):
    """As SciPy has it; its 1.959964 for our 1.96 moves the ends by less than 1e-5."""
    bins = reliability(np.full(n, 0.4), np.arange(n) < k, [0.0, 1.0])
    wilson = scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
    np.testing.assert_allclose(
        [bins.low[0], bins.high[0]], [wilson.low, wilson.high], rtol=0, atol=1e-5
    )


def coverage(n):
    """Return how often the interval of n promises holds the true p: the least, and the mean."""
    k = np.arange(n + 1)
    bins = [reliability(np.full(n, 0.4), np.arange(n) < each, [0.0, 1.0]) for each in k]
    low, high = (np.concatenate([getattr(b, name) for b in bins]) for name in ("low", "high"))
    ends = np.concatenate([low, high])
    beside = np.concatenate([ends - 1e-9, ends + 1e-9])  # it jumps at the ends, where it is least
    between = (np.arange(1000) + 0.5) / 1000

    def at(p):
        holds = (low <= p) & (p <= high)
        return scipy.stats.binom.pmf(k, n, p)[holds].sum()

    worst = min(at(p) for p in beside if 0 < p < 1)
    return worst, np.mean([at(p) for p in between])


def test_the_docstring_says_how_often_the_interval_holds_the_truth():
    """At the worst probability and on average, computed from the binomial distribution."""
    rows = [line.split() for line in calibration.__doc__.splitlines() if line.startswith("    ")]
    table = {name: numbers for name, *numbers in rows if name in ("N", "worst", "average")}
    for n, worst, average in zip(*table.values(), strict=True):
        assert [f"{share:.2f}" for share in coverage(int(n))] == [worst, average]
    assert f"{coverage(1)[0]:.2f}" == "0.79"
    assert {"1", "30", "1000"} <= set(table["N"])
    assert pytest.approx(1.96**2) == Q


def test_promises_that_are_kept_lie_on_the_line(rng):
    """Draw what comes true with the promised probability: 95 % of the intervals hold it."""
    promises = rng.random(20_000)
    bins = reliability(promises, rng.random(20_000) < promises, np.linspace(0, 1, 41))
    inside = (bins.low <= bins.promised) & (bins.promised <= bins.high)
    assert inside.mean() > 0.85  # of 40 at 95 %: below 85 % once in some hundred draws
    boast = reliability(promises, rng.random(20_000) < promises**2, np.linspace(0, 1, 41))
    assert ((boast.low <= boast.promised) & (boast.promised <= boast.high)).mean() < 0.5


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (([0.5, 0.5], [True], [0, 1]), r"true must have the shape of promises, \(2,\), but got"),
        (([0.5], [True], [0.6, 1]), "promises must lie from 0.6 to 1.0, but got 0.5 to 0.5"),
        (([0.5], [True], [0.1, 0.4]), "promises must lie from 0.1 to 0.4, but got 0.5 to 0.5"),
        (([0.5, np.nan], [True] * 2, [0, 1]), "promises must lie from 0 to 1, but got nan to nan"),
        (([0.5], [np.nan], [0, 1]), "true must hold truth values, but got nan"),
        (([0.5], [0.5], [0, 1]), "true must hold truth values, but got 0.5"),
        (([0.3], [True], [0, 0.4, 1]), r"each bin must hold a promise, but got counts \[1, 0\]"),
        (([0.5], [True], [0, 0.4, 1]), r"each bin must hold a promise, but got counts \[0, 1\]"),
    ],
)
def test_what_cannot_be_sorted_is_refused(args, message):
    """With what to do."""
    with pytest.raises(ValueError, match=f"^reliability: {message}"):
        reliability(*args)
