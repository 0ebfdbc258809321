"""The stage table names the first wrong gradient, compares shapes first, judges nothing after."""

import re

import numpy as np
import pytest

from smlearn.checking.stage_tables import COLUMNS, StageTable, numbers
from smlearn.checking.stages import Stage, softmax_stages, stage_table

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
DP = np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
NAMES = ["dx", "dz", "dexps_0", "dexps_1", "dexps", "dsexps", "ddivexps", "dp"]


def with_gradients(**mine):
    """The stages of softmax with some gradients replaced, and the right ones to compare with."""
    stages, reference = softmax_stages(X, DP)
    stages = [
        stage._replace(gradients={n: mine.get(n, g) for n, g in stage.gradients.items()})
        for stage in stages
    ]
    return stage_table(stages, reference)


def verdicts(table):
    """By gradient, without the marks and line breaks."""
    return {row[3].split("\n")[0].lstrip("+= "): row[-1].replace("\n", " ") for row in table.rows}


def test_the_stages_of_softmax_hold_its_values():
    """Each formula of the table gives its value; lists will do for x and dp."""
    stages, reference = softmax_stages(X.tolist(), DP.tolist())
    x, z, e, s, r, p = (stage.value for stage in stages)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(z, [[-2, -1, 0], [-1, 0, 0]])
    np.testing.assert_array_equal(e, np.exp(z))
    np.testing.assert_array_equal(s, e.sum(axis=-1, keepdims=True))
    np.testing.assert_array_equal(r, 1 / s)
    np.testing.assert_array_equal(p, e * r)
    assert list(reference) == NAMES
    assert all(isinstance(gradient, np.ndarray) for gradient in reference.values())


def test_lists_will_do_for_gradients():
    """As they do for the reference."""
    stage = Stage("x", "x", [1.0, 2.0], {"dx_0": [1.0, 0.0], "dx_1": [0.0, 1.0], "dx": [1.0, 1.0]})
    assert verdicts(stage_table([stage], {"dx_0": [1.0, 0.0]})) == {
        "dx_0": "exact",
        "dx_1": "no reference",
        "dx": "adds up",
    }


def test_right_gradients_are_right():
    """Nothing to find, in forward order."""
    table = with_gradients()
    assert verdicts(table) == dict.fromkeys(NAMES, "exact")
    assert table.first_wrong is None
    assert table.finding == "No gradient is wrong: 8 of 8 judged."


def test_the_first_wrong_gradient_is_named_and_what_comes_after_it_is_not_judged():
    """A wrong ddivexps spoils dsexps, dexps_1 and dx; only it is blamed."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(ddivexps=2 * right["ddivexps"], dx=0 * right["dx"])
    assert table.first_wrong == "ddivexps"
    found = verdicts(table)
    assert found.pop("dp") == "exact"
    assert found.pop("ddivexps") == "WRONG at (0, 0): 8.736, not 4.368"
    assert set(found.values()) == {"not judged yet"}


def test_the_parts_of_a_sum_are_judged_each_by_itself():
    """They come from two stages, both right so far: dexps_1 is wrong whatever dexps_0 is."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(dexps_0=-right["dexps_0"])
    assert table.first_wrong == "dexps_0"
    found = verdicts(table)
    assert found["dexps_0"].startswith("WRONG at (0, 2): -2.661, not 2.661")
    assert (found["dexps_1"], found["dexps"]) == ("exact", "not judged yet")
    table = with_gradients(dexps_1=right["dsexps"] * right["dexps_1"])
    assert table.first_wrong == "dexps_1"
    assert verdicts(table)["dexps_0"] == "exact"


@pytest.mark.parametrize("forgotten", ["dexps_0", "dexps_1"])
def test_a_part_that_was_not_added_is_found(forgotten):
    """Both parts are right and the sum is the other one alone: = where += should stand."""
    right = softmax_stages(X, DP)[1]
    kept = {"dexps_0": "dexps_1", "dexps_1": "dexps_0"}[forgotten]
    table = with_gradients(dexps=right[kept])
    assert table.first_wrong == "dexps"
    found = verdicts(table)
    assert found["dexps"] == "WRONG: it is not dexps_0 + dexps_1"
    assert found["dexps_0"] == found["dexps_1"] == "exact"
    assert found["dz"] == found["dx"] == "not judged yet"


