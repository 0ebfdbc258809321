"""A backward pass is called as it is written: right ones of every make pass, wrong ones fail."""

from functools import partial

import numpy as np
import pytest

from smlearn import softmax, softmax_vjp
from smlearn.checking import check_adjoint, gradcheck, taylor_test
from smlearn.checking.calling import places


@pytest.fixture
def x(rng):
    return rng.standard_normal((4, 3))


def back(p, dp):
    """p * (dp - <p, dp>)."""
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True))


class Layer:
    """Keeps p; `wrong` is a factor on its way back."""

    wrong = 1

    def forward(self, x):
        self.p = softmax(x)
        return self.p

    def backward(self, dp):
        return self.wrong * back(self.p, dp)


class Stores(Layer):
    """Nothing is returned, neither way."""

    def forward(self, x):
        self.inputs, self.output = x, softmax(x)

    def backward(self, dp, rate=0.1):
        self.dinputs = self.wrong * back(self.output, dp)


class StoresByItsOwnName(Layer):
    def backward(self, dp):
        self.wanted = self.wrong * back(self.p, dp)


class StoresMore(Layer):
    """Another one of that shape is stored first."""

    def backward(self, dp):
        self.each = self.p * dp
        self.dx = self.wrong * back(self.p, dp)


class OneBuffer(Layer):
    """One array for all values of f, and one that is written anew for all gradients."""

    def __init__(self):
        self.p, self.dx = np.empty((4, 3)), np.empty((4, 3))

    def forward(self, x):
        if x.shape != (4, 3):
            raise ValueError("made for (4, 3)")
        self.p[...] = softmax(x)
        return self.p

    def backward(self, dp):
        self.dx[...] = self.wrong * back(self.p, dp)


class Counts(Layer):
    calls = 0

    def forward(self, x):
        self.calls += 1
        return super().forward(x)

    def backward(self, dp):
        self.calls += 1
        return super().backward(dp)


class UsedUp(Layer):
    """What forward kept is gone after one backward."""

    def backward(self, dp):
        p, self.p = self.p, None
        return self.wrong * back(p, dp)


class Stack(Layer):
    def __init__(self):
        self.kept = []

    def forward(self, x):
        self.kept.append(softmax(x))
        return self.kept[-1]

    def backward(self, dp):
        return self.wrong * back(self.kept.pop(), dp)


class Generates(Layer):
    def forward(self, x):
        self.steps = self.run(x)
        return next(self.steps)

    def run(self, x):
        p = softmax(x)
        dp = yield p
        yield self.wrong * back(p, dp)

    def backward(self, dp):
        return self.steps.send(dp)


class Called(Layer):
    def __call__(self, x):
        return self.forward(x)


class Memo(Layer):
    """Knows every x that f met, and no other."""

    def __init__(self):
        self.met = {}

    def forward(self, x):
        self.met[x.tobytes()] = softmax(x)
        return softmax(x)

    def both(self, x, dp):
        return self.wrong * back(self.met[x.tobytes()], dp)


def closure(wrong):
    kept = []

    def forward(x):
        kept[:] = [softmax(x)]
        return kept[0]

    return forward, lambda dp: wrong * back(kept[0], dp)


CACHE = {}


def forward_to_module(x):
    CACHE["p"] = softmax(x)
    return CACHE["p"]


def keep_in(store, x):
    store["p"] = softmax(x)
    return store["p"]


def from_store(store, wrong, dp):
    return wrong * back(store["p"], dp)


def of(kind, wrong):
    """Return the forward and backward pass of a layer of that kind."""
    layer = kind()
    layer.wrong = wrong
    return layer.forward, layer.backward


def called(wrong):
    layer = Called()
    layer.wrong = wrong
    return layer, layer.backward


def by_partial(wrong):
    store = {}
    return partial(keep_in, store), partial(from_store, store, wrong)


def method_by_partial(wrong):
    forward, backward = of(Stores, wrong)
    return forward, partial(backward, rate=0.5)


LAYERS = {
    **{kind.__name__: partial(of, kind) for kind in (
        Layer, Stores, StoresByItsOwnName, StoresMore, OneBuffer, Counts, UsedUp, Stack,
        Generates)},
    "Called": called,
    "closure": closure,
    "module": lambda wrong: (forward_to_module, lambda dp: wrong * back(CACHE["p"], dp)),
    "partial": by_partial,
    "partial of a method": method_by_partial,
}  # fmt: skip
LIVES = "f(x) is called before each backward: it depends on f's last x"


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("wrong", [1, -1, 1.001])
def test_a_layer_is_checked_as_it_is(x, kind, wrong):
    """One argument; the right one passes, and is said to depend on the last forward."""
    report = gradcheck(*LAYERS[kind](wrong), x)
    assert report.verdict == ("PASS" if wrong == 1 else "FAIL"), report
    assert LIVES in report.notes
    assert LIVES in str(report)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("wrong", [1, -1])
