"""Random cases for a gradient check, each made again by its family's name and a seed.

A case is a function with its right backward pass (families/), in one of the forms that the field
writes them in, its x laid out in memory in one way or another, and the upstreams: one that is
given, of any size, or the check's own, for the usual rng or another. At times a step is given. The
wide precision in which `truth` asks the right backward pass is NumPy's longdouble.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from families import FAMILIES, Function, laid_out, normal, pick, size
from tqdm import tqdm

from smlearn import gradcheck
from smlearn.checking.report import GradcheckReport

INTO = Path(__file__).resolve().parent.parent / "build" / "bench"


class Draw(NamedTuple):
    """A function, the form it is handed over in, and what is given beside it, or None."""

    function: Function
    form: Callable
    dp: np.ndarray | None
    h: float | None
    rng: int | None  # a seed

    def check(self, vjp: Callable | None = None, diagnose: bool = False) -> GradcheckReport:
        """Check the right backward pass, or another one in its place, in the form of the draw."""
        f, right, x = self.function
        with np.errstate(all="ignore"):
            pair = self.form(f, vjp or right)
            rng = None if self.rng is None else np.random.default_rng(self.rng)
            return gradcheck(*pair, x=x, dp=self.dp, h=self.h, rng=rng, diagnose=diagnose)

    def truth(self, x: np.ndarray, dp: np.ndarray) -> np.ndarray:
        """Return the right gradient in a wide precision."""
        with np.errstate(all="ignore"):
            return self.function.vjp(x.astype(np.longdouble), dp.astype(np.longdouble))


def plain(f, vjp):
    return f, vjp


def cached(f, vjp):
    return lambda x: (f(x), (x.copy(),)), lambda dp, cache: vjp(cache[0], dp)


def cached_x(f, vjp):
    return lambda x: (f(x), x.copy()), lambda dp, cache: vjp(cache, dp)


class Layer:
    """What keeps x on the way forward; `quiet` leaves its answers with itself."""

    def __init__(self, f, vjp, quiet=False):
        self.f, self.vjp, self.quiet = f, vjp, quiet

    def forward(self, x):
        self.x, self.output = x.copy(), self.f(x)
        return None if self.quiet else self.output

    def backward(self, dp):
        self.dinputs = self.vjp(self.x, dp)
        return None if self.quiet else self.dinputs


def layer(f, vjp):
    own = Layer(f, vjp)
    return own.forward, own.backward


def quiet_layer(f, vjp):
    own = Layer(f, vjp, quiet=True)
    return own.forward, own.backward


def one(x):
    return np.ones((), x.dtype)


def alone(f, vjp):
    return lambda x: (f(x), vjp(x, one(x))), None


def gradient(f, vjp):
    return f, lambda x: vjp(x, one(x))


def loss(function: Function, rng: np.random.Generator) -> Function:
    """Weigh the outputs of a function at random, and add them up."""
    f, vjp, x = function
    y = np.asarray(f(x))
    w = rng.standard_normal(y.shape).astype(y.dtype)
    return Function(lambda x: (w * f(x)).sum(), lambda x, d: vjp(x, d * w), x)


FORMS = {  # any family in one of these forms
    "a layer": (layer, quiet_layer),
    "(y, cache)": (cached, cached_x),
    "(loss, gradient)": (alone,),
    "a loss and its gradient": (gradient,),
}
NAMES = [*FAMILIES, *FORMS]


def draw(name: str, seed: int) -> Draw:
    """Draw the case of a family that belongs to a seed."""
    rng = np.random.default_rng([seed, *name.encode()])
    dtype = pick(rng, "float64", "float32")
    of = pick(rng, *FAMILIES) if name in FORMS else name
    with np.errstate(all="ignore"):
        function, form = FAMILIES[of](rng, dtype), pick(rng, *FORMS.get(name, (plain,)))
        if form in (alone, gradient):
            function = loss(function, rng)
        function = function._replace(x=laid_out(rng, as_typed(rng, function)))
        return Draw(function, form, upstream(rng, function), step(rng, function),
                    pick(rng, None, int(rng.integers(1_000_000))))  # fmt: skip


def as_typed(rng: np.random.Generator, function: Function) -> np.ndarray:
    """Take whole numbers now and then, as people type them, where f and its dx are defined."""
    f, vjp, x = function
    whole = np.round(x)
    y = np.asarray(f(whole))
    defined = np.isfinite(y).all() and np.isfinite(vjp(whole, y)).all()
    return whole if defined and rng.random() < 0.08 else x


def upstream(rng: np.random.Generator, function: Function) -> np.ndarray | None:
    """Draw an upstream, at times large or small; for every other case none."""
    if rng.random() < 0.5:
        return None
    y = np.asarray(function.f(function.x))
    scale = pick(rng, 1, size(rng, -6, 6))
    dp = normal(rng, y.dtype, *y.shape, scale=scale)
    return dp * (dp == dp.max()) if rng.random() < 0.1 else dp


def step(rng: np.random.Generator, function: Function) -> float | None:
    """Draw a step that f allows, one time in ten, such as people give who know of no better."""
    f, _, x = function
    h = size(rng, *((-7, -3) if x.dtype == "float64" else (-2.5, -1)))
    allowed = np.isfinite(f(x + x.dtype.type(h))).all() and np.isfinite(f(x - h)).all()
    return h if allowed and rng.random() < 0.1 else None


def told(name: str, seed: int, of: Draw) -> str:
    """Say in a line what was drawn."""
    x, dp = of.function.x, of.dp
    given = "own dp" if dp is None else f"dp {dp.shape} up to {np.abs(dp).max():.2g}"
    given += f", h {of.h:.2g}" if of.h else ""
    return (f"{name}, --seed {seed}: {of.form.__name__}, {x.dtype} {x.shape}, "
            f"|x| from {np.abs(x).min():.2g} to {np.abs(x).max():.2g}, {given}")  # fmt: skip


def write(name: str, text: str) -> None:
    """Keep a table in build/bench."""
    INTO.mkdir(parents=True, exist_ok=True)
    (INTO / name).write_text(text + "\n", "utf-8")


def asked(ask: Callable, names: list[str], each: int) -> Iterator:
    """Ask about so many draws of each name, in turns, so that the bar is a fair one."""
    pairs = [(name, seed) for seed in range(each) for name in names]
    for name, seed in tqdm(pairs, leave=False, disable=None):
        yield ask(name, seed)


def options(doc: str, draws: int, kind: str, names: list[str], arguments) -> argparse.Namespace:
    """Read the command line of a script that draws."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--draws", type=int, default=draws, help="all together")
    parser.add_argument("--show", choices=names, metavar=kind, help=", ".join(names))
    parser.add_argument("--seed", type=int, help="one draw of what is shown")
    return parser.parse_args(arguments)
