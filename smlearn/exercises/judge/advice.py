"""What to look at when code raises: one sentence for each of the errors that are common here."""

import re
from collections.abc import Callable

from ..sandbox.call import Run
from ..sandbox.function_behind import function_behind
from ..sandbox.plain_data import name_of

__all__ = ["advice", "shorter"]

SUMS = {"sum", "mean", "max", "min"}
KEEPDIMS = "keepdims=True keeps one that is summed."

# The name of the error, a pattern in its message, what to look at; the first that fits.
ADVICE = [
    ("ValueError", "could not be broadcast", "Print both shapes and line them up from the right: "
     "which axis is missing?"),
    ("ValueError", "could not broadcast input", "What is put in and its place have different "
     "shapes: print both. Is a number of rows or classes written out?"),
    ("ValueError", "enough dimensions", "One side of the product is a single number: print the "
     "shapes of both."),
    ("ValueError", "matmul|mismatch in its core|shapes .* not aligned", "The last axis of the "
     "left and the last but one of the right (or its only one) must be equally long: print both "
     "shapes."),
    ("ValueError", "einstein|einsum|subscript", "Each array needs one letter per axis, and one "
     "letter one length: print the shapes beside the letters."),
    ("ValueError", "truth value of an array", "An if wants one truth value: ask .all() or .any(), "
     "or choose entry by entry with np.where."),
    ("ValueError", "read-only", "The numbers of that array are another's: write into a copy, "
     ".copy(), or make a new array."),
    ("ValueError", "setting an array element|inhomogeneous", "Rows of different lengths make no "
     "array, and one place takes one number: print the shape of each part."),
    ("ValueError", "equal division", "np.split cuts into equal parts only: how many rows are left "
     "over here?"),
    ("ValueError", "at least one array", "There is nothing to join: the list of parts is empty. "
     "For which sizes does its loop not run at all?"),
    ("ValueError", "unpack", "The left side names another number of things than the right side "
     "holds: print what is unpacked."),
    ("ValueError", "axes|transpose", "Count the axes of the array: print its shape."),
    ("ValueError", "reshape", "The two shapes hold different numbers of entries: print both."),
    ("UnboundLocalError", "", "A name that is assigned anywhere in a function belongs to it: give "
     "it a value before this line, or another name."),
    ("NameError", "", "Nothing has that name here: look at its spelling, and at whether the cell "
     "that makes it has been run."),
    ("AxisError", "", "The array has fewer axes than that: print its shape; the last axis is -1."),
    ("IndexError", "too many indices", "The array has fewer axes than the brackets have entries: "
     "print its shape."),
    ("IndexError", "only integers|must be of integer", "An index is a whole number: // divides "
     "into one, and a loop over an array gives its entries, over range(len(...)) their places."),
    ("IndexError", "boolean index|shape mismatch", "What stands in the brackets does not fit the "
     "array, or its parts each other: print the shape of each."),
    ("IndexError", "scalar variable", "That is a single number, which has no entries: which sum, "
     "max or index took its last axis?"),
    ("IndexError", "", "Count from 0: an axis of length D has the indices 0 to D - 1. Print the "
     "shape."),
    ("TypeError", "positional argument|keyword argument", "Compare the call with the def line: "
     "which argument is missing, or one too many?"),
    ("TypeError", "as a data type", "A shape is one argument, in brackets of its own, as in "
     "np.zeros((2, 3))."),
    ("TypeError", "'(int|float)' object is not subscriptable", "A single number has no entries: "
     "print what stands before the [ ]."),
    ("TypeError", "^(?!.*NoneType).*not subscriptable", "Round brackets call, square ones index: "
     "is a call written with [ ]?"),
    ("TypeError", "not callable", "A name that should be a function holds something else: has it "
     "been given another value?"),
    ("TypeError", "builtin_function|function'|'method'|type'", "A function is named and not "
     "called: put ( ) behind it."),
    ("TypeError", r"bitwise_xor|for \^", "A power is written ** in Python: ^ compares bits."),
    ("TypeError", "NoneType", "Something returned None: look for a function without return, or a "
     "method such as .sort() that works in place."),
    ("TypeError", "only integer scalar arrays|interpreted as an integer", "A whole number is "
     "wanted there: np.concatenate takes its arrays as one list, range and np.eye a length."),
    ("TypeError", "item assignment", "A number or a tuple takes no new entry: print its type. "
     "np.array makes an array of it."),
    ("TypeError", "only length-1|only 0-dimensional|scalar arrays", "That function takes one "
     "number: use NumPy's, such as np.exp, or take one entry."),
    ("UFuncTypeError|UFuncOutputCastingError|_UFuncOutputCastingError", "", "An array of whole "
     "numbers or truth values cannot hold the result: make a new one in place of -= or *=."),
    ("TypeError", "tuple|list", "Lists and tuples do not calculate: make arrays with np.array, "
     "or take one entry."),
    ("AttributeError", "module 'numpy'", "NumPy has nothing of that name: look at its spelling, "
     "as in np.exp, np.linalg.norm."),
    ("AttributeError", "'Exercise'", "An exercise has check, hint, solution and use: look at the "
     "spelling."),
    ("AttributeError", "'list'|'tuple'", "A list has no such method: make an array of it with "
     "np.array."),
    ("AttributeError", "", "Print the type of what stands before the dot."),
    ("KeyError", "", "Print the keys that are there."),
    ("ZeroDivisionError", "", "Print what you divide by."),
    ("RecursionError", "", "It calls itself without an end: is the last line's name its own?"),
    ("MemoryError", "", "The array is too large: print the shape that you ask for, and look for "
     "one axis too many."),
    ("IndentationError", "", "The lines of a block begin in one column, and a line that ends with "
     "a colon wants a block: look at the spaces in front."),
    ("SyntaxError", "never closed|unmatched|does not match", "Count the brackets around the ^: "
     "each one that opens is closed by one of its kind."),
    ("SyntaxError", "unterminated|EOL while|EOF while", "A text begins with a quote there, and "
     "no quote ends it."),
    ("SyntaxError", "", "Look at the ^ and right before it: is a comma, a colon, a bracket or a "
     "sign missing, or one too many?"),
    ("ModuleNotFoundError|ImportError", "", "NumPy is all that this exercise needs."),
    ("AssertionError", "", "An assert of your own did not hold: print both of its sides."),
    ("LinAlgError", "", "Print the matrix: is it square, and is it finite?"),
    ("SystemExit", "", "Leave the function with return, not with exit."),
]