def test_a_sum_needs_no_reference():
    """Its parts are there to compare with; a wrong part only a reference sees."""
    ones = np.ones(3)
    twice = Stage("x", "x", ones, {"dx_0": ones, "dx_1": 2 * ones, "dx": 3 * ones})
    assert verdicts(stage_table([twice])) == {
        "dx_0": "no reference",
        "dx_1": "no reference",
        "dx": "adds up",
    }
    assert stage_table([twice]).finding == "1 of 3 judged, and none is wrong."
    table = stage_table([twice], {"dx": 4 * ones})
    assert verdicts(table)["dx"] == "WRONG at (0,): 3, not 4"
    forgotten = twice._replace(gradients=twice.gradients | {"dx": ones})
    assert stage_table([forgotten]).first_wrong == "dx"


def test_the_parts_and_the_sum_are_marked():
    """A reader sees that the three lines are one addition; the stage itself stands once."""
    rows = [row for row in with_gradients().rows if "dexps" in row[3]]
    assert [row[3].split("\n")[0] for row in rows] == ["+ dexps_0", "+ dexps_1", "= dexps"]
    assert [row[0] for row in rows] == ["exps", "", ""]


def test_shapes_are_compared_before_values():
    """(2,) broadcasts against (2, 1), and == would say nothing; no reference is needed."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(dsexps=right["dsexps"][:, 0])
    assert verdicts(table)["dsexps"] == "WRONG SHAPE: (2,), not (2, 1)"
    assert table.first_wrong == "dsexps"
    row_sum = Stage("s", "sum(x)", np.ones((2, 1)), {"ds": np.ones((2, 3))})
    assert stage_table([row_sum]).first_wrong == "ds"
    parts = {"ds_0": np.ones((2, 1)), "ds_1": np.ones((2, 1)), "ds": np.ones(2)}
    table = stage_table([row_sum._replace(gradients=parts)])
    assert verdicts(table)["ds"] == "WRONG SHAPE: (2,), not (2, 1)"


def test_rounding_is_approximate_and_nan_is_wrong():
    """1e-14 beside 1 is rounding, 1e-6 is not, and a NaN is not near anything."""
    right = softmax_stages(X, DP)[1]["dx"]
    assert verdicts(with_gradients(dx=right + 1.5e-14))["dx"] == "approximate, within 1e-12"
    table = stage_table([Stage("x", "x", X, {"dx": right + 0.004})], {"dx": right}, atol=0.01)
    assert verdicts(table)["dx"] == "approximate, within 1e-02"
    table = stage_table([Stage("x", "x", X, {"dx": right + 0.004})], {"dx": right}, rtol=0.02)
    assert verdicts(table)["dx"] == "approximate, within 1e-02"
    found = verdicts(with_gradients(dx=right * np.nan))["dx"]
    assert found == "WRONG at (0, 0): nan, not -0.2616"
    assert verdicts(with_gradients(dx=right * (1 + 1e-6)))["dx"].startswith("WRONG at")
    infinite = np.full((2, 3), np.inf)
    assert verdicts(with_gradients(dx=infinite))["dx"].startswith("WRONG at")
    for unusable in (infinite, np.full((2, 3), np.nan)):
        for mine in (unusable, X):
            stage = Stage("x", "x", X, {"dx": mine})
            assert stage_table([stage], {"dx": unusable}).first_wrong == "dx"
    parts = {"dx_0": infinite, "dx_1": -infinite, "dx": X}
    assert stage_table([Stage("x", "x", X, parts)]).first_wrong == "dx_0"


@pytest.mark.parametrize(
    ("mine", "wanted", "verdict"),
    [
        ([-1e6, 1.0 + 2e-5], [-1e6, 1.0], "approximate, within 1e-04"),  # beside -1e6
        ([-1e6, 1.0 + 1e-2], [-1e6, 1.0], "WRONG at (1,): 1.01, not 1"),
        ([10.0, 3.0], [10.0, 1.0], "WRONG at (1,): 3, not 1"),
        ([5.0, np.nan], [1.0, 1.0], "WRONG at (1,): nan, not 1"),
    ],
)
def test_the_entry_named_is_the_one_that_is_furthest_off(mine, wanted, verdict):
    """Not the largest; and what is near is a matter of the reference's largest entry."""
    stage = Stage("x", "x", np.ones(2), {"dx": np.array(mine)})
    assert verdicts(stage_table([stage], {"dx": wanted}))["dx"] == verdict


