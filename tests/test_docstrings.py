"""Every public docstring is in numpydoc's form: what goes in and comes out, with its shape."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from numpydoc.docscrape import ClassDoc, FunctionDoc
from numpydoc.validate import validate

import smlearn
from smlearn._refusals import SPEAKERS
from smlearn.formulas import exact, exact_attention

HOME = Path(smlearn.__file__).parent
ROOMS = "checking exercises figures live mistakes second_opinions training".split()

# Not asked for: a second paragraph where a line says it, other functions to see, and that a
# result without a name of its own goes without one, since here it has the formula's. Nor does the
# summary stand below the quotes, which numpydoc before 1.11 wants.
NOT_ASKED = {"ES01", "SA01", "RT02", "GL01"}

# A drawing has no output to compare by hand; the others take an attention, or ask 40 rows of
# each scale.
WITHOUT_EXAMPLE = {
    "new_figure",
    "show",
    "attention_errors",
    "worst_attention_errors",
    "worst_errors",
}

# They lay out, choose or split, and compute by no formula of somebody's.
NO_FORMULA = {"stage_table", "worst_error", "penguin_split"}


def is_code(value: object) -> bool:
    """Say whether a public value has a docstring of its own: a table of numbers has none."""
    return inspect.isfunction(value) or inspect.isclass(value)


def public() -> Iterator[tuple[str, Callable]]:
    """Yield each public name and what it is, once: the package, its rooms, the exact formulas."""
    rooms = [importlib.import_module(f"smlearn.{room}") for room in ROOMS]
    seen = set()
    for module in (smlearn, *rooms, exact, exact_attention):
        for name in module.__all__:
            value = getattr(module, name)
            helper = module in (exact, exact_attention) and "Parameters" not in value.__doc__
            if is_code(value) and id(value) not in seen and not helper:
                seen.add(id(value))
                yield f"{module.__name__}.{name}", value


PUBLIC = dict(public())
FUNCTIONS = sorted(name for name, value in PUBLIC.items() if inspect.isfunction(value))
CLASSES = sorted(PUBLIC.keys() - set(FUNCTIONS))


def complaints(name: str) -> list[str]:
    """Return what numpydoc has against the docstring of a function, by its full name."""
    said = validate(name)["errors"]
    last = name.rpartition(".")[2]
    drawn = last.startswith("plot_") or ".live." in name or last in WITHOUT_EXAMPLE
    not_asked = NOT_ASKED | {"EX01"} if drawn else NOT_ASKED
    return [f"{code} {text}" for code, text in said if code not in not_asked]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_says_what_it_takes_and_gives(name):
    """`softmax_vjp?` in a notebook is where a learner looks first."""
    assert complaints(name) == []


def undocumented(result: type) -> list[str]:
    """Return the fields of a tuple or a dataclass that its docstring has no word on."""
    fields = getattr(result, "_fields", ()) or getattr(result, "__dataclass_fields__", ())
    told = ", ".join(each.name for each in ClassDoc(result)["Attributes"]).split(", ")
    return [name for name in fields if name not in told]


@pytest.mark.parametrize("name", CLASSES)
def test_each_result_says_what_its_fields_are(name):
    """Without it, help says "Alias for field number 0"."""
    assert undocumented(PUBLIC[name]) == []


MODULES = [  # those of the reference: tools/site_build.py
    ".".join(path.relative_to(HOME.parent).with_suffix("").parts)
    for room in ["", "formulas", *ROOMS]
    for path in sorted((HOME / room).glob("[!_]*.py"))
    if "\n__all__ = " in path.read_text("utf-8")
]


def silent(module: object) -> list[str]:
    """Return the functions and classes that a module offers and says nothing of."""
    offered = {name: getattr(module, name) for name in module.__all__}
    return [name for name, value in offered.items() if is_code(value) and not value.__doc__]


@pytest.mark.parametrize("name", MODULES)
def test_whatever_a_module_offers_has_a_line(name):
    """The site's reference leaves out what has none, without a word."""
    assert silent(importlib.import_module(name)) == []


def test_a_name_without_a_line_is_told():
    """A table of numbers has none; a function does."""
    offers = {"__all__": ["is_code", "bare", "TABLE"], "is_code": is_code, "TABLE": {}}
    assert silent(SimpleNamespace(**offers, bare=lambda: 0)) == ["bare"]


class Pair(NamedTuple):
    """Two numbers.

    Attributes
    ----------
    left : float
        The first.
    """

    left: float
    right: float


