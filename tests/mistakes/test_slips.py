"""What each rule makes of a piece of code, word for word: all of it, in order."""

import ast

import pytest

from smlearn.mistakes import slips_of_arrays as arrays
from smlearn.mistakes import slips_of_terms as terms
from smlearn.mistakes.exchange import places


def made(rule, code: str) -> list[str]:
    """Return the code with one place after the other changed by a rule; each can be compiled."""
    tree, found = ast.parse(code), []
    for node, put in places(tree):
        for other in rule(node, ["x"]):
            put(other)
            compile(ast.fix_missing_locations(tree), "a slip", "exec")
            found.append(ast.unparse(tree))
            put(node)
    assert ast.unparse(tree) == ast.unparse(ast.parse(code))
    return found


TERMS = [
    (terms.sign, "a + b", ["a - b"]),
    (terms.sign, "a - b", ["a + b"]),
    (terms.sign, "-a", ["a"]),
    (terms.sign, "a * b", []),
    (terms.term, "a + b", ["a", "b"]),
    (terms.term, "a - b", ["a", "b", "-b"]),
    (terms.factor, "a * b", ["a", "b"]),
    (terms.factor, "a @ b", ["a", "b"]),
    (terms.factor, "a / b", ["a"]),
    (terms.fraction, "a * b", ["a / b", "b / a"]),
    (terms.fraction, "a / b", ["a * b"]),
    (terms.sides, "a - b", ["b - a"]),
    (terms.sides, "a @ b", ["b @ a"]),
    (terms.sides, "a + b", []),
    (terms.sides, "a * b", []),
    (terms.power, "a ** 2", ["a"]),
    (terms.number, "a[3]", ["a[4]", "a[2]"]),
    (terms.number, "a * 0.5", ["a * 1.5", "a * -0.5"]),
    (terms.number, "True", []),
    (terms.twice, "a - b", ["2 * a - b", "a - 2 * b", "0.5 * a - b", "a - 0.5 * b"]),
    (terms.twice, "a + b", ["2 * a + b", "a + 2 * b", "0.5 * a + b", "a + 0.5 * b"]),
    (terms.divided, "a + b", ["a / len(x) + b", "a + b / len(x)",
                              "a / x.shape[-1] + b", "a + b / x.shape[-1]"]),
    (terms.rounded, "y = a", [f"y = a.round({k})" for k in (1, 2, 3, 4)]),
    (terms.rounded, "g(a)", [f"g(a).round({k})" for k in (1, 2, 3, 4)]),
    (terms.rounded, "def f(x):\n    pass",
     [f"def f(x):\n    x = x.round({k})\n    pass" for k in (1, 2, 3, 4)]),
]  # fmt: skip
SOFTMAX = "np.exp(x - x.max(axis=-1{0})) / np.exp(x - x.max(axis=-1{0})).sum(axis=-1{1})"
LOG = "x - x.max(axis=-1{0}) - np.log(np.exp(x - x.max(axis=-1{0})).sum(axis=-1{1}))"
KEPT = [(", keepdims=True", ""), ("", ", keepdims=True"), ("", "")]
ARRAYS = [
    (arrays.mean, "a.sum()", ["a.mean()"]),
    (arrays.everything, "a.sum(axis=0, keepdims=True, dtype=d)", ["a.sum(dtype=d)"]),
    (arrays.everything, "g(n=1)", []),
    (arrays.axis, "a.sum(axis=1, dtype=d)", ["a.sum(dtype=d, axis=-1)", "a.sum(dtype=d, axis=0)"]),
    (arrays.axis, "g(n=1)", []),
    (arrays.lost_axis, "a.sum(axis=0, keepdims=True)", ["a.sum(axis=0)"]),
    (arrays.lost_axis, "g(n=1)", []),
    (arrays.lost_axis, "a[:, None]", ["a"]),
    (arrays.lost_axis, "a[:, 0]", []),
    (arrays.lost_axis, "softmax(x)", [SOFTMAX.format(*kept) for kept in KEPT]),
    (arrays.lost_axis, "log_softmax(x)", [LOG.format(*kept) for kept in KEPT]),
    (arrays.transpose, "a.T", ["a"]),
    (arrays.transpose, "a @ b", ["a.T @ b", "a @ b.T", "(a @ b).T"]),
    (arrays.first, "y = a", ["y = a[:1]"]),
    (arrays.first, "g(a, axis=0)", ["g(a, axis=0)[:1]"]),
    (arrays.first, "g(n=1)", []),
    (arrays.first, "def f(x):\n    pass", ["def f(x):\n    x = x[:1]\n    pass",
                                          "def f(x):\n    x = x[..., :1]\n    pass"]),
    (arrays.columns, "a[np.arange(B), k]", ["a[:, k]", *(
        f"a[:, k].{name}({along})" for name in ("sum", "mean")
        for along in ("", "axis=0", "axis=-1"))]),
    (arrays.columns, "a[rows, k]", []),
    (arrays.lost_axis, "g(a)", []),
    (arrays.twin, "a.sum()", []),
    (arrays.one_softmax, "softmax(a)", ["softmax(a.ravel()).reshape(a.shape)"]),
    *((arrays.twin, f"a.{one}()", [f"a.{other}()"]) for one, other in [
        ("mean", "sum"), ("max", "min"), ("min", "max"), ("argmax", "argmin"),
        ("argmin", "argmax"), ("any", "all"), ("all", "any"), ("std", "var"), ("var", "std")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "code", "wanted"), [*TERMS, *ARRAYS])
def test_a_rule_makes_these_and_no_others(rule, code, wanted):
    """And leaves the code as it was."""
    assert made(rule, code) == wanted


BRACKETS = [  # what stands above the last line, what it returns, and what else is returned
    ("pass", "3 * (a + b)", ["3 * a + b"]),
    ("pass", "g(-x)", []),
    ("pass", "g_(-x)", []),
    ("pass", "g[0](-x)", []),
    ("pass", "g(0)(-x)", []),
    ("y = a + b", "3 * y", ["3 * a + b"]),
    ("y = a + b", "y * 3 - y", ["a + b * 3 - (a + b)", "(a + b) * 3 - a + b"]),
    ("y = a + b", "3 * y[0]", ["3 * a + b[0]"]),
    ("y = a + b; z = 2 * y", "z - a", ["2 * a + b - a"]),
    ("y = a + b; y = 2 * y", "3 * y", []),
    ("y = a + b; y *= 2", "3 * y", []),
    ("y = a + b; y.sort()", "3 * y", []),
    ("y = a + b; y[0] = 2", "3 * y", []),
]


@pytest.mark.parametrize(("above", "returned", "wanted"), BRACKETS)
def test_brackets_are_left_out_where_nothing_is_called(above, returned, wanted):
    """Where a name stands for them, too, unless what it names is changed on the way."""
    forms = made(terms.bracket, f"def f(x):\n    {above}\n    return {returned}")
    assert [form.rpartition("return ")[2] for form in forms] == wanted
