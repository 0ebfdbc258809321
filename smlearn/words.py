"""The running example of attention: seven words, each with a query, a key and a value.

A trained model makes these vectors with matrices that it has learned; here they are written by
hand, so that they can be read. The columns of q and k stand for thing, deed and state, those of v
for alive and wet. Notebook 11 writes them out.
"""

import numpy as np

from ._inputs import Array

__all__ = ["WORDS", "seven_words"]

WORDS = ("the", "penguin", "dived", "because", "it", "was", "hungry")


def seven_words() -> tuple[Array, Array, Array]:
    """Return the words' queries, keys and values.

    Returns
    -------
    q, k, v : (7, 3), (7, 3), (7, 2) ndarray

    Examples
    --------
    >>> q, k, v = seven_words()
    >>> print(WORDS[4], q[4], k[4], v[4])
    it [3. 0. 0.] [1. 0. 0.] [1. 0.]
    """
    q = [[3, 0, 0], [0, 0, 0], [3, 0, 0], [0, 3, 0], [3, 0, 0], [0, 0, 0], [2, 0, 0]]
    k = [[0, 0, 0], [2, 0, 0], [0, 2, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 2]]
    v = [[0, 0], [2, 1], [0, 3], [0, 0], [1, 0], [0, 0], [2, -1]]
    return np.array(q, float), np.array(k, float), np.array(v, float)
