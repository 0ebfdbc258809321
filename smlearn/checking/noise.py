"""How much of a difference is rounding? Measured: f may round more than its values show.

(100 + sin x) - 100 returns numbers of size 0.1 whose last digits are those of 100. In steps so
short that f is a parabola, but for what nobody could see, the differences of order 4 of its values
leave the noise alone, 70 times its variance (70 = 1 + 16 + 36 + 16 + 1):

    noise = rms(f[k-2] - 4 f[k-1] + 6 f[k] - 4 f[k+1] + f[k+2]) / sqrt(70)

Hamming (1962), Numerical Methods for Scientists and Engineers; Moré & Wild (2011), Estimating
computational noise, SIAM Journal on Scientific Computing 33.
"""

import numpy as np

from .._inputs import Array
from .backward_pair import Case
from .differences import evaluate

__all__ = ["backward_noise", "noise_along", "noise_of_values", "room_for"]

POINTS = np.arange(-4, 5)
SHORTER = 256    # than the step of the measurement: a kink is seldom so near


def noise_of_values(case: Case) -> list[float]:
    """Measure the noise of <dp, f> near x for each upstream, in a random direction.

    Returns
    -------
    noise : list of float
        Its standard deviation; 0 where f is exact. A kink as near as h / 64 counts as noise.
    """
    rng = np.random.default_rng(4)
    t = rng.choice([-1, 1], case.x.shape) * rng.uniform(0.5, 1, case.x.shape)
    return noise_along(case, t * case.h / SHORTER, case.upstreams)


def noise_along(case: Case, t: Array, upstreams: list[Array]) -> list[float]:
    """Measure the noise of <dp, f> for each upstream at x + k t, k = -4 to 4.

    t is changed to steps that x takes exactly, of 8 in its last place at least.
    """
    ulp = np.spacing((np.abs(case.x) + np.abs(4 * t)).astype(case.x.dtype))
    whole = np.round(t / ulp)
    t = np.where(np.abs(whole) < 8, 8 * np.sign(t), whole) * ulp
    values = np.array([evaluate(case.pair.value, case.x + (k * t).astype(case.x.dtype))
                       for k in POINTS], dtype=float)
    rough = np.diff(values, 4, axis=0).reshape(len(POINTS) - 4, -1)
    return [float(np.sqrt(np.mean((rough @ np.ravel(dp))**2) / 70)) for dp in upstreams]


def room_for(noise: float, h: float) -> float:
    """Return how far noise of that size may move a central difference at step h / 2."""
    return 16 * noise / h


def backward_noise(case: Case, dp: Array) -> Array:
    """Return how far apart dx comes, at most, where every x and dp is off in its last digit.

    dx at x itself is not asked: there it may be wrong alone, at a tie.
    """
    u, rng = np.finfo(case.x.dtype).eps, np.random.default_rng(5)

    def last_digit(a: Array) -> Array:
        return (a * (1 + u * rng.choice([-1, 1], a.shape))).astype(a.dtype)

    return np.ptp([case.pair.dx(last_digit(case.x), last_digit(dp)) for _ in range(4)], axis=0)
