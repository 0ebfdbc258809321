"""The stage table: every step of a forward pass beside its gradient, and the first wrong one.

    stage    formula     value    gradient    its value    verdict

Rows stand in forward order and are judged walking back from the last. Where one is wrong, all
before it is "not judged yet": a wrong gradient spoils whatever is computed from it. Shapes come
first, d<name> has the shape of <name>, since (4,) and (4, 1) broadcast and == would not notice. A
stage that is used twice shows both parts of its gradient and their sum. Any chain has a table.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .._inputs import Array, ArrayLike, real
from .._misfits import a_thing
from .._refusals import refusal, speaks
from ..formulas.staged import staged_forward, staged_gradients
from .stage_tables import LATER, UNKNOWN, WRONG, StageTable, numbers

__all__ = ["Stage", "StageTable", "softmax_stages", "stage_table"]


class Stage(NamedTuple):
    """One step: its name, formula and value, and its gradient by name.

    Used once, it has one gradient. Used k times it has k, and their sum as the last.

    Attributes
    ----------
    name, formula : str
        What the step is called, and how it is computed.
    value : ndarray
        What it computes.
    gradients : mapping of str to ndarray
        Each of the shape of the value.
    """

    name: str
    formula: str
    value: Array
    gradients: Mapping[str, Array]


@speaks
def stage_table(stages: Sequence[Stage], reference: Mapping[str, Array] | None = None, *,
                rtol: float = 1e-9, atol: float = 1e-12) -> StageTable:
    """Lay out the stages of a forward pass with their gradients, and judge the gradients.

    Parameters
    ----------
    stages : sequence of Stage
        In forward order.
    reference : mapping from gradient names to arrays, optional
        What each gradient should be, derived or measured. One that is missing is judged by its
        shape only, and by its parts if it is a sum.
    rtol, atol : float
        A difference up to this fraction of the largest entry in the reference's row, and atol, is
        "approximate", with the largest difference; none at all is "exact".

    Returns
    -------
    table : StageTable
        A row for each gradient, and the first that is wrong.

    Raises
    ------
    TypeError
        If something else than a Stage is among them, or a gradient is no array of real numbers.
    ValueError
        If the reference names a gradient that no stage has, or has another shape than its stage;
        if two gradients share a name; if a stage has no gradient, or parts without their sum.

    Examples
    --------
    >>> x = Stage("x", "3", np.array([3.0]), {"dx": np.array([5.0])})
    >>> y = Stage("y", "x**2", np.array([9.0]), {"dy": np.array([1.0])})
    >>> stage_table([x, y], {"dy": [1.0], "dx": [6.0]})
    stage  formula  value  gradient  its value  verdict
    ----------------------------------------------------------
    x      3        3      dx        5          WRONG at (0,):
           (1,)            (1,)                 5,
                                                not 6
    y      x**2     9      dy        1          exact
           (1,)            (1,)
    Walking back from the last row, the first that is wrong: dx.
    """
    reference = _checked(reference or {}, _shapes(stages))
    rows, first_wrong = [], None
    for stage in reversed(stages):
        verdicts = dict.fromkeys(stage.gradients, LATER)
        if first_wrong is None:
            verdicts = _verdicts(stage, reference, rtol, atol)
            wrong = [name for name in verdicts if verdicts[name].startswith(WRONG)]
            first_wrong = wrong[0] if wrong else None
        rows = _lines(stage, verdicts, atol) + rows
    return StageTable(tuple(rows), first_wrong)


def softmax_stages(x: ArrayLike, dp: ArrayLike) -> tuple[list[Stage], dict[str, Array]]:
    """Return the stages of softmax at x, with right gradients, and those gradients by name.

    Put a gradient of your own into a stage, and `stage_table` compares it with the second result.

    Parameters
    ----------
    x, dp : (..., D) array_like
        Logits, and upstream gradient.

    Returns
    -------
    stages : list of Stage
        Those of logits, shift, exps, sexps, divexps, product.
    reference : dict
        By the names dx, dz, dexps_0, dexps_1 and their sum dexps, dsexps, ddivexps, dp.

    Raises
    ------
    TypeError, ValueError
        As `staged_forward` and `staged_gradients`.

    Examples
    --------
    >>> stages, reference = softmax_stages([0.0, 0.0], [1.0, 0.0])
    >>> [stage.name for stage in stages]
    ['logits', 'shift', 'exps', 'sexps', 'divexps', 'product']
    >>> stage_table(stages, reference).finding
    'No gradient is wrong: 8 of 8 judged.'
    """
    p, cache = staged_forward(x)
    g = staged_gradients(dp, cache)
    x, dp = np.asarray(x, dtype=float), np.asarray(dp, dtype=float)
    twice = {"dexps_0": g.dexps_0, "dexps_1": g.dexps_1, "dexps": g.dexps}
    stages = [
        Stage("logits", "x", x, {"dx": g.dx}),       # dz again: the shift adds 0
        Stage("shift", "z = x - max(x)", x - x.max(axis=-1, keepdims=True), {"dz": g.dx}),
        Stage("exps", "e = exp(z)", cache.exps, twice),
        Stage("sexps", "s = sum(e)", cache.sexps, {"dsexps": g.dsexps}),
        Stage("divexps", "r = 1 / s", cache.divexps, {"ddivexps": g.ddivexps}),
        Stage("product", "p = e * r", p, {"dp": dp}),
    ]
    return stages, {name: value for stage in stages for name, value in stage.gradients.items()}


def _shapes(stages: Sequence[Stage]) -> dict[str, tuple]:
    """Return the shape that each gradient must have, by its name."""
    shapes = {}
    for stage in stages:
        if not isinstance(stage, Stage):
            raise refusal(TypeError, "stages must hold a Stage for each step, but got "
                          f"{a_thing(stage)}; write Stage(name, formula, value, gradients)")
        if not isinstance(stage.gradients, Mapping):
            raise refusal(TypeError, f"each gradient of {stage.name} must have a name, but got "
                          f"{a_thing(stage.gradients)}; write a dictionary, from name to array")
        if len(stage.gradients) in (0, 2):
            raise refusal(ValueError, "a stage must have one gradient, or parts and a sum, "
                          f"but got {len(stage.gradients)} at {stage.name}; add the missing")
        for name in stage.gradients:
            if name in shapes:
                raise refusal(ValueError, "each gradient must have a name of its own, "
                              f"but got {name} twice; name the parts of a sum {name}_0, {name}_1")
            real(name, stage.gradients[name])
            shapes[name] = np.shape(stage.value)
    return shapes


def _checked(reference: Mapping[str, Array], shapes: Mapping[str, tuple]) -> dict[str, Array]:
    """Return the reference as arrays, if it is one for gradients of these names and shapes."""
    for name, wanted in reference.items():
        if name not in shapes:
            raise refusal(ValueError, "reference must name gradients of the stages, "
                          f"but got {name}; the stages have {', '.join(sorted(shapes))}")
        if np.shape(wanted) != shapes[name]:
            raise refusal(ValueError, f"reference {name} must have the shape of its stage, "
                          f"{shapes[name]}, but got {np.shape(wanted)}; look how it is made")
    return {name: np.asarray(wanted) for name, wanted in reference.items()}


@np.errstate(all="ignore")                       # inf - inf is NaN, and NaN is near nothing
def _verdicts(stage: Stage, reference: Mapping[str, Array], rtol: float,
              atol: float) -> dict[str, str]:
    """Judge the parts of a gradient each by itself, and their sum only where none is wrong."""
    shape = np.shape(stage.value)
    gradients = {name: np.asarray(gradient) for name, gradient in stage.gradients.items()}
    verdicts = {name: _judge(gradient, shape, reference.get(name), rtol, atol)
                for name, gradient in gradients.items()}
    *parts, total = verdicts
    if any(verdicts[name].startswith(WRONG) for name in parts):
        verdicts[total] = LATER
    elif parts and gradients[total].shape == shape:
        if not _near(gradients[total], sum(gradients[name] for name in parts), rtol, atol):
            verdicts[total] = f"{WRONG}: it is not\n{' + '.join(parts)}"
        elif verdicts[total] == UNKNOWN:
            verdicts[total] = "adds up"
    return verdicts


def _judge(gradient: Array, shape: tuple, wanted: Array | None, rtol: float, atol: float) -> str:
    """Compare shapes first, then values; name the first of the entries that are furthest off."""
    if gradient.shape != shape:
        return f"{WRONG} SHAPE:\n{gradient.shape}, not {shape}"
    if wanted is None and np.isfinite(gradient).all():
        return UNKNOWN
    if wanted is None:
        at = tuple(map(int, np.argwhere(~np.isfinite(gradient))[0]))
        return f"{WRONG} at {at}:\n{gradient[at]}"
    error = np.nan_to_num(np.abs(gradient - wanted), nan=np.inf)
    if _near(gradient, wanted, rtol, atol):
        return f"approximate,\nwithin {_bound(error, atol)}" if error.any() else "exact"
    off = np.nan_to_num(error / np.where(error > 0, _tolerance(wanted, rtol, atol), 1), nan=np.inf)
    at = tuple(map(int, np.argwhere(off >= 0.999 * off.max())[0]))    # whoever rounds
    yours, right = f"{gradient[at]:.4g}", f"{wanted[at]:.4g}"
    return (f"{WRONG} at {at}:\n{yours},\nnot {right}" if yours != right else
            f"{WRONG} at {at}:\n{yours}, and\noff by {error[at]:.0e}")


def _bound(error: Array, atol: float) -> str:
    """The largest difference, or atol, rounded up to a power of ten: machines agree on that."""
    return f"{10.0 ** np.ceil(np.log10(max(error.max(), atol))):.0e}"


def _near(a: Array, b: Array, rtol: float, atol: float) -> bool:
    """Whether a is b up to rounding. Nothing is near NaN or infinity."""
    return bool(np.isfinite(b).all() and (np.abs(a - b) <= _tolerance(b, rtol, atol)).all())


def _tolerance(b: Array, rtol: float, atol: float) -> Array:
    """How far off an entry may be: each row by its own size, lest a large one hide a small one."""
    size = np.abs(b)
    return atol + rtol * (size.max(axis=-1, keepdims=True, initial=0) if size.ndim else size)


def _lines(stage: Stage, verdicts: Mapping[str, str], atol: float) -> list[tuple[str, ...]]:
    """One row per gradient; the stage itself stands in the first. Parts and sum are marked."""
    marks = ["+ "] * (len(verdicts) - 1) + ["= "] if len(verdicts) > 1 else [""]
    left = (stage.name, f"{stage.formula}\n{np.shape(stage.value)}", numbers(stage.value, atol))
    rows = []
    for mark, (name, gradient) in zip(marks, stage.gradients.items(), strict=True):
        named = f"{mark}{name}\n{' ' * len(mark)}{np.shape(gradient)}"
        rows.append((*left, named, numbers(gradient, atol), verdicts[name]))
        left = ("", "", "")
    return rows