def test_a_layer_behind_two_arguments_is_found_out(x, kind, wrong):
    """x plays no part, and f was called elsewhere in between."""
    forward, backward = LAYERS[kind](wrong)
    report = gradcheck(forward, lambda x, dp: backward(dp), x)
    assert report.verdict == ("PASS" if wrong == 1 else "FAIL"), report
    assert report.notes == (LIVES,)


def test_a_backward_of_a_linear_map_lives_on_nothing(x):
    """It takes dp alone, and answers alike whatever f was called with."""
    w = np.arange(6.0).reshape(3, 2)
    for factor, verdict in ((1, "PASS"), (-1, "FAIL")):
        report = gradcheck(lambda x: x @ w, lambda dp: factor * dp @ w.T, x)  # noqa: B023
        assert (report.verdict, report.notes) == (verdict, ())


def test_every_evaluation_is_counted_for_layers_too(x):
    """Also those before each backward."""
    layer = Counts()
    layer.backward = lambda dp: back(layer.p, dp)
    report = gradcheck(layer.forward, layer.backward, x)
    assert (report.verdict, report.n_evals) == ("PASS", layer.calls)


def test_a_pure_backward_costs_no_evaluation_and_no_word(x):
    """It answers alike wherever f was called last; what f alone costs is what it did."""
    report = gradcheck(softmax, softmax_vjp, x)
    assert (report.n_evals, report.notes) == (43, ())


class Relu:
    def forward(self, x):
        self.on = x > 0
        return x * self.on

    def backward(self, dp):
        return dp * self.on


class Log:
    """Refuses what is not above 0, so f cannot be called on the other side."""

    def forward(self, x):
        if (x <= 0).any():
            raise ValueError("only above 0")
        self.x = x
        return np.log(x)

    def backward(self, dp):
        return dp / self.x


class Dense:
    """Keeps x, adds up what its weights get, stores the rest."""

    def __init__(self):
        self.w = np.random.default_rng(5).standard_normal((3, 5))
        self.dw = np.zeros((3, 5))

    def forward(self, x):
        self.x = x
        return x @ self.w

    def backward(self, dp):
        self.dw += self.x.T @ dp
        self.dinputs = dp @ self.w.T


@pytest.mark.parametrize("kind", [Relu, Log, Dense])
def test_layers_that_are_no_softmax(x, kind):
    """Kinks, an edge, weights; one argument or two."""
    layer = kind()
    for backward in (layer.backward, lambda x, dp: (layer.backward(dp), layer.dinputs)[1]
                     if kind is Dense else layer.backward(dp)):  # fmt: skip
        report = gradcheck(layer.forward, backward, np.abs(x) if kind is Log else x)
        assert report.verdict == "PASS", report


class FirstOnly(Layer):
    """Keeps the first x it meets, for good."""

    p = None

    def forward(self, x):
        self.p = softmax(x) if self.p is None else self.p
        return softmax(x)


class OneLate(Layer):
    """Goes back with what the forward before the last one kept."""

    old = new = None

    def forward(self, x):
        self.old, self.new = self.new, softmax(x)
        self.p = self.new if self.old is None else self.old
        return self.new


class OtherRow(Layer):
    def backward(self, dp):
        return back(np.roll(self.p, 1, axis=0), dp)


@pytest.mark.parametrize("kind", [FirstOnly, OneLate, OtherRow])
@pytest.mark.parametrize("places", [1, 2])
def test_a_stale_cache_that_is_used_fails(x, kind, places):
    """It belongs to another x than the last one, or to another row."""
    layer = kind()
    backward = layer.backward if places == 1 else lambda x, dp: layer.backward(dp)
    report = gradcheck(layer.forward, backward, x)
    assert report.verdict == "FAIL", report


def test_what_keeps_something_for_each_x_is_shown_each_x(x):
    """The laws ask at other x; f is called there first, if the backward pass stumbles."""
    layer = Memo()
    report = gradcheck(layer.forward, layer.both, x)
    assert report.verdict == "PASS", report
    layer.wrong = -1
    assert gradcheck(layer.forward, layer.both, x).verdict == "FAIL"


class OwnCache(Layer):
    """Hands itself over as its cache, stores its answer, and adds up."""

    touch = staticmethod(lambda layer, dx: None)

    def forward(self, x):
        self.p = softmax(x)
        return self.p, self

    @staticmethod
    def back(dp, layer):
        layer.dinputs = layer.wrong * back(layer.p, dp)
        layer.touch(layer, layer.dinputs)
        return layer.dinputs


def add_up(layer, dx):
    layer.total = getattr(layer, "total", 0) + dx.sum()
    layer.seen = [*getattr(layer, "seen", []), dx]


def scale(layer, dx):
    layer.p *= 1.5


def replace(layer, dx):
    layer.p = layer.p / 2


