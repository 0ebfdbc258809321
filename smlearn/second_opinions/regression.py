"""What scikit-learn's softmax regression makes of the same penguins: notebook 10c asks it."""

import numpy as np

from ..penguins import CENTRE, SPREAD
from ..training.descent import penguin_split
from .recorded import question

__all__ = ["sklearn_regression"]


@question("sklearn")
def sklearn_regression() -> dict:
    """Fit LogisticRegression with C = 1, which is our ridge of 1; by its names for the solvers.

    For each, W (2, 3), b (3,), and how many birds it is right about: trained on, held out. "lbfgs"
    is as it comes; "lbfgs, tight" stops later; "newton-cholesky" is another method.
    """
    from sklearn.linear_model import LogisticRegression

    birds = penguin_split()
    z, held_out = ((bills - CENTRE) / SPREAD for bills in (birds.bills, birds.held_out_bills))
    ways = {"lbfgs": {}, "lbfgs, tight": {"tol": 1e-8, "max_iter": 10_000},
            "newton-cholesky": {"solver": "newton-cholesky", "tol": 1e-10}}
    answers = {}
    for name, options in ways.items():
        model = LogisticRegression(C=1.0, **options).fit(z, birds.labels)
        right = [int(np.sum(model.predict(rows) == labels)) for rows, labels in
                 ((z, birds.labels), (held_out, birds.held_out_labels))]
        answers[name] = {"W": model.coef_.T.tolist(), "b": model.intercept_.tolist(),
                         "right": right}
    return answers
