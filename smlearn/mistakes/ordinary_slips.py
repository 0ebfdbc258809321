"""Ordinary slips: made from a right function, not written.

A sign, a term, an axis, a transpose: each is one change of the function's syntax tree. All changes
of one kind are the forms of one mistake, and what is said of it is true of whatever gives the same
results, however it is written. It names what was done and shows no code.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from itertools import combinations, pairwise

from .catalogue import Mistake
from .exchange import code_of, compiled

__all__ = ["KINDS", "ordinary_mistakes"]

TWINS = {"mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax",
         "any": "all", "all": "any", "std": "var", "var": "std"}
COMMUTE = ast.Add, ast.Mult


@cache
def ordinary_mistakes(reference: Callable) -> tuple[Mistake, ...]:
    """Make every ordinary slip of a function; none of one that needs what stands around it."""
    if reference.__closure__:
        return ()
    return tuple(
        Mistake(key, f"This is what a right answer gives with {what}.", ponder,
                tuple(_each(reference, rule)))
        for key, (rule, what, ponder) in KINDS.items())


def _each(reference: Callable, rule: Callable) -> Iterator[Callable]:
    """Change one place after the other; what does not compile is no slip."""
    tree = ast.parse(code_of(reference).replace("np.empty(", "np.zeros("))    # the same each time
    names = [a.arg for a in tree.body[0].args.args]
    for node, put in _places(tree):
        for other in rule(node, names):
            put(ast.fix_missing_locations(ast.copy_location(other, node)))
            with suppress(SyntaxError, ValueError, TypeError):
                yield compiled(tree, reference)
            put(node)


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, Callable]]:
    """Yield every node of a tree, and what puts another into its place."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield value, partial(setattr, parent, field)
            elif type(value) is list:
                nodes = [at for at, each in enumerate(value) if isinstance(each, ast.AST)]
                yield from ((value[at], partial(value.__setitem__, at)) for at in nodes)


def _like(node: ast.AST, **fields) -> ast.AST:
    return type(node)(**dict(ast.iter_fields(node)) | fields)


