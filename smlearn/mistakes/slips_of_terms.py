"""Ordinary slips in the terms of a formula: signs, factors, brackets, numbers.

Each is a rule: of a node of a function's syntax tree, and the names of its parameters, it yields
what people write there.
"""

import ast
import copy
from collections import Counter
from contextlib import suppress
from itertools import product

from .exchange import begun, like, written

__all__ = ["bracket", "divided", "factor", "fraction", "number", "power", "rounded", "sides",
           "sign", "term", "twice"]

COMMUTE = ast.Add, ast.Mult


def sign(node, names):
    """Turn a sign round."""
    match node:
        case ast.BinOp(op=ast.Add()):
            yield like(node, op=ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield like(node, op=ast.Add())
        case ast.UnaryOp(op=ast.USub()):
            yield node.operand


def term(node, names):
    """Leave a term out."""
    match node:
        case ast.BinOp(op=ast.Add()):
            yield from (node.left, node.right)
        case ast.BinOp(op=ast.Sub()):
            yield from (node.left, node.right, ast.UnaryOp(ast.USub(), node.right))


def factor(node, names):
    """Leave a factor out, or a divisor."""
    match node:
        case ast.BinOp(op=ast.Mult() | ast.MatMult()):
            yield from (node.left, node.right)
        case ast.BinOp(op=ast.Div()):
            yield node.left


def fraction(node, names):
    """Divide for multiply, or multiply for divide."""
    match node:
        case ast.BinOp(op=ast.Mult()):
            yield like(node, op=ast.Div())
            yield ast.BinOp(node.right, ast.Div(), node.left)
        case ast.BinOp(op=ast.Div()):
            yield like(node, op=ast.Mult())


def sides(node, names):
    """Swap the two sides of a difference, of a quotient, of a product of matrices."""
    match node:
        case ast.BinOp(left=left, right=right, op=op) if type(op) not in COMMUTE:
            yield ast.BinOp(right, op, left)


def power(node, names):
    """Leave a power out."""
    match node:
        case ast.BinOp(op=ast.Pow()):
            yield node.left


def number(node, names):
    """Count one more, or one less."""
    match node:
        case ast.Constant(value=int() | float() as value) if type(value) is not bool:
            yield from map(ast.Constant, (value + 1, value - 1))


def twice(node, names):
    """Take twice or half a term."""
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() as op):
            for factor in (2, 0.5):
                yield ast.BinOp(ast.BinOp(ast.Constant(factor), ast.Mult(), left), op, right)
                yield ast.BinOp(left, op, ast.BinOp(ast.Constant(factor), ast.Mult(), right))


def divided(node, names):
    """Divide a term by a number of rows, or of classes."""
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub()):
            for name, n in product(names, ("len({})", "{}.shape[-1]")):
                yield like(node, left=written(f"_ / {n.format(name)}", left))
                yield like(node, right=written(f"_ / {n.format(name)}", right))


def rounded(node, names):
    """Round on the way, to 1, 2, 3 or 4 decimals."""
    match node:
        case ast.Assign(value=value):
            for digits in range(1, 5):
                yield like(node, value=written(f"_.round({digits})", value))
        case ast.FunctionDef():
            for name, digits in product(names, range(1, 5)):
                yield begun(node, f"{name} = {name}.round({digits})")
        case ast.Call(func=ast.Name()):
            for digits in range(1, 5):
                yield written(f"_.round({digits})", node)


def bracket(node, names):
    """Leave a pair of brackets out."""
    match node:
        case ast.FunctionDef():    # as it is written, and as somebody writes it in one line
            for code in dict.fromkeys(map(ast.unparse, (node, _in_one_line(node)))):
                for start, end in _brackets(code):
                    rest = f"{code[:start]} {code[start + 1:end]} {code[end + 1:]}"
                    with suppress(SyntaxError):
                        yield ast.parse(rest).body[0]


def _brackets(code):
    """Yield where a pair of round brackets begins and ends that calls nothing."""
    begun = []
    for at, letter in enumerate(code):
        if letter == "(":
            begun.append(at)
        elif letter == ")":
            start = begun.pop()
            if not (code[start - 1].isalnum() or code[start - 1] in "_])"):
                yield start, at


def _in_one_line(function):
    """Write a function with the value of each name that is made once in the place of the name."""
    whole, values = copy.deepcopy(function), {}
    stored = Counter(n.id for n in ast.walk(whole)
                     if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load))
    stored.update(n.id for each in ast.walk(whole) if _changes_what_it_reads(each)
                  for n in ast.walk(each) if isinstance(n, ast.Name))

    class Values(ast.NodeTransformer):
        def visit_Name(self, node):
            return copy.deepcopy(values.get(node.id, node))

    body, whole.body = whole.body, []
    for line in map(Values().visit, body):
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if stored[name] == 1:
                values[name] = value
            case _:
                whole.body.append(line)
    return whole


def _changes_what_it_reads(node):
    return isinstance(node, ast.Expr | ast.AugAssign) or (
        isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store))
