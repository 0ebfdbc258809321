"""Ordinary slips are made from any function; a piece of code is exchanged as it is written."""

import numpy as np
import pytest

from smlearn import softmax
from smlearn.mistakes.exchange import changed, code_of
from smlearn.mistakes.ordinary_slips import KINDS, ordinary_mistakes

rng = np.random.default_rng(1)
x, W = rng.standard_normal((4, 3)), rng.standard_normal((3, 3))


def right(x, W):
    """Say nothing of what stands here: x -> W, sum."""
    size = (x**2).sum(axis=-1, keepdims=True)  # (B, 1)
    return np.exp(x - size) @ W.T / 3


def largest(x, W):
    """Take the place of a twin."""
    return x.max()


def row_sum(x):
    return x.sum(axis=-1, keepdims=True)


MADE = {  # what each kind makes of it, among other things
    "a_sign": lambda x, W: np.exp(x + row_sum(x**2)) @ W.T / 3,
    "a_term": lambda x, W: np.exp(x) @ W.T / 3,
    "a_factor": lambda x, W: np.exp(x - row_sum(x**2)) @ W.T,
    "mean_for_sum": lambda x, W: np.exp(x - row_sum(x**2) / 3) @ W.T / 3,
    "batch_sum": lambda x, W: np.exp(x - (x**2).sum()) @ W.T / 3,
    "wrong_axis": lambda x, W: np.exp(x - (x**2).sum(axis=0)) @ W.T / 3,
    "transposed": lambda x, W: np.exp(x - row_sum(x**2)) @ W / 3,
    "two_sides": lambda x, W: np.exp(row_sum(x**2) - x) @ W.T / 3,
    "a_call": lambda x, W: (x - row_sum(x**2)) @ W.T / 3,
    "a_fraction": lambda x, W: np.exp(x - row_sum(x**2)) @ W.T * 3,
    "a_power": lambda x, W: np.exp(x - row_sum(x)) @ W.T / 3,
    "a_name": lambda x, W: np.exp(x - row_sum(x**2)) @ x.T / 3,
    "a_weight": lambda x, W: np.exp(x - 2 * row_sum(x**2)) @ W.T / 3,
    "a_number": lambda x, W: np.exp(x - row_sum(x**3)) @ W.T / 3,
    "a_length": lambda x, W: np.exp(x - row_sum(x**2) / 4) @ W.T / 3,
    "rounded": lambda x, W: np.exp(x - row_sum(x**2).round(2)) @ W.T / 3,
    "first_entry": lambda x, W: np.exp(x - row_sum(x**2)[0]) @ W.T / 3,
}


def tried(f, *args):
    try:
        return np.asarray(f(*args))
    except Exception as error:  # a slip may raise whatever it likes
        return type(error)


def gives(mistake, wanted):
    """Whether one of its forms returns these numbers."""
    results = [tried(form, x, W) for form in mistake.forms]
    return any(
        isinstance(one, np.ndarray) and one.shape == wanted.shape and np.allclose(one, wanted)
        for one in results
    )


@pytest.mark.parametrize("kind", MADE)
def test_each_kind_makes_its_slip(kind):
    """By hand beside it; a mean over 3 entries is the sum over 3."""
    made = {mistake.key: mistake for mistake in ordinary_mistakes(right)}
    with np.errstate(all="ignore"):
        assert gives(made[kind], MADE[kind](x, W))


def test_the_other_kinds():
    """An axis is lost, two arguments change places, a maximum is a minimum, a line is left out."""
    made = {mistake.key: mistake for mistake in ordinary_mistakes(right)}
    assert set(made) == set(KINDS)
    with np.errstate(all="ignore"):
        assert gives(made["arguments_swapped"], np.asarray(right(W, x)))
        assert ValueError in [tried(form, x, W) for form in made["keepdims_missing"].forms]
        assert NameError in [tried(form, x, W) for form in made["a_step"].forms]
    (twin,) = [m for m in ordinary_mistakes(largest) if m.key == "a_twin"]
    assert gives(twin, np.asarray(x.min()))


def picked(x, labels, a):
    """Use a softmax, an entry a row, a number, and brackets that are needed."""
    p, centre = softmax(x), x.mean()
    mine = p[np.arange(len(x)), labels]
    return (mine - centre) / (a * (x.std() + 2))


def of_all(x):
    return softmax(x.ravel()).reshape(x.shape)


LABELS = np.array([2, 0, 1, 1])
PICKED = {
    "brackets": [
        lambda p, x, a: p - x.mean() / (a * (x.std() + 2)),
        lambda p, x, a: (p - x.mean()) / a * (x.std() + 2),
        lambda p, x, a: (p - x.mean()) / (a * x.std() + 2),
    ],
    "a_constant": [lambda p, x, a: (p - x.mean()) / (x.std() + 2)],
    "a_length": [
        lambda p, x, a: (p / 3 - x.mean()) / (a * (x.std() + 2)),
        lambda p, x, a: (p - x.mean()) / (a * (x.std() / 4 + 2)),
    ],
}


@pytest.mark.parametrize("kind", PICKED)
def test_brackets_and_numbers_that_are_left_out(kind):
    """Also where a name stands for what the brackets hold."""
    made = {mistake.key: mistake for mistake in ordinary_mistakes(picked)}
    p = softmax(x)[np.arange(4), LABELS]
    results = [tried(form, x, LABELS, 0.5) for form in made[kind].forms]
    for wanted in PICKED[kind]:
        assert any(np.shape(r) == (4,) and np.allclose(r, wanted(p, x, 0.5)) for r in results)