def test_an_empty_batch_has_a_table():
    """No rows, nothing wrong."""
    none = np.ones((0, 3))
    stage = Stage("x", "x", none, {"dx": none})
    assert verdicts(stage_table([stage], {"dx": none}))["dx"] == "exact"


def test_a_gradient_of_rounding_only_agrees_with_another():
    """dp of ones has the gradient 0: no fraction of 1e-17 is a tolerance."""
    noise = np.full((2, 3), 1e-17)
    stage = Stage("x", "x", X, {"dx": noise})
    assert verdicts(stage_table([stage], {"dx": -noise})) == {"dx": "approximate, within 1e-12"}
    measured = {"dx": noise + 1e-10}
    assert stage_table([stage], measured).first_wrong == "dx"
    assert stage_table([stage], measured, atol=1e-9).first_wrong is None


def test_a_tie_is_named_by_its_first_entry():
    """Entries equally far off would otherwise be told apart by rounding, and machines differ."""
    stage = Stage("x", "x", np.ones(4), {"dx": np.array([1.0, 2.0, 2.0 + 4e-16, 2.0])})
    assert verdicts(stage_table([stage], {"dx": np.ones(4)}))["dx"] == "WRONG at (1,): 2, not 1"


def test_any_chain_of_stages_has_a_table():
    """y = (3 x)^2, with a reference for one of its gradients only."""
    x = np.arange(13.0)
    stages = [
        Stage("x", "x", x, {"dx": 18 * x}),
        Stage("a", "3 x", 3 * x, {"da": 6 * x}),
        Stage("y", "a^2", 9 * x**2, {"dy": np.ones(13)}),
    ]
    table = stage_table(stages, {"dx": 18 * x})
    assert verdicts(table) == {"dx": "exact", "da": "no reference", "dy": "no reference"}
    assert table.finding == "1 of 3 judged, and none is wrong."
    assert "0 .. 1296" in str(table)
    assert stage_table(stages, {"da": x}).first_wrong == "da"
    assert stage_table(stages).finding == "0 of 3 judged, and none is wrong."


def test_numbers_are_shown_a_row_a_line_and_rounding_is_not_shown_as_digits():
    """4 significant digits also beside large ones; 1e-17 is ~0 and 0 is 0; any number of axes."""
    assert numbers(np.array([[1.0, 4.421e-4], [148.41316, 0.0]])) == (
        "    1  0.0004421\n148.4          0"
    )
    assert numbers(np.array([1e-17, 0.0, -0.0, np.nan])) == "~0  0  0  nan"
    assert numbers(np.float64(2.5)) == "2.5"
    assert numbers(np.ones((2, 2, 1))).splitlines() == ["1"] * 4
    assert numbers(np.ones((4, 3))).count("1") == 12
    assert numbers(np.arange(13.0)) == "0 .. 12\nmean 6"
    assert numbers(np.ones((0, 3))) == numbers(np.ones((3, 0))) == ""


def test_the_text_lines_up():
    """A header, a rule, two lines per gradient, the finding; print and repr are the same."""
    table = with_gradients()
    lines = str(table).splitlines()
    assert repr(table) == str(table)
    assert len(lines) == 2 + 2 * 8 + 1
    assert lines[-1] == table.finding
    assert lines[1] == "-" * max(map(len, lines[:-1]))
    assert all(line == line.rstrip() for line in lines)
    starts = [lines[0].index(name) for name in COLUMNS]
    for line in lines[2:-1]:
        assert all(line[start - 2 : start].strip() == "" for start in starts[1:])


def test_the_html_is_escaped_and_says_without_colour_what_is_wrong():
    """A caption with the finding, th with scope, bold where it is wrong, no script, no colour."""
    page = stage_table([Stage("<e>", "a & b", np.ones(1), {"d": np.ones(1)})], {"d": [2.0]})
    markup = page._repr_html_()
    assert "&lt;e&gt;" in markup
    assert "a &amp; b<br>(1,)" in markup
    assert re.search(r'<th scope="col"[^>]*>stage</th>', markup)
    assert f"<caption>{page.finding}</caption>" in markup
    assert "the first that is wrong: d." in page.finding
    assert markup.count("<strong>") == 1
    assert "<strong>WRONG at (0,):<br>1,<br>not 2</strong>" in markup
    assert "<script" not in markup
    assert "color" not in markup
    assert StageTable((), None)._repr_html_().count("<tr>") == 1


