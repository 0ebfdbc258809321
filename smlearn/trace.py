"""The stage table: every step of a forward pass beside its gradient, and the first wrong one.

    name  formula  shape  value  gradient  shape  verdict

Rows stand in forward order. Verdicts are given walking back from the last row: the first gradient
that differs from its reference is marked, and everything before it is "not judged yet", because a
wrong gradient spoils all that is computed from it. Shapes are compared before values: (4,) and
(4, 1) broadcast, and == would not notice. A stage that is used twice has two gradients, and the
table shows them as a sum. It works for any chain of stages, not only softmax.
"""

import html
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ._checks import Array
from .staged import staged_forward, staged_gradients

__all__ = ["Stage", "StageTable", "softmax_stages", "stage_table"]

COLUMNS = ("stage", "formula", "shape", "value", "gradient", "shape", "verdict")


class Stage(NamedTuple):
    """One step: its name and formula, its value, and its gradients by name (two if used twice)."""

    name: str
    formula: str
    value: Array
    gradients: Mapping[str, Array]


class StageTable(NamedTuple):
    """The finished table; str() and a notebook show it, `first_wrong` names the culprit."""

    rows: tuple[tuple[str, ...], ...]
    first_wrong: str | None

    def __str__(self) -> str:
        cells = [COLUMNS]
        for row in self.rows:    # two gradients of a stage stand on two lines
            cells += zip_longest(*(cell.split("\n") for cell in row), fillvalue="")
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
                 for row in cells]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])

    def _repr_html_(self) -> str:
        def row(tag: str, cells: Sequence[str]) -> str:
            scope = ' scope="col"' if tag == "th" else ""
            texts = (html.escape(cell).replace("\n", "<br>") for cell in cells)
            return "<tr>" + "".join(f"<{tag}{scope}>{text}</{tag}>" for text in texts) + "</tr>"

        body = "".join(row("td", cells) for cells in self.rows)
        wrong = f"First wrong: {self.first_wrong}." if self.first_wrong else "No stage is wrong."
        head = row("th", COLUMNS)
        return (f"<table><caption>{html.escape(wrong)}</caption><thead>{head}</thead>"
                f"<tbody>{body}</tbody></table>")


def stage_table(stages: Sequence[Stage], reference: Mapping[str, Array] | None = None, *,
                rtol: float = 1e-9) -> StageTable:
    """Lay out the stages of a forward pass with their gradients, and judge the gradients.

    Parameters
    ----------
    stages : sequence of Stage
        In forward order.
    reference : mapping from gradient names to arrays, optional
        What each gradient should be; a name that is missing is not judged.
    rtol : float
        A difference up to this fraction of the reference's largest entry counts as rounding.

    Returns
    -------
    table : StageTable

    Raises
    ------
    ValueError
        If the reference names a gradient that no stage has.

    Examples
    --------
    >>> square = Stage("y", "x**2", np.array([9.0]), {"dy": np.array([1.0])})
    >>> line = Stage("x", "x", np.array([3.0]), {"dx": np.array([5.0])})
    >>> print(stage_table([line, square], {"dy": [1.0], "dx": [6.0]}).first_wrong)
    dx
    """
    reference = {name: np.asarray(value) for name, value in (reference or {}).items()}
    names = {name for stage in stages for name in stage.gradients}
    unknown = sorted(set(reference) - names)
    if unknown:
        raise ValueError(f"stage_table: reference must name gradients of the stages, but got "
                         f"{', '.join(unknown)}; the stages have {', '.join(sorted(names))}")
    rows, first_wrong = [], None
    for stage in reversed(stages):
        verdicts = []
        for name, gradient in stage.gradients.items():
            if first_wrong is not None:
                verdicts.append("not judged yet")
                continue
            verdict = _judge(np.asarray(gradient), reference.get(name), rtol)
            if verdict.startswith("WRONG"):
                first_wrong = name
            verdicts.append(verdict)
        values = [np.asarray(gradient) for gradient in stage.gradients.values()]
        rows.append((stage.name, stage.formula, _shape(stage.value), _show(stage.value),
                     "\n+ ".join(f"{name} = {_show(value)}" for name, value
                                 in zip(stage.gradients, values, strict=True)),
                     "\n".join(map(_shape, values)), _join(verdicts)))
    return StageTable(tuple(reversed(rows)), first_wrong)


def softmax_stages(x: Array, dp: Array) -> tuple[list[Stage], dict[str, Array]]:
    """Return the stages of softmax at x, with right gradients, and those gradients by name.

    Put a gradient of your own into a stage, and `stage_table` compares it with the second result.

    Parameters
    ----------
    x, dp : (..., D) array_like

    Returns
    -------
    stages : list of Stage
        shift, exps, sexps, divexps, product.
    reference : dict
        The gradients by the names dexps_0, ddivexps, dsexps, dexps_1, dx, and dp.

    Examples
    --------
    >>> stages, reference = softmax_stages([0.0, 0.0], [1.0, 0.0])
    >>> [stage.name for stage in stages]
    ['shift', 'exps', 'sexps', 'divexps', 'product']
    >>> print(stage_table(stages, reference).first_wrong)
    None
    """
    p, cache = staged_forward(x)
    g = staged_gradients(dp, cache)
    x, dp = np.asarray(x, dtype=float), np.asarray(dp, dtype=float)
    stages = [
        Stage("shift", "z = x - max(x)", x - x.max(axis=-1, keepdims=True), {"dx": g.dx}),
        Stage("exps", "e = exp(z)", cache.exps, {"dexps_0": g.dexps_0, "dexps_1": g.dexps_1}),
        Stage("sexps", "s = sum(e)", cache.sexps, {"dsexps": g.dsexps}),
        Stage("divexps", "r = 1 / s", cache.divexps, {"ddivexps": g.ddivexps}),
        Stage("product", "p = e * r", p, {"dp": dp}),
    ]
    return stages, {name: value for stage in stages for name, value in stage.gradients.items()}


def _judge(gradient: Array, wanted: Array | None, rtol: float) -> str:
    """Compare shapes first, then values."""
    if wanted is None:
        return "no reference"
    if gradient.shape != wanted.shape:
        return f"WRONG SHAPE {_shape(gradient)} for {_shape(wanted)}"
    if np.array_equal(gradient, wanted):
        return "exact"
    error = np.abs(gradient - wanted)
    error = np.where(np.isnan(error), np.inf, error)
    worst = tuple(map(int, np.unravel_index(error.argmax(), error.shape)))
    if error.max() <= rtol * np.abs(wanted).max():
        return f"approximate, up to {error.max():.1e}"
    return f"WRONG at {worst}: {gradient[worst]:.4g} for {wanted[worst]:.4g}"


def _join(verdicts: list[str]) -> str:
    """One verdict where all agree, else one per gradient."""
    return verdicts[0] if len(set(verdicts)) == 1 else "\n".join(verdicts)


def _shape(value: Array) -> str:
    return str(np.shape(value))


def _show(value: Array) -> str:
    """Show up to six numbers, or one line about more of them."""
    value = np.asarray(value)
    if value.size <= 6:
        return np.array2string(value, precision=4, suppress_small=True, separator=", ",
                               max_line_width=10_000).replace("\n", "")
    return f"{value.min():.4g} .. {value.max():.4g}, mean {value.mean():.4g}"
