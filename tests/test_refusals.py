"""Who speaks: a refusal begins with the name of the function that was called, and of no other."""

import ast
import inspect
import pickle
import threading
import traceback
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import smlearn
from smlearn import (
    cross_entropy_backward,
    gradcheck,
    numerical_jacobian,
    numerical_jvp,
    numerical_vjp,
    softmax,
    softmax_vjp,
)
from smlearn._refusals import SPEAKERS, refusal, speaker, speaks
from smlearn.checking import check_adjoint, softmax_stages, taylor_test
from smlearn.exercises import exercise
from smlearn.formulas.exact import exact_vjp
from smlearn.live.scene import Scene
from smlearn.training import descend, regression_gradient

PACKAGE = Path(smlearn.__file__).parent
X = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, -1.0]])
THING = object()


def speaking() -> dict[str, object]:
    """Return each function of the course that speaks, by its name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        if "@speaks" in path.read_text("utf-8").partition("\n\n\n")[2]:
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            module = import_module(".".join(parts).removesuffix(".__init__"))
            kinds = [each for each in vars(module).values() if inspect.isclass(each)]
            for home in (module, *kinds):
                for each in vars(home).values():
                    code = getattr(inspect.unwrap(each), "__code__", None)
                    if code in SPEAKERS and code.co_filename == str(path):
                        found[SPEAKERS[code]] = each
    return found


FUNCTIONS = speaking()


def failed_check():
    """Return a report that ended before anything was measured."""
    return gradcheck(softmax, lambda x, dp: None, X, diagnose=False)


# A thing that is nothing will not do as their arguments: it fails elsewhere, or asks for nothing.
RUBBISH = {
    "attention_errors": lambda f: f(lambda *_: (X * np.nan,) * 3, X, X, X, X),
    "bird": lambda f: f(3),
    "check": lambda f: f(exercise("equal_logits"), 1, 2),
    "exact_vjp": lambda f: f(X, THING),
    "exercise": lambda f: f("nobody"),
    "hint": lambda f: f(exercise("equal_logits"), 0),
    "plot": lambda f: f(failed_check()),
    "plot_graph": lambda f: f([("x", "", "")], [("x", "x", "dx")]),
    "plot_simplex": lambda f: f(np.ones((1, 3)) / 3, "abc", arrows=np.ones((1, 3))),
    "reliability": lambda f: f([0.5], [True, False], [0.0, 1.0]),
    "show": lambda f: f(Figure(), alt=""),
    "stage_table": lambda f: f([], {"dx": X}),
    "to_svg": lambda f: f(Scene(9, 9, (THING,))),
    "torch_gradcheck": lambda f: f(["nobody"]),
    "use": lambda f: f(exercise("equal_logits"), THING),
    "worst_error": lambda f: f(np.zeros((1, 1)), np.array([[Decimal(0)]])),
} | {view: lambda f: f(THING) for view in ("jacobian", "step", "temperature", "upstream")}


def give_rubbish(f):
    """Call f with what it must refuse."""
    parameters = inspect.signature(f).parameters.values()
    f(*[THING for each in parameters if each.default is each.empty])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_refusal_begins_with_the_functions_name(name):
    """And it is a plain TypeError or ValueError, as everybody knows them."""
    with pytest.raises((TypeError, ValueError)) as caught:
        RUBBISH.get(name, give_rubbish)(FUNCTIONS[name])
    assert str(caught.value).startswith(f"{name}: "), caught.value
    assert type(caught.value) in (TypeError, ValueError)


DOORS = {
    f"{home.__name__}.{name}": getattr(home, name)
    for home in (smlearn, smlearn.checking, smlearn.training)
    for name in home.__all__
    if inspect.isroutine(getattr(home, name))
}


@pytest.mark.parametrize("name", DOORS)
def test_what_the_front_doors_raise_themselves_begins_with_a_name(name):
    """Whether they speak, call what speaks, or raise nothing: a bare sentence never comes out."""
    said = ""
    try:
        give_rubbish(DOORS[name])
    except Exception as error:
        *_, last = traceback.extract_tb(error.__traceback__)
        if str(PACKAGE) in last.filename and last.line.startswith("raise "):  # not by NumPy
            said = str(error)
    assert not said or said.partition(": ")[0] in FUNCTIONS, said


def test_most_of_the_course_speaks():
    """So many that the two tests above have something to say; and no rubbish lies about."""
    assert len(FUNCTIONS) > 40
    assert set(RUBBISH) <= set(FUNCTIONS)


def test_the_functions_themselves_are_what_they_were():
    """Nothing is wrapped around them: a signature, a source, a pickle, a name are their own."""
    assert speaks(give_rubbish) is give_rubbish
    del SPEAKERS[give_rubbish.__code__]
    assert pickle.loads(pickle.dumps(softmax_vjp)) is softmax_vjp
    assert inspect.getsource(softmax_vjp).startswith(
        "@speaks\ndef softmax_vjp(x: ArrayLike, dp: ArrayLike)"
    )
    assert softmax_vjp.__code__.co_name == "softmax_vjp"


# ---- who speaks, where several are under way


@speaks
def outer(inside, after=False):
    """Refuse, or let another one do so."""
    inside()
    if after:
        refuse()


@speaks
def inner():
    refuse()


def refuse():
    raise refusal(ValueError, "no")


@np.errstate(over="ignore")
def quiet():
    refuse()


def step_by_step():
    yield 0
    refuse()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: outer(refuse), "outer: no"),
        (lambda: outer(quiet), "outer: no"),
        (lambda: outer(lambda: list(step_by_step())), "outer: no"),
        (lambda: outer(lambda: outer(inner)), "inner: no"),
        (lambda: outer(inner), "inner: no"),
        (lambda: outer(lambda: None, after=True), "outer: no"),
        (refuse, "no"),
    ],
)
def test_the_innermost_function_that_speaks_is_named(call, said):
    """The sentence is about its arguments; what is not public never speaks, alone or between."""
    with pytest.raises(ValueError, match=f"^{said}$"):
        call()
    assert speaker() == ""


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: softmax_stages(X, X[0]), "staged_gradients: dp must have the shape of x"),
        (lambda: descend(X, [0, 3], 3), "cross_entropy: labels must be from 0 to 2, but got 3"),
        (lambda: exact_vjp(X * np.nan, X), "exact_vjp: x must stay within 1e8 of 0"),
        (lambda: descend(X[0], [0], 3), "descend: z must be finite"),
        (lambda: softmax_vjp(X, X[0]), "softmax_vjp: dp must have the shape of x"),
        (lambda: softmax_vjp(THING, X), "softmax_vjp: x must hold real numbers"),
    ],
)
def test_a_public_function_that_calls_another_lets_it_speak(call, said):
    """As its documentation says; what both share has no name of its own."""
    with pytest.raises((TypeError, ValueError), match=f"^{said}"):
        call()


def test_each_thread_has_its_own_speaker():
    """Two refuse while the other is under way."""
    both, said = threading.Barrier(2), []

    def run(function):
        try:
            function(both)
        except ValueError as error:
            said.append(str(error))

    def meet(both):
        both.wait(10)
        refuse()

    @speaks
    def first(both):
        meet(both)

    @speaks
    def second(both):
        meet(both)

    threads = [threading.Thread(target=run, args=[each]) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["first: no", "second: no"]


# ---- what the reader's own functions raise


MINE = ValueError("x: my own words")


def raises_mine(*args, **kwargs):
    raise MINE


def refuses_inside(x, *args):
    return softmax(x * np.nan)


MEASURE = {
    "gradcheck": lambda f: gradcheck(f, softmax_vjp, X),
    "taylor_test": lambda f: taylor_test(f, softmax_vjp, X),
    "check_adjoint": lambda f: check_adjoint(f, softmax_vjp, X),
    "numerical_jacobian": lambda f: numerical_jacobian(f, X),
    "numerical_jvp": lambda f: numerical_jvp(f, X, X),
    "numerical_vjp": lambda f: numerical_vjp(f, X, X),
}


@pytest.mark.parametrize("name", MEASURE)
def test_what_a_measured_function_raises_keeps_its_words(name):
    """The measurement refuses it by its own name, and shows the error itself, as it was raised."""
    with pytest.raises(
        ValueError, match=rf"^{name}: .* raised ValueError: x: my own words;"
    ) as caught:
        MEASURE[name](raises_mine)
    assert caught.value.__cause__ is MINE
    assert str(MINE) == "x: my own words"


@pytest.mark.parametrize("name", MEASURE)
def test_a_refusal_inside_a_measured_function_is_of_the_function_inside(name):
    """softmax refuses the reader's NaN, and the measurement says so."""
    with pytest.raises(
        ValueError, match=rf"^{name}: .* raised ValueError: softmax: the larg"
    ) as caught:
        MEASURE[name](refuses_inside)
    assert str(caught.value.__cause__).startswith("softmax: the largest logit")


