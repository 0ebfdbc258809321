"""A report says what was measured, to the letter: in a terminal, on a page, and as an error."""

import dataclasses
import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking.adjoint_and_taylor import Taylor
from smlearn.checking.check import gradcheck
from smlearn.checking.compare import Measured
from smlearn.checking.report import Check, GradcheckError, GradcheckReport

X = np.random.default_rng(7).standard_normal((4, 3))
MEASURED = Measured(
    dp=np.ones((1, 2)),
    analytic=np.array([[1.0, 3.0]]),
    numeric=np.array([[1.0, 2.0]]),
    change=np.zeros((1, 2)),
    tol=np.array([[0.75, 0.5]]),  # the widest is not that of the worst entry
    settled=True,
    worst=(0, 1),
)
TAYLOR = Taylor(np.ones(4), np.ones(4), np.ones(4), rate_without=1.0, rate=1.25, exact=False)
REPORT = GradcheckReport(
    verdict="FAIL",
    checks=(Check("linear in dp", "PASS", ""), Check("the numbers", "FAIL", "f & g <bent>")),
    blind_to=("batch_sum", "squeezed"),
    advice=("take more rows",),
    diagnosis="You <doubled> it.",
    case=SimpleNamespace(is_softmax=True),
    measured=MEASURED,
    taylor=TAYLOR,
    n_evals=7,
)
BARE = dataclasses.replace(
    REPORT, blind_to=(), advice=(), diagnosis=None, measured=None, taylor=None
)


def test_every_finding_has_its_line():
    """The worst entry, what was sure to be seen, the rate, the name, the blind spots, advice."""
    assert str(REPORT).splitlines() == [
        "gradcheck: FAIL  (7 evaluations of f)",
        "  PASS         linear in dp",
        "  FAIL         the numbers: f & g <bent>",
        "  worst entry (0, 1): analytic 3, numeric 2, ratio 1.5, 2 tolerances off",
        "  resolution: an error above 1.5e+00 was sure to be seen",
        "  Taylor: the remainder falls like e^1.25",
        "  diagnosis: You <doubled> it.",
        "  this x and dp alone could not have exposed: batch_sum, squeezed",
        "  take more rows",
    ]


def test_what_was_not_found_has_no_line():
    """No numbers, no rate, no name: a check that ended early says nothing about them."""
    assert str(BARE).splitlines() == str(REPORT).splitlines()[:3]
    assert BARE._repr_html_().endswith("</ol></figure>")
    for name in ("worst_index", "analytic_at", "numeric_at", "ratio", "max_error_over_tol",
                 "resolution"):  # fmt: skip
        assert getattr(BARE, name) is None


def test_for_any_f_but_softmax_the_resolution_is_an_estimate():
    """Nothing is derived there, so nothing is sure."""
    report = dataclasses.replace(REPORT, case=SimpleNamespace(is_softmax=False))
    assert (REPORT.is_softmax, report.is_softmax) == (True, False)
    assert "  resolution: an error above 2e+00 is seen, by estimate" in str(report).splitlines()


def test_where_all_passes_the_largest_entry_is_shown_and_not_the_worst():
    """The worst is that of some rounding; of entries of one size the first is shown."""

    def passed(off: list[float]) -> GradcheckReport:
        numeric = np.array([[-2.0, 1.0, 2.0]])
        measured = Measured(
            *(np.ones((1, 3)), numeric + off, numeric, 0 * numeric, np.full((1, 3), 1e-9)),
            settled=True,
            worst=(0, int(np.argmax(off))),
        )
        other = measured._replace(dp=2 * measured.dp, analytic=2 * numeric, numeric=2 * numeric)
        both = measured._replace(beside=(measured, other))
        return dataclasses.replace(REPORT, measured=both)

    here, there = passed([1e-12, 3e-12, 0.0]), passed([1e-12, 0.0, 2e-12])
    assert (here.worst_index, there.worst_index) == ((0, 1), (0, 2))
    assert str(here) == str(there)
    assert here._repr_html_() == there._repr_html_()
    said = "largest entry (0, 0): analytic -2, numeric -2, ratio 1, at most 1 tolerance off"
    assert said in str(here)


@pytest.mark.parametrize(("tol", "another"), [(0.9, 0.92), (1e-8, 1.02e-8), (1.04, 1.2)])
def test_what_another_processor_would_round_otherwise_is_not_told(tol, another):
    """Noise moves an estimate by a share of some 1 in 100; an error that passes is noise."""

    def told(tol: float) -> tuple[str, str, str]:
        measured = MEASURED._replace(tol=np.full((1, 2), tol))
        estimate = dataclasses.replace(
            REPORT, case=SimpleNamespace(is_softmax=False), measured=measured
        )
        return str(estimate), estimate._repr_html_(), estimate.alt

    assert told(tol) == told(another)
    assert told(tol) != told(2 * tol)


