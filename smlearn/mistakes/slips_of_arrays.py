"""Ordinary slips with arrays: axes, sums, transposes, indices, and whose softmax it is.

Each is a rule, as in slips_of_terms.py.
"""

import ast
import copy

from .exchange import like

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
    match node:
        case ast.Attribute(attr="sum"):
            yield like(node, attr="mean")


def twin(node, names):
    match node:
        case ast.Attribute(attr=attr) if attr in TWINS:
            yield like(node, attr=TWINS[attr])


def everything(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            yield like(node, keywords=[k for k in keywords if k.arg not in ("axis", "keepdims")])


def axis(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            rest = [k for k in keywords if k.arg != "axis"]
            for axis in (-1, 0):
                yield like(node, keywords=[*rest, ast.keyword("axis", ast.Constant(axis))])


def lost_axis(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "keepdims" for k in keywords):
            yield like(node, keywords=[k for k in keywords if k.arg != "keepdims"])
        case ast.Subscript(slice=ast.Tuple(elts=[*parts])) if _new_axis(parts):
            yield node.value
        case ast.Call(func=ast.Name(id=name), args=[x]) if name in WRITTEN_OUT:
            for one, other in ((KEPT, ""), ("", KEPT), ("", "")):
                whole = ast.parse(WRITTEN_OUT[name].format(one, other), mode="eval").body
                yield _Put(x).visit(whole)


def transpose(node, names):
    match node:
        case ast.Attribute(attr="T"):
            yield node.value
        case ast.BinOp(op=ast.MatMult()):
            yield like(node, left=ast.Attribute(node.left, "T", ast.Load()))
            yield like(node, right=ast.Attribute(node.right, "T", ast.Load()))
            yield ast.Attribute(node, "T", ast.Load())


class _Put(ast.NodeTransformer):
    """Put an expression where _ stands."""

    def __init__(self, x):
        self.x = x

    def visit_Name(self, node):
        return copy.deepcopy(self.x) if node.id == "_" else node


def _new_axis(parts):
    return any(type(part) is ast.Constant and part.value is None for part in parts)


def first(node, names):
    match node:
        case ast.FunctionDef(body=body):
            column = ast.Tuple([ast.Constant(...), ast.Slice(upper=ast.Constant(1))], ast.Load())
            for name in names:
                for at in (ast.Constant(0), column):
                    part = ast.Subscript(ast.Name(name, ast.Load()), at, ast.Load())
                    line = ast.Assign([ast.Name(name, ast.Store())], part)
                    yield like(node, body=[line, *body])
        case ast.Assign(value=value):
            yield like(node, value=_at_0(value))
        case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)) if _new_axis(parts):
            yield _at_0(value)


def _at_0(value):
    return ast.Subscript(value, ast.Constant(0), ast.Load())


def columns(node, names):
    match node:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.Call(func=ast.Attribute(attr="arange")),
                                                 labels])):
            taken = like(node, slice=ast.Tuple([ast.Slice(), labels], ast.Load()))
            yield taken
            for name in ("sum", "mean") if isinstance(node.ctx, ast.Load) else ():
                for along in ([], [ast.keyword("axis", ast.Constant(0))],
                              [ast.keyword("axis", ast.Constant(-1))]):
                    yield ast.Call(ast.Attribute(taken, name, ast.Load()), [], along)


def one_softmax(node, names):
    match node:
        case ast.Call(func=ast.Name(id="softmax" | "log_softmax"), args=[x]):
            flat = like(node, args=[ast.Call(ast.Attribute(x, "ravel", ast.Load()), [], [])])
            yield ast.Call(ast.Attribute(flat, "reshape", ast.Load()),
                           [ast.Attribute(x, "shape", ast.Load())], [])