def test_whose_softmax_it_is_and_which_entries_are_taken():
    """One softmax over all rows, or one that lost an axis; whole columns, plain and added up."""
    made = {mistake.key: mistake for mistake in ordinary_mistakes(chosen)}
    square = x[:3]

    def gives_what(key, wanted, *args):
        results = [tried(form, *args) for form in made[key].forms]
        return any(np.shape(r) == wanted.shape and np.allclose(r, wanted) for r in results)

    p, rows = softmax(x), np.arange(4)
    assert gives_what("one_softmax", of_all(x)[rows, LABELS], x, LABELS)
    for columns in (p[:, LABELS], p[:, LABELS].sum(axis=-1), p[:, LABELS].mean(axis=0)):
        assert gives_what("labels_as_columns", columns, x, LABELS)
    e = np.exp(square - square.max(axis=-1, keepdims=True))
    lost = (e / e.sum(axis=-1))[rows[:3], LABELS[:3]]
    assert gives_what("keepdims_missing", lost, square, LABELS[:3])
    assert gives_what("first_entry", p[rows, LABELS[:1]], x, LABELS)


def chosen(x, labels):
    return softmax(x)[np.arange(len(x)), labels]


def clipped(x):
    return np.clip(x, -0.25, 0.5)


def flat(x):
    return x.copy().ravel()


def moved(x, W):
    return x + W


def filled(x):
    y = np.empty(x.shape)
    y[:] = x
    return y


def forms_of(function, kind):
    return {mistake.key: mistake for mistake in ordinary_mistakes(function)}[kind].forms


def test_two_neighbours_of_three_arguments_change_places():
    """The third stays where it is."""
    made = [form(x) for form in forms_of(clipped, "arguments_swapped")]
    np.testing.assert_array_equal(made, [np.clip(-0.25, x, 0.5), np.clip(x, 0.5, -0.25)])


def test_a_method_is_left_out_and_a_copy_is_none():
    """To leave that out changes no number."""
    (made,) = [form(x) for form in forms_of(flat, "a_call")]
    np.testing.assert_array_equal(made, x)


def test_each_argument_has_no_say_as_1_and_as_0():
    """Nobody knows which of the two somebody writes."""
    y = np.arange(12.0).reshape(4, 3)
    made = [np.broadcast_to(form(x, y), x.shape) for form in forms_of(moved, "a_constant")]
    np.testing.assert_array_equal(made, [1 + y, y, x + 1, x])


def test_what_is_left_empty_is_0_each_time():
    """Else a slip would give other numbers with every call."""
    for mistake in ordinary_mistakes(filled):
        for form in mistake.forms:
            assert "empty" not in form.__code__.co_names
    assert "zeros" in forms_of(filled, "a_step")[-1].__code__.co_names


def test_no_slip_is_the_function_itself_and_the_function_stays_as_it_was():
    """The tree is put back after each change: none of them is made on top of another."""
    before = right(x, W)
    forms = [form for mistake in ordinary_mistakes(right) for form in mistake.forms]
    with np.errstate(all="ignore"):
        same = [form for form in forms if np.array_equal(tried(form, x, W), before)]
    assert len(forms) > 30
    assert len(same) <= 2  # -1 and 0 are the same axis of one that has length 1, and the like
    assert np.array_equal(right(x, W), before)


def test_a_slip_has_words_that_show_no_code():
    """What was done and a question; and the two arguments are not named."""
    for mistake in ordinary_mistakes(right):
        assert mistake.did.startswith("This is what a right answer gives with ")
        assert mistake.did.endswith(".")
        assert mistake.ponder.endswith("?")
        assert not {"(", "=", "np", "W", "x"} & set(mistake.did.replace(".", "").split())


def test_a_function_that_needs_what_stands_around_it_has_none():
    """Its names could not be found again."""
    factor = 2.0

    def closed(x):
        return factor * x

    assert ordinary_mistakes(closed) == ()


def test_the_code_has_neither_decorator_nor_docstring():
    """With its comments in place, and a function without a docstring as it is."""
    assert code_of(right).splitlines()[0] == "def right(x, W):"
    assert "Say nothing" not in code_of(right)
    assert code_of(right).splitlines()[1].endswith("# (B, 1)")
    assert code_of(row_sum) == "def row_sum(x):\n    return x.sum(axis=-1, keepdims=True)"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (".sum => .mean", MADE["mean_for_sum"]),
        ("- size => + size", MADE["a_sign"]),
        ("/ 3 =>", MADE["a_factor"]),
        ("np.exp =>; / 3 => * 3", lambda x, W: (x - row_sum(x**2)) @ W.T * 3),
        ("size + x", lambda x, W: row_sum(x**2) + x),
        ("right(W, x)", lambda x, W: right(W, x)),
    ],
)
def test_a_piece_is_exchanged(change, wanted):
    """One, none in its place, two; or what is returned, in names of the lines above."""
    assert np.allclose(changed(right, change)(x, W), wanted(x, W))


@pytest.mark.parametrize(
    ("piece", "often", "todo"),
    [("size", 2, "write more"), ("softmax", 0, "copy it"), ("Say", 0, "copy it")],
)
def test_a_piece_must_stand_once(piece, often, todo):
    """Else nobody could say which is meant; and nothing is looked at before the call."""
    form = changed(right, f"{piece} => y")
    said = f"right: a piece that stands once .* but '{piece}' stands there {often} times; {todo}"
    with pytest.raises(ValueError, match=said):
        form(x, W)


@pytest.mark.parametrize("change", ["x @", ".sum => .sum("])
def test_what_is_exchanged_must_leave_python(change):
    """Else it would crash, and be known as a mistake of a learner's that crashes."""
    with pytest.raises(
        ValueError, match=r"^right: '.*' must leave Python, but got '.*; mend that"
    ):
        changed(right, change)(x, W)
