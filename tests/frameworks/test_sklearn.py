"""scikit-learn itself says what was recorded of it: run by `make test-frameworks`."""

import numpy as np
import sklearn  # noqa: F401  not installed is an error here, not a reason to skip

from smlearn.second_opinions import QUESTIONS, sklearn_regression


def test_its_weights_and_its_counts_are_those_recorded():
    """To 1e-6, which is far less than the notebook prints; and it was asked live."""
    recorded, said = QUESTIONS["sklearn_regression"].record()["answers"], sklearn_regression()
    assert said.source.endswith("live")
    assert set(said.answers) == set(recorded)
    for name, answer in said.answers.items():
        np.testing.assert_allclose(answer["W"], recorded[name]["W"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(answer["b"], recorded[name]["b"], rtol=0, atol=1e-6)
        assert answer["right"] == recorded[name]["right"]