def test_laws_that_say_nothing_of_f_are_told_and_why():
    """First among the remarks; what was asked stands above."""
    laws = ("rows of dx add up to 0", "rows are strangers")
    none = SimpleNamespace(is_softmax=False)
    report = dataclasses.replace(REPORT, case=none, not_asked=laws, notes=("read so",))
    assert str(report).splitlines()[3:5] == [
        "  not asked, since f is no softmax: rows of dx add up to 0, rows are strangers",
        "  read so",
    ]
    report = dataclasses.replace(REPORT, not_asked=laws[1:])
    assert str(report).splitlines()[3] == "  not asked, since there is one row: rows are strangers"


def test_the_rows_of_a_table_may_be_its_columns():
    """Names of laws stay what they are; what is read speaks of columns."""
    checks = (Check("rows are strangers", "PASS", "row by row"),)
    report = dataclasses.replace(REPORT, checks=checks, row="column")
    assert "  PASS         columns are strangers: row by row\n" in str(report)
    assert report.checks[0].name == "rows are strangers"


def test_a_straight_line_has_no_rate():
    """Where nothing is left to fit a rate to, none is told."""
    report = dataclasses.replace(REPORT, taylor=TAYLOR._replace(exact=True, rate=2.0))
    assert "  Taylor: nothing is left to fit a rate to, f is nearly straight here" in (
        str(report).splitlines()
    )
    assert "e^" not in str(report)


@pytest.mark.parametrize(
    ("analytic", "numeric", "ratio"),
    [(3.0, 2.0, 1.5), (3.0, 0.0, np.inf), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0)],
)
def test_the_ratio_has_a_value_beside_zero(analytic, numeric, ratio):
    """Infinite if only the measured one is 0; two zeros agree."""
    measured = MEASURED._replace(
        analytic=np.array([[1.0, analytic]]), numeric=np.array([[1.0, numeric]])
    )
    report = dataclasses.replace(REPORT, measured=measured)
    assert (report.analytic_at, report.numeric_at, report.ratio) == (analytic, numeric, ratio)
    assert {type(report.analytic_at), type(report.numeric_at), type(report.ratio)} == {float}


def test_the_numbers_are_those_of_the_worst_entry():
    """Except the resolution: the widest tolerance, twice, is sure for every entry."""
    assert REPORT.worst_index == (0, 1)
    assert REPORT.max_error_over_tol == 2.0
    assert REPORT.resolution == 1.5


def test_the_resolution_is_that_of_every_upstream_with_the_noise_measured_in_f():
    """The upstream that fits worst need not be the one that sees least."""
    other = MEASURED._replace(tol=np.array([[1.0, 0.5]]), hidden=8.0)
    both = MEASURED._replace(beside=(MEASURED, other))
    assert dataclasses.replace(REPORT, measured=both).resolution == 2 * 1.0 + 8.0


def test_an_error_shows_in_the_digits_that_are_told():
    """Off by 1e-9 and 10 tolerances: six digits would show two equal numbers, and a ratio of 1."""
    near = {"analytic": np.array([[1.0, 2.000000002]]), "numeric": np.array([[1.0, 2.0]])}
    measured = MEASURED._replace(**near, tol=np.full((1, 2), 2e-10))
    report = dataclasses.replace(REPORT, measured=measured)
    said = "worst entry (0, 1): analytic 2.000000002, numeric 2, ratio 1.000000001, 10 tolerances"
    assert said in str(report)
    passed = dataclasses.replace(REPORT, measured=measured._replace(tol=np.full((1, 2), 1e-8)))
    assert "largest entry (0, 1)" in str(passed)
    assert "analytic 2, numeric 2, ratio 1, at most 1 tolerance off" in str(passed)


def test_what_a_check_says_is_not_said_again():
    """Only where the diagnosis begins with the words of the check that ended it."""
    what = "vjp returned None; is there a return?"
    checks = (Check("finite", "PASS", ""), Check("same answer twice", "FAIL", what))
    report = dataclasses.replace(BARE, checks=checks, diagnosis=f"{what}.")
    assert str(report).count(what) == 1
    other = dataclasses.replace(report, diagnosis="You took x for dp.")
    assert str(other).endswith("diagnosis: You took x for dp.")


def test_at_a_prompt_and_beside_the_picture_stands_the_text():
    """What a text-only reader gets, and what a run of the notebooks compares."""
    assert repr(REPORT) == str(REPORT)