def advice(run: Run, f: Callable | None = None) -> str:
    """Return what to look at for the error that a run of f ended with."""
    kinds = "|".join(name_of(kind) for kind in type.mro(type(run.error)))
    written = function_behind(f)
    for name, pattern, sentence in ADVICE:
        if re.search(rf"\b({name})\b", kinds) and re.search(pattern, run.said):
            names = written.__code__.co_names if written else ()
            stretched = "could not be broadcast" in run.said and SUMS & set(names)
            return f"{sentence} {KEEPDIMS}" if stretched else sentence
    if f is None:    # the cell stopped before a check, which has no arguments then
        return "Print what that line works with, right above it."
    called = f.__name__ if written is f and f.__name__.isidentifier() else "yours"
    return f"Put a print in front of that line, and call {called}(*ex.args) in a new cell."


def shorter(said: str) -> str:
    """Return what an error says, without what only NumPy's authors need."""
    if "gufunc" in said:
        sizes = re.search(r"\(size .*\)", said)
        said = f"{said.partition(':')[0]}: the shapes do not fit {sizes[0] if sizes else ''}"
    if "remapped" in said:
        said = re.sub(r"->\([^)]*\)", "", said.replace("remapped ", "").replace(
            " [original->remapped]:", ""))
    said = said.strip()
    return said if len(said) <= 110 else said[:107] + "..."
