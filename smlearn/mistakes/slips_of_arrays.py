"""Ordinary slips with arrays: axes, sums, transposes, indices, and whose softmax it is.

Each is a rule, as in slips_of_terms.py.
"""

import ast
from itertools import product

from .exchange import begun, like, written

__all__ = ["axis", "columns", "everything", "first", "lost_axis", "mean", "one_softmax",
           "transpose", "twin"]

TWINS = {"mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax",
         "any": "all", "all": "any", "std": "var", "var": "std"}
KEPT = ", keepdims=True"
WRITTEN_OUT = {    # of _, with what is kept by the maximum, and by the sum
    "softmax": "np.exp(_ - _.max(axis=-1{0})) / np.exp(_ - _.max(axis=-1{0})).sum(axis=-1{1})",
    "log_softmax": "_ - _.max(axis=-1{0}) - np.log(np.exp(_ - _.max(axis=-1{0})).sum(axis=-1{1}))",
}


def mean(node, names):
    """Take a mean for a sum."""
    match node:
        case ast.Attribute(attr="sum"):
            yield like(node, attr="mean")


def twin(node, names):
    """Take the least for the largest, all for any, or the like."""
    match node:
        case ast.Attribute(attr=attr) if attr in TWINS:
            yield like(node, attr=TWINS[attr])


def everything(node, names):
    """Take a sum, or the like, over everything."""
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            yield like(node, keywords=[k for k in keywords if k.arg not in ("axis", "keepdims")])


def axis(node, names):
    """Take a sum, or the like, along another axis."""
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            rest = [k for k in keywords if k.arg != "axis"]
            for axis in (-1, 0):
                yield like(node, keywords=[*rest, ast.keyword("axis", ast.Constant(axis))])


def lost_axis(node, names):
    """Lose an axis: a keepdims, a new axis, one that a softmax keeps for its sums."""
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "keepdims" for k in keywords):
            yield like(node, keywords=[k for k in keywords if k.arg != "keepdims"])
        case ast.Subscript(slice=ast.Tuple(elts=[*parts])) if _new_axis(parts):
            yield node.value
        case ast.Call(func=ast.Name(id=name), args=[x]) if name in WRITTEN_OUT:
            for one, other in ((KEPT, ""), ("", KEPT), ("", "")):
                yield written(WRITTEN_OUT[name].format(one, other), x)


def transpose(node, names):
    """Transpose once too few, or once too many."""
    match node:
        case ast.Attribute(attr="T"):
            yield node.value
        case ast.BinOp(op=ast.MatMult()):
            yield like(node, left=ast.Attribute(node.left, "T", ast.Load()))
            yield like(node, right=ast.Attribute(node.right, "T", ast.Load()))
            yield ast.Attribute(node, "T", ast.Load())


def _new_axis(parts):
    return any(type(part) is ast.Constant and part.value is None for part in parts)


def first(node, names):
    """Use the first row only, or the first column."""
    match node:
        case ast.FunctionDef():
            for name, part in product(names, (":1", "..., :1")):
                yield begun(node, f"{name} = {name}[{part}]")
        case ast.Assign(value=value):
            yield like(node, value=written("_[:1]", value))
        case ast.Call(keywords=keywords) if any(k.arg == "axis" for k in keywords):
            yield written("_[:1]", node)


def columns(node, names):
    """Take whole columns, as p[:, labels] does, for an entry of each row."""
    match node:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Call(func=ast.Attribute(attr="arange")),
                                                 labels])):
            taken = like(node, slice=ast.Tuple([ast.Slice(), labels], ast.Load()))
            yield taken
            if isinstance(node.ctx, ast.Load):
                for name, along in product(("sum", "mean"), ("", "axis=0", "axis=-1")):
                    yield written(f"_.{name}({along})", taken)


def one_softmax(node, names):
    """Take one softmax of all rows together."""
    match node:
        case ast.Call(func=ast.Name(id="softmax" | "log_softmax" as name), args=[x]):
            yield written(f"{name}(_.ravel()).reshape(_.shape)", x)
