"""Ordinary slips: made from a right function, not written.

A sign, a term, an axis, a transpose: each is one change of the function's syntax tree. All changes
of one kind are the forms of one mistake, and what is said of it is true of whatever gives the same
results, however it is written. It names what was done and shows no code.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import combinations, pairwise, product

from . import slips_of_arrays as arrays
from . import slips_of_terms as terms
from .catalogue import Mistake
from .exchange import begun, code_of, compiled, like, places

__all__ = ["KINDS", "ordinary_mistakes"]


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
    for node, put in places(tree):
        for other in rule(node, names):
            put(ast.fix_missing_locations(ast.copy_location(other, node)))
            with suppress(SyntaxError, ValueError, TypeError):
                yield compiled(tree, reference)
            put(node)


def _arguments(node, names):
    match node:
        case ast.Call(args=[*args]):
            for i, (one, other) in enumerate(pairwise(args)):
                yield like(node, args=[*args[:i], other, one, *args[i + 2:]])
        case ast.arguments(args=[*args]):
            for one, other in combinations(args, 2):
                swap = {one: other, other: one}
                yield like(node, args=[swap.get(each, each) for each in args])


def _call(node, names):
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np")) | ast.Name(), args=[only]):
            yield only
        case ast.Call(func=ast.Attribute(value=value), args=[]) if node.func.attr != "copy":
            yield value


def _name(node, names):
    match node:
        case ast.Name(id=one, ctx=ast.Load()):
            yield from (like(node, id=other) for other in names if other != one)


def _step(node, names):
    match node:
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            yield ast.Pass()


def _constant(node, names):
    match node:
        case ast.FunctionDef():
            for name, value in product(names, (1, 0)):
                yield begun(node, f"{name} = {value}")


KINDS = {    # key: rule, what a right answer has to be given, a question
    "a_sign": (terms.sign, "one sign turned round", "Which of your terms counts the wrong way?"),
    "a_term": (terms.term, "one term left out",
               "What is added or subtracted on the way, and where do you do it?"),
    "a_factor": (terms.factor, "one factor left out",
                 "What is multiplied or divided on the way, and where do you do it?"),
    "mean_for_sum": (arrays.mean, "a mean in place of a sum",
                     "Which sums are wanted, and who divides them by a number of entries?"),
    "keepdims_missing": (arrays.lost_axis, "one axis lost on the way",
                         "Which shape has each of your sums, and what does it line up with?"),
    "batch_sum": (arrays.everything, "a sum, or the like, over everything",
                  "May one row have a say in the result of another?"),
    "wrong_axis": (arrays.axis, "a sum, or the like, along another axis",
                   "Along which axis should each of your sums run?"),
    "transposed": (arrays.transpose, "one transpose too few, or one too many",
                   "Which index of each array do your products sum over?"),
    "two_sides": (terms.sides, "the two sides of one operation swapped",
                  "Which difference, quotient or product is the wrong way round?"),
    "arguments_swapped": (_arguments, "two arguments swapped",
                          "In which order does the def line name them, and do you use them so?"),
    "a_call": (_call, "one function left out",
               "Which steps are there on the way, and which of them do you take?"),
    "a_fraction": (terms.fraction, "a product for a quotient, or a quotient for a product",
                   "What belongs above the line of a fraction, and what below?"),
    "a_power": (terms.power, "one power left out", "What is squared on the way, and where?"),
    "a_twin": (arrays.twin, "the least for the largest, all for any, or the like",
               "Which of an array's entries is wanted: the largest, the least, each?"),
    "a_name": (_name, "one name in the place of another",
               "Which array should each of your lines read?"),
    "a_weight": (terms.twice, "one term doubled or halved", "How often should each term count?"),
    "a_number": (terms.number, "one of its numbers off by one",
                 "Which numbers stand in your lines, and what does each of them count?"),
    "a_step": (_step, "one step left out",
               "Which steps are there on the way, and which of them do you take?"),
    "brackets": (terms.bracket, "a pair of brackets left out",
                 "Which operation comes first where no brackets stand, and which one should?"),
    "one_softmax": (arrays.one_softmax, "one softmax over the whole array",
                    "What should the probabilities of each row add up to?"),
    "labels_as_columns": (arrays.columns, "whole columns, where one entry a row is wanted",
                          "Which entries does x[np.arange(B), labels] take, and which "
                          "x[:, labels]?"),
    "first_entry": (arrays.first, "the first entry, row or column in the place of all of them",
                    "Which of your lines takes number 0, and what of the others?"),
    "a_length": (terms.divided, "one term divided by a number of rows or columns",
                 "Which of your terms is divided by a count, and should it be?"),
    "rounded": (terms.rounded, "numbers that are rounded on the way",
                "Which of your lines rounds, and who asked for it?"),
    "a_constant": (_constant, "0 or 1 in the place of an argument",
                   "Which of the arguments has no say in your result?"),
}