def _sign(node, names):
    match node:
        case ast.BinOp(op=ast.Add()):
            yield _like(node, op=ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield _like(node, op=ast.Add())
        case ast.UnaryOp(op=ast.USub()):
            yield node.operand


def _term(node, names):
    match node:
        case ast.BinOp(op=ast.Add()):
            yield from (node.left, node.right)
        case ast.BinOp(op=ast.Sub()):
            yield from (node.left, node.right, ast.UnaryOp(ast.USub(), node.right))


def _factor(node, names):
    match node:
        case ast.BinOp(op=ast.Mult() | ast.MatMult()):
            yield from (node.left, node.right)
        case ast.BinOp(op=ast.Div()):
            yield node.left


def _fraction(node, names):
    match node:
        case ast.BinOp(op=ast.Mult()):
            yield _like(node, op=ast.Div())
            yield ast.BinOp(node.right, ast.Div(), node.left)
        case ast.BinOp(op=ast.Div()):
            yield _like(node, op=ast.Mult())


def _lost_axis(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "keepdims" for k in keywords):
            yield _like(node, keywords=[k for k in keywords if k.arg != "keepdims"])
        case ast.Subscript(slice=ast.Tuple(elts=[*parts])) if any(
                type(part) is ast.Constant and part.value is None for part in parts):
            yield node.value


def _mean(node, names):
    match node:
        case ast.Attribute(attr="sum"):
            yield _like(node, attr="mean")


def _twin(node, names):
    match node:
        case ast.Attribute(attr=attr) if attr in TWINS:
            yield _like(node, attr=TWINS[attr])


def _axis(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            rest = [k for k in keywords if k.arg != "axis"]
            for axis in (-1, 0):
                yield _like(node, keywords=[*rest, ast.keyword("axis", ast.Constant(axis))])


def _everything(node, names):
    match node:
        case ast.Call(keywords=[*keywords]) if any(k.arg == "axis" for k in keywords):
            yield _like(node, keywords=[k for k in keywords if k.arg not in ("axis", "keepdims")])


def _sides(node, names):
    match node:
        case ast.BinOp(left=left, right=right, op=op) if type(op) not in COMMUTE:
            yield ast.BinOp(right, op, left)


def _arguments(node, names):
    match node:
        case ast.Call(args=[*args]):
            for i, (one, other) in enumerate(pairwise(args)):
                yield _like(node, args=[*args[:i], other, one, *args[i + 2:]])
        case ast.arguments(args=[*args]):
            for one, other in combinations(args, 2):
                swap = {one: other, other: one}
                yield _like(node, args=[swap.get(each, each) for each in args])


def _transpose(node, names):
    match node:
        case ast.Attribute(attr="T"):
            yield node.value
        case ast.BinOp(op=ast.MatMult()):
            yield _like(node, left=ast.Attribute(node.left, "T", ast.Load()))
            yield _like(node, right=ast.Attribute(node.right, "T", ast.Load()))
            yield ast.Attribute(node, "T", ast.Load())


def _call(node, names):
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np")) | ast.Name(), args=[only]):
            yield only
        case ast.Call(func=ast.Attribute(value=value), args=[]) if node.func.attr != "copy":
            yield value


def _power(node, names):
    match node:
        case ast.BinOp(op=ast.Pow()):
            yield node.left


def _number(node, names):
    match node:
        case ast.Constant(value=int() | float() as value) if type(value) is not bool:
            yield from map(ast.Constant, (value + 1, value - 1))


def _twice(node, names):
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() as op):
            for factor in (2, 0.5):
                yield ast.BinOp(ast.BinOp(ast.Constant(factor), ast.Mult(), left), op, right)
                yield ast.BinOp(left, op, ast.BinOp(ast.Constant(factor), ast.Mult(), right))


def _name(node, names):
    match node:
        case ast.Name(id=one, ctx=ast.Load()):
            yield from (_like(node, id=other) for other in names if other != one)


def _step(node, names):
    match node:
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            yield ast.Pass()


KINDS = {    # key: rule, what a right answer has to be given, a question
    "a_sign": (_sign, "one sign turned round", "Which of your terms counts the wrong way?"),
    "a_term": (_term, "one term left out",
               "What is added or subtracted on the way, and where do you do it?"),
    "a_factor": (_factor, "one factor left out",
                 "What is multiplied or divided on the way, and where do you do it?"),
    "mean_for_sum": (_mean, "a mean in place of a sum",
                     "Which sums are wanted, and who divides them by a number of entries?"),
    "keepdims_missing": (_lost_axis, "one axis lost on the way",
                         "Which shape has each of your sums, and what does it line up with?"),
    "batch_sum": (_everything, "a sum, or the like, over everything",
                  "May one row have a say in the result of another?"),
    "wrong_axis": (_axis, "a sum, or the like, along another axis",
                   "Along which axis should each of your sums run?"),
    "transposed": (_transpose, "one transpose too few, or one too many",
                   "Which index of each array do your products sum over?"),
    "two_sides": (_sides, "the two sides of one operation swapped",
                  "Which difference, quotient or product is the wrong way round?"),
    "arguments_swapped": (_arguments, "two arguments swapped",
                          "In which order does the def line name them, and do you use them so?"),
    "a_call": (_call, "one function left out",
               "Which steps are there on the way, and which of them do you take?"),
    "a_fraction": (_fraction, "a product for a quotient, or a quotient for a product",
                   "What belongs above the line of a fraction, and what below?"),
    "a_power": (_power, "one power left out", "What is squared on the way, and where?"),
    "a_twin": (_twin, "the least for the largest, all for any, or the like",
               "Which of an array's entries is wanted: the largest, the least, each?"),
    "a_name": (_name, "one name in the place of another",
               "Which array should each of your lines read?"),
    "a_weight": (_twice, "one term doubled or halved", "How often should each term count?"),
    "a_number": (_number, "one of its numbers off by one",
                 "Which numbers stand in your lines, and what does each of them count?"),
    "a_step": (_step, "one step left out",
               "Which steps are there on the way, and which of them do you take?"),
}
