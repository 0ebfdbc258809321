"""The stage table names the first wrong stage, compares shapes first, and judges nothing after."""

import numpy as np
import pytest

from smlearn.trace import Stage, softmax_stages, stage_table

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
DP = np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])


def with_gradients(**mine):
    """The stages of softmax with some gradients replaced, and the right ones to compare with."""
    stages, reference = softmax_stages(X, DP)
    stages = [
        stage._replace(gradients={n: mine.get(n, g) for n, g in stage.gradients.items()})
        for stage in stages
    ]
    return stage_table(stages, reference)


def verdicts(table):
    return {row[0]: row[-1] for row in table.rows}


def test_right_gradients_are_exact():
    """Nothing to find, in forward order."""
    table = with_gradients()
    assert verdicts(table) == dict.fromkeys(
        ["shift", "exps", "sexps", "divexps", "product"], "exact"
    )
    assert table.first_wrong is None


def test_the_first_wrong_stage_is_named_and_what_comes_after_it_is_not_judged():
    """A wrong ddivexps spoils dsexps, dexps_1 and dx; only it is blamed."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(ddivexps=2 * right["ddivexps"], dx=0 * right["dx"])
    assert table.first_wrong == "ddivexps"
    found = verdicts(table)
    assert found["product"] == "exact"
    assert found["divexps"].startswith("WRONG at (")
    assert found["sexps"] == found["exps"] == found["shift"] == "not judged yet"


def test_a_wrong_gradient_of_a_stage_used_twice_is_told_from_its_twin():
    """dexps_0 is right and dexps_1, the seed's, is wrong."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(dexps_1=right["dsexps"] * right["dexps_1"])
    assert table.first_wrong == "dexps_1"
    assert verdicts(table)["exps"].startswith("exact\nWRONG at (")
    assert "dexps_0 = " in str(table)
    assert "\n" in str(table).split("dexps_0 = ")[1].split("+ dexps_1 = ")[0]


def test_shapes_are_compared_before_values():
    """(2,) broadcasts against (2, 1), and == would say nothing."""
    right = softmax_stages(X, DP)[1]
    table = with_gradients(dsexps=right["dsexps"][:, 0])
    assert verdicts(table)["sexps"] == "WRONG SHAPE (2,) for (2, 1)"
    assert table.first_wrong == "dsexps"


def test_rounding_is_approximate_and_nan_is_wrong():
    """With the largest difference; a NaN is not near anything."""
    right = softmax_stages(X, DP)[1]
    assert verdicts(with_gradients(dx=right["dx"] + 1e-14))["shift"].startswith(
        "approximate, up to"
    )
    assert verdicts(with_gradients(dx=right["dx"] * np.nan))["shift"].startswith(
        "WRONG at (0, 0): nan"
    )
    assert verdicts(with_gradients(dx=right["dx"] * (1 + 1e-6)))["shift"].startswith("WRONG at")


def test_any_chain_of_stages_has_a_table():
    """y = (3 x)^2, with a reference for one of its gradients only."""
    x = np.arange(8.0)
    stages = [
        Stage("x", "x", x, {"dx": 18 * x}),
        Stage("a", "3 x", 3 * x, {"da": 6 * x}),
        Stage("y", "a^2", 9 * x**2, {"dy": np.ones(8)}),
    ]
    table = stage_table(stages, {"dx": 18 * x})
    assert verdicts(table) == {"x": "exact", "a": "no reference", "y": "no reference"}
    assert "0 .. 441, mean 157.5" in str(table)
    assert stage_table(stages, {"da": x}).first_wrong == "da"


def test_the_text_lines_up_and_the_html_is_escaped():
    """A header, a rule, a row per stage; th with scope, a caption that says the finding."""
    text = str(with_gradients()).splitlines()
    assert len(text) == 2 + 5 + 1  # exps has two gradients, on two lines
    assert text[0].startswith("stage    formula")
    page = stage_table([Stage("<e>", "a & b", np.ones(1), {"d": np.ones(1)})], {"d": [2.0]})
    markup = page._repr_html_()
    assert "&lt;e&gt;" in markup
    assert "a &amp; b" in markup
    assert '<th scope="col">stage</th>' in markup
    assert "<caption>First wrong: d.</caption>" in markup
    assert "<script" not in markup


def test_a_reference_for_no_stage_is_refused():
    """A misspelt name would otherwise go unjudged."""
    with pytest.raises(ValueError, match=r"^stage_table: .*, but got dexp_0; the stages have dd"):
        stage_table(softmax_stages(X, DP)[0], {"dexp_0": X})