@pytest.mark.parametrize(("touch", "verdict"), [
    (OwnCache.touch, "PASS"), (add_up, "PASS"), (scale, "FAIL"), (replace, "FAIL")])  # fmt: skip
@pytest.mark.parametrize("used", [False, True])
def test_a_layer_that_is_its_own_cache_may_store_but_not_change(x, touch, verdict, used):
    """What it adds is not what forward kept; whether or not it has been used before."""
    layer = OwnCache()
    if used:
        layer.back(x, layer.forward(-x)[1])
    layer.touch = touch
    report = gradcheck(layer.forward, layer.back, x)
    assert report.verdict == verdict, report
    assert ("the cache was changed in place" in str(report)) == (verdict == "FAIL")
    layer.wrong, layer.touch = -1, OwnCache.touch
    assert gradcheck(layer.forward, layer.back, x).verdict == "FAIL"


@pytest.mark.parametrize("kind", [Stack, UsedUp])
@pytest.mark.parametrize("wrong", [1, -1])
def test_a_layer_that_is_its_own_cache_may_use_up_what_it_kept(x, kind, wrong):
    """The next forward makes it anew."""
    layer = kind()
    layer.wrong = wrong
    report = gradcheck(lambda x: (layer.forward(x), layer), lambda dp, own: own.backward(dp), x)
    assert report.verdict == ("PASS" if wrong == 1 else "FAIL"), report
    assert "in place" not in str(report)


def test_a_cache_that_is_made_for_one_backward_may_not_be_used_up(x):
    """Whoever holds it may go back twice."""
    report = gradcheck(lambda x: (softmax(x), [softmax(x)]), lambda dp, c: back(c.pop(), dp), x)
    assert "the cache was changed in place" in str(report)


def test_a_name_may_be_added_to_a_cache_and_a_place_may_not(x):
    """cache["dx"] = dx changes nothing that was there; a list that grows is another list."""

    def adds(dp, cache):
        cache["dx"] = back(cache["p"], dp)
        return cache["dx"]

    def grows(dp, cache):
        cache.append(dp)
        return back(cache[0], dp)

    def cache(x):
        return softmax(x), {"p": softmax(x), "of": {"b": 1}, "b": 1}

    def changes(change):
        def vjp(dp, cache):
            p = cache["p"]
            change(cache)
            return back(p, dp)

        return "the cache was changed in place" in str(gradcheck(cache, vjp, x))

    assert gradcheck(cache, adds, x).verdict == "PASS"
    assert not changes(lambda cache: cache.update(new=1))
    for change in (
        lambda cache: cache.update(p={"a": 1}),
        lambda cache: cache.update(of=np.ones(3)),
        lambda cache: cache.pop("b"),
    ):
        assert changes(change)
    report = gradcheck(lambda x: (softmax(x), [softmax(x)]), grows, x)
    assert "the cache was changed in place" in str(report)


def test_a_backward_that_returns_and_stores_nothing_is_asked_for_a_return(x):
    """As before; and an array of another shape is no answer."""

    class Forgets(Layer):
        def backward(self, dp):
            self.column = back(self.p, dp)[:, :1]

    layer = Forgets()
    report = gradcheck(layer.forward, layer.backward, x)
    assert report.checks[-1].detail == "vjp returned None; is there a return?"


def test_a_forward_that_returns_nothing_must_store_under_a_usual_name(x):
    """Of two arrays nobody can tell which is the output."""

    class Forgets(Layer):
        def forward(self, x):
            self.e = np.exp(x)
            self.p = softmax(x)

    layer = Forgets()
    with pytest.raises(ValueError, match="is there a return, and is it an array"):
        gradcheck(layer.forward, layer.backward, x)


def test_places_are_counted_as_a_call_would_fill_them():
    """Defaults leave a choice, keywords none; what does not tell takes two."""
    layer = Stores()
    assert [[*places(f)] for f in (
        lambda: 0, lambda dp: 0, softmax_vjp, lambda x, dp=1: 0, layer.backward,
        partial(from_store, {}, 1), lambda *args: 0, lambda dp, *, rate=1: 0, lambda a, b, c=0: 0,
        lambda a, b, c: 0,
        dict)] == [[0], [1], [2], [1, 2], [1, 2], [1], [2], [1], [2], [2], [2]]  # fmt: skip


def test_the_other_two_tests_take_layers_too(x):
    """The Taylor rate of a layer is 2, and 1 if it is wrong; the adjoint identity holds."""
    for wrong, rate in [(1, 2), (-1, 1)]:
        taylor = taylor_test(*of(Layer, wrong), x)
        assert taylor.rate == pytest.approx(rate, abs=0.1)
    layer = Layer()
    layer.forward(x)
    assert not check_adjoint(lambda x, t: 2 * back(layer.forward(x), t), layer.backward, x).passed
    assert check_adjoint(lambda x, t: back(layer.forward(x), t), layer.backward, x).passed