def test_what_no_table_can_be_made_of_is_refused():
    """A misspelt name would go unjudged; two gradients might be two parts or a part and a sum."""
    stages, reference = softmax_stages(X, DP)
    with pytest.raises(ValueError, match=r"^stage_table: .*, but got dexp_0; the stages have dd"):
        stage_table(stages, {"dexp_0": X})
    with pytest.raises(ValueError, match=r"dsexps must have .*, \(2, 1\), but got \(2,\); look"):
        stage_table(stages, {"dsexps": reference["dsexps"][:, 0]})
    one, two = ({f"dx_{k}": X for k in range(n)} for n in (0, 2))
    for gradients, words in [(one, "got 0 at x"), (two, "got 2 at x")]:
        with pytest.raises(ValueError, match=rf"parts and a sum, but {words}; add"):
            stage_table([Stage("x", "x", X, gradients)])
    with pytest.raises(
        ValueError, match="each gradient must have a name of its own, but got dx t"
    ):
        stage_table([Stage("x", "x", X, {"dx": X}), Stage("y", "y", X, {"dx": X})])


def test_the_reference_is_not_written_to():
    """Nor are the gradients."""
    stages, reference = softmax_stages(X, DP)
    for array in reference.values():
        array.flags.writeable = False
    assert stage_table(stages, reference).first_wrong is None


def test_each_row_is_judged_by_its_own_size():
    """A sign turned round in a small row does not hide behind a large one."""
    right = np.array([[1000.0, -400.0, -600.0], [1e-4, -3e-4, 2e-4]])
    stage = Stage("x", "x", right, {"dx": right * [[1], [-1]]})
    found = verdicts(stage_table([stage], {"dx": right}, rtol=1e-4, atol=1e-8))
    assert found["dx"] == "WRONG at (1, 1): 0.0003, not -0.0003"


def test_a_difference_too_small_for_four_digits_is_told_by_its_size():
    """Not "1, not 1"; infinity is never near, and is named."""
    for mine, words in [(1 + 2e-6, "1, and off by 2e-06"), (np.inf, "inf, not 1")]:
        stage = Stage("x", "x", np.ones(1), {"dx": np.array([mine])})
        found = verdicts(stage_table([stage], {"dx": np.ones(1)}))
        assert found["dx"] == f"WRONG at (0,): {words}"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_needs_no_reference_to_be_wrong(bad):
    """No gradient is NaN or infinite."""
    stage = Stage("x", "x", np.ones(2), {"dx": np.array([1.0, bad])})
    table = stage_table([stage])
    assert table.first_wrong == "dx"
    assert verdicts(table)["dx"] == f"WRONG at (1,): {bad}"


def halves(name):
    return {f"{name}_0": np.ones(2), f"{name}_1": np.ones(2), name: np.full(2, 2.0)}


def test_what_had_no_reference_is_named_beside_the_first_found_wrong():
    """The culprit may be among them."""
    stages = [
        Stage("x", "x", np.ones(2), {"dx": np.full(2, 3.0)}),
        Stage("a", "2 x", np.full(2, 2.0), halves("da")),
        Stage("y", "a + a", np.full(2, 4.0), {"dy": np.ones(2)}),
    ]
    table = stage_table(stages, {"dx": np.full(2, 4.0), "dy": np.ones(2)})
    assert table.finding == (
        "Walking back from the last row, the first found wrong: dx; da_0, da_1 had no reference."
    )


def test_a_summary_shows_no_digits_of_rounding():
    """The mean of many numbers that cancel differs from machine to machine."""
    assert numbers(np.array([1.0, -1.0, 1e-17] * 5)) == "-1 .. 1\nmean ~0"


def test_the_name_of_a_stage_heads_its_row():
    """For a screen reader; the second line of a sum has no name of its own."""
    twice = Stage(
        "<x>", "x", np.ones(2), {"a_0": np.ones(2), "a_1": np.ones(2), "a": 2 * np.ones(2)}
    )
    markup = stage_table([twice])._repr_html_()
    assert markup.count('scope="row"') == 1
    assert ">&lt;x&gt;</th>" in markup
    assert markup.count("<tr><td></td>") == 2