def test_what_a_backward_raises_keeps_its_words():
    """In a check it is a finding, in the other tests a refusal; in a descent it goes through."""
    said = "vjp raised ValueError: x: my own words"
    assert gradcheck(softmax, raises_mine, X, diagnose=False).checks[-1].detail == said
    for name, call in [
        ("taylor_test", lambda: taylor_test(softmax, raises_mine, X)),
        ("check_adjoint", lambda: check_adjoint(lambda x, t: x, raises_mine, X)),
    ]:
        with pytest.raises(ValueError, match=f"^{name}: {said}$"):
            call()
    W, b = np.zeros((3, 2)), np.zeros(2)
    for call in (
        lambda: descend(X, [0, 1], 2, backward=raises_mine),
        lambda: regression_gradient(W, b, X, [0, 1], backward=raises_mine),
    ):
        with pytest.raises(ValueError, match=r"^x: my own words$") as caught:
            call()
        assert caught.value is MINE
    with pytest.raises(
        TypeError, match=r"^cross_entropy_backward: cache must be .*\(dloss, cache\)"
    ):
        descend(X, [0, 1], 2, backward=lambda x, labels: cross_entropy_backward(1.0, x))


# ---- and nobody hands a name down


def complaints(source: str) -> list[str]:
    """Find names that are handed down or written out, and functions that speak in vain."""
    tree, found = ast.parse(source), []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        if "where" in (each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)):
            found.append(f"{function.name} has a parameter where")
        decorators = [ast.unparse(each) for each in function.decorator_list]
        if "speaks" in decorators[:-1]:
            found.append(f"{function.name} speaks through {decorators[-1]}")
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    texts = [each for node in raised for each in ast.walk(node) if isinstance(each, ast.Constant)]
    found += [
        f"a sentence of {function.name} begins with its name"
        for function in functions
        for text in texts
        if str(text.value).startswith(f"{function.name}: ")
    ]
    return found


def test_no_function_of_the_course_hands_its_name_down():
    """One idea, in one place: what is said begins with a name by itself."""
    for path in PACKAGE.rglob("*.py"):
        assert complaints(path.read_text("utf-8")) == [], path


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def f(where, x): pass", "f has a parameter where"),
        ("def f(x, *, where=''): pass", "f has a parameter where"),
        ("def f(x):\n    raise ValueError('f: no')", "a sentence of f begins with its name"),
        ("def f(x):\n    raise ValueError(f'f: no {x}')", "a sentence of f begins with its name"),
        ("@speaks\n@np.errstate()\ndef f(x): pass", "f speaks through np.errstate()"),
    ],
)
def test_a_name_that_is_handed_down_is_found(source, complaint):
    """The checker checked."""
    assert complaints(source) == [complaint]


def test_other_words_are_none_of_its_business():
    """NumPy's own where, a docstring, a sentence about something else."""
    source = (
        'def f(x):\n    """f: no."""\n    if x.all(where=x > 0):\n        raise OSError("g: no")'
    )
    assert complaints("@np.errstate()\n@speaks\n" + source) == []