@pytest.mark.parametrize("verdict", ["FAIL", "INCONCLUSIVE"])
def test_what_did_not_pass_is_raised_with_its_report(verdict):
    """The error says all that the report says, as text that any log can keep, and carries it."""
    report = dataclasses.replace(REPORT, verdict=verdict)
    with pytest.raises(GradcheckError) as raised:
        report.raise_if_failed()
    assert raised.value.report is report
    assert raised.value.args == (str(report),)
    dataclasses.replace(REPORT, verdict="PASS").raise_if_failed()


def test_without_numbers_there_is_nothing_to_draw():
    """The message names the check at which it ended."""
    with pytest.raises(ValueError, match=r"failed before, at 'the numbers'; mend that first"):
        BARE.plot()


PLOTS = {
    "right": (softmax, softmax_vjp, X),
    "doubled": (softmax, lambda x, dp: 2 * softmax_vjp(x, dp), X),
    "doubled by little": (softmax, lambda x, dp: (1 + 1e-8) * softmax_vjp(x, dp), X),
    "straight": (lambda x: 3 * x, lambda x, dp: 3 * dp, X),
    "a kink": (np.abs, lambda x, dp: np.sign(x) * dp, X * 0 + 1e-6),
    "an edge": (np.sqrt, lambda x, dp: dp / np.sqrt(x) / 2, np.full(6, 0.01)),
}
FOUND = {
    "right": (
        r"Entry \(\d, \d\): measured and analytic agree, at most 1 tolerance apart",
        r"What the gradient leaves falls like the step to the power 2.00, as it should",
    ),
    "doubled": (
        r"Entry \(\d, \d\): measured and analytic are \de\+\d\d tolerances apart",
        r"What the gradient leaves falls like the step to the power 1.00; a right one leaves the "
        r"power 2",
    ),
    "doubled by little": (  # too little to show there, so nothing is made of it
        r"Entry \(\d, \d\): measured and analytic are \d0 tolerances apart",
        r"What the gradient leaves falls like the step to the power 2.00",
    ),
    "straight": (
        r"Entry \(\d, \d\): measured and analytic agree to the last digit, with every step",
        r"No Taylor rate: nothing is left to fit a rate to, f is nearly straight here",
    ),
    "a kink": (
        r"Nothing is decided: f has a kink near entry \(\d, \d\) of x",
        r"What the gradient leaves falls like the step to the power 1.00",
    ),
    "an edge": (
        r"Entry \(\d,\): measured and analytic agree, at most 1 tolerance apart",
        r"No Taylor rate: a step leaves the region where f is defined",
    ),
}


@pytest.mark.parametrize("name", PLOTS)
def test_both_plots_state_what_they_show_or_that_there_is_nothing(name):
    """A title above curves, a sentence where there would be none; and both as alt text."""
    with np.errstate(invalid="ignore"):
        report = gradcheck(*PLOTS[name])
        axes = report.plot().figure.axes
    assert len(axes) == 2
    for ax, found in zip(axes, FOUND[name], strict=True):
        words = ax.get_title("left") if ax.lines else ax.texts[0].get_text()
        assert re.fullmatch(found, " ".join(words.split()))
        assert ax.axison == bool(ax.lines)
    first, second = FOUND[name]
    assert re.fullmatch(rf"{first.removesuffix(', with every step')}\. {second}\.", report.alt)
    plt.close("all")


def test_the_plot_draws_the_tolerance_of_its_entry():
    """Where the curve is at the step used, on one side of the line or the other: the verdict."""
    report = gradcheck(*PLOTS["right"])
    ax = report.plot()
    assert ax.lines[2].get_ydata()[0] == report.measured.tol[report.worst_index]
    plt.close("all")


def test_a_question_in_the_alt_text_ends_as_one():
    """As where halving the step moves the measurement."""
    why = "halving h moves the measurement; is f smooth at x?"
    checks = (Check("the numbers", "INCONCLUSIVE", why),)
    report = dataclasses.replace(REPORT, verdict="INCONCLUSIVE", checks=checks)
    assert report.alt.startswith(f"Nothing is decided: {why} What the gradient leaves falls")


def test_without_numbers_there_is_no_alt_text():
    """Nor is there a plot."""
    assert BARE.alt is None


def test_only_a_pass_is_true():
    """PyTorch's gradcheck returns True or raises: who is used to it writes `assert gradcheck`."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    passed = gradcheck(softmax, softmax_vjp, x)
    assert passed
    assert not gradcheck(softmax, lambda x, dp: 2 * softmax_vjp(x, dp), x)
    assert not dataclasses.replace(passed, verdict="INCONCLUSIVE")