def test_a_field_without_a_word_is_told():
    """The check above can fail."""
    assert undocumented(Pair) == ["right"]


@pytest.mark.parametrize("name", CLASSES)
def test_each_result_says_what_it_is(name):
    """Learners are given them and do not make them: a summary in numpydoc's form is asked for."""
    said = validate(name)["errors"]
    assert [text for code, text in said if code[:2] in ("GL", "SS") and code != "GL01"] == []


def shapeless(function: Callable) -> list[str]:
    """Return the parameters that are arrays and have no shape in the type slot."""
    given = FunctionDoc(function)["Parameters"]
    arrays = [each for each in given if "array_like" in each.type or "ndarray" in each.type]
    return [
        each.name for each in arrays if "(" not in each.type and "of the shape of" not in each.type
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arrays_have_their_shape_in_the_type_slot(name):
    """That is where a NumPy user looks."""
    assert shapeless(PUBLIC[name]) == []


def right(x):
    """Double the logits.

    Parameters
    ----------
    x : (..., D) array_like
        Logits.

    Returns
    -------
    y : (..., D) ndarray
        Twice as large.

    Examples
    --------
    >>> right(2)
    4
    """
    return 2 * x


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("Double", "Doubles", "SS05"),
        ("Double the logits.", "Double the logits", "SS03"),
        (
            "    Returns\n    -------\n    y : (..., D) ndarray\n        Twice as large.\n",
            "",
            "RT01",
        ),
        ("        Twice as large.\n", "", "RT03"),
        ("    x : (..., D)", "    z : (..., D)", "PR01"),
        ("        Logits.\n", "", "PR07"),
        (" : (..., D) array_like", "", "PR04"),
        ("    Examples\n    --------\n    >>> right(2)\n    4\n", "", "EX01"),
    ],
)
def test_a_docstring_that_lacks_something_is_told(monkeypatch, old, new, complaint):
    """The check above can fail, for each thing that is asked for."""
    assert complaints(f"{__name__}.right") == []
    assert old in right.__doc__
    monkeypatch.setattr(right, "__doc__", right.__doc__.replace(old, new))
    assert any(said.startswith(complaint) for said in complaints(f"{__name__}.right"))


def test_an_array_without_a_shape_is_told(monkeypatch):
    """numpydoc itself asks for a type only."""
    assert shapeless(right) == []
    monkeypatch.setattr(
        right, "__doc__", right.__doc__.replace("(..., D) array_like", "array_like")
    )
    assert shapeless(right) == ["x"]


NUMERIC = [
    name
    for name in FUNCTIONS
    if re.match(r"smlearn\.(checking|formulas|training)\b", PUBLIC[name].__module__)
    and name.rpartition(".")[2] not in NO_FORMULA
]
NAMED = {name.rpartition(".")[2]: PUBLIC[name] for name in FUNCTIONS}


def sourced(function: Callable, asked: frozenset = frozenset()) -> bool:
    """Say whether a docstring has References, or refers in `backticks` to one that has."""
    if FunctionDoc(function)["References"]:
        return True
    others = {NAMED[word] for word in re.findall(r"`(\w+)`", function.__doc__) if word in NAMED}
    return any(sourced(other, asked | {function}) for other in others - asked - {function})


@pytest.mark.parametrize("name", NUMERIC)
def test_a_formula_has_its_source(name):
    """A reader who doubts it wants to know where it is derived."""
    assert sourced(PUBLIC[name])


def test_a_formula_without_a_source_is_told():
    """The check above can fail; and two that refer to each other alone have none."""
    assert len(NUMERIC) > 35
    assert not sourced(right)

    def see():
        """Return it, as `see`."""

    assert not sourced(see)


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if PUBLIC[n].__code__ in SPEAKERS])
def test_a_function_that_refuses_says_what(name):
    """Who gives its name to errors has a section on them."""
    assert FunctionDoc(PUBLIC[name])["Raises"]


def test_every_room_is_looked_at():
    """A name that a room hands out is public, whichever file it stands in."""
    assert len(FUNCTIONS) > 70
    assert {"smlearn.softmax_vjp", "smlearn.figures.plot_simplex"} <= set(FUNCTIONS)


def test_a_section_that_numpydoc_does_not_know_is_told(monkeypatch):
    """It would be dropped from what a learner reads, without a word."""
    monkeypatch.setattr(right, "__doc__", right.__doc__.replace("Examples", "Formulae"))
    with pytest.raises(UserWarning, match="Unknown section Formulae"):
        complaints(f"{__name__}.right")
