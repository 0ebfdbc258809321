"""The data are whole, and the running example's weights are the ones that training finds."""

import numpy as np
import pytest

from smlearn import (
    SPECIES,
    four_birds,
    load_penguins,
    one_bird,
    penguin_logits,
    softmax,
    softmax_vjp,
)
from smlearn.penguins import BIASES, CENTRE, FOUR_BIRDS, SPREAD, WEIGHTS


def train(x, species, W, b, steps, step=0.004):
    """Descend the summed cross-entropy plus half the summed squares of the weights."""
    y = np.eye(3)[[SPECIES.index(name) for name in species]]  # (N, 3)
    for _ in range(steps):
        z = x @ W + b  # (N, 3)
        dz = softmax_vjp(z, -y / softmax(z))  # (N, 3)  dp of -sum log p_y
        W, b = W - step * (x.T @ dz + W), b - step * dz.sum(axis=0)
    return W, b


@pytest.fixture(scope="module")
def bills():
    """Length and depth of the training birds' bills, (274, 2), and their species, (274,)."""
    birds = load_penguins()
    rows = np.flatnonzero(~np.isnan(birds.bill_length_mm))
    rows = rows[rows % 5 != 4]
    return np.stack([birds.bill_length_mm, birds.bill_depth_mm], -1)[rows], birds.species[rows]


@pytest.fixture(scope="module")
def trained(bills):
    """W and b after 4000 steps from 0."""
    return train((bills[0] - CENTRE) / SPREAD, bills[1], np.zeros((2, 3)), np.zeros(3), steps=4000)


def test_the_running_weights_are_what_training_finds(trained):
    """Convex, so there is one minimum; the package holds it to three decimals."""
    W, b = trained
    np.testing.assert_allclose(WEIGHTS, W, rtol=0, atol=5.1e-4)
    np.testing.assert_allclose(BIASES, b, rtol=0, atol=5.1e-4)


def test_training_has_arrived(bills, trained):
    """At the minimum further steps change nothing."""
    further = train((bills[0] - CENTRE) / SPREAD, bills[1], *trained, steps=500)
    for early, late in zip(trained, further, strict=True):
        np.testing.assert_allclose(early, late, rtol=0, atol=1e-9)


def test_the_ruler_is_the_training_birds_own(bills):
    """CENTRE and SPREAD are near their mean and standard deviation: to a twentieth of a spread."""
    np.testing.assert_allclose(bills[0].mean(axis=0), CENTRE, rtol=0, atol=0.05)
    np.testing.assert_allclose(bills[0].std(axis=0), SPREAD, rtol=0, atol=0.05)


def test_the_table_is_whole():
    """344 birds, 152 + 68 + 124; two without any measurement (rows 3 and 271)."""
    birds = load_penguins()
    assert [int((birds.species == name).sum()) for name in SPECIES] == [152, 68, 124]
    assert np.flatnonzero(np.isnan(birds.bill_length_mm)).tolist() == [3, 271]
    for column in birds:
        assert column.shape == (344,)
    assert birds.body_mass_g[0] == 3750
    assert birds.sex[3] == "NA"
    assert set(birds.island) == {"Biscoe", "Dream", "Torgersen"}


def test_each_call_gives_a_table_of_its_own():
    """The file is read once, and who writes into a column writes into nobody else's."""
    birds = load_penguins()
    birds.bill_length_mm[:], birds.species[:] = 0, "Emperor"
    assert load_penguins().bill_length_mm[231] == 45.2
    assert load_penguins().species[231] == "Gentoo"


def test_the_running_example_is_made_of_real_birds():
    """Logits by hand for bird 231: bill 45.2 mm by 16.4 mm, so 1.3 / 5.5 and -0.7 / 2.0."""
    birds = load_penguins()
    by_hand = 1.3 / 5.5 * np.array([-3.009, 0.976, 2.033]) - 0.35 * np.array([2.258, 0.943, -3.2])
    np.testing.assert_allclose(one_bird(), by_hand + [0.141, 0.591, -0.733], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(four_birds()[2], one_bird())
    names = [str(birds.species[row]) for row in FOUR_BIRDS]
    assert names == ["Adelie", "Chinstrap", "Gentoo", "Gentoo"]
    np.testing.assert_array_equal(softmax(four_birds()).argmax(axis=-1), [0, 1, 2, 2])


def test_a_bird_without_measurements_is_refused_by_softmax_not_guessed():
    """penguin_logits passes NaN on; softmax names the row."""
    birds = load_penguins()
    x = penguin_logits(birds.bill_length_mm, birds.bill_depth_mm)
    with pytest.raises(ValueError, match=r"^softmax: .* NaN in row 3;"):
        softmax(x)


def test_the_classifier_is_right_about_nineteen_birds_in_twenty():
    """324 of 342 or more: it is a classifier, and not a perfect one."""
    birds = load_penguins()
    seen = ~np.isnan(birds.bill_length_mm)
    x = penguin_logits(birds.bill_length_mm, birds.bill_depth_mm)[seen]
    right = np.array(SPECIES)[x.argmax(axis=-1)] == birds.species[seen]
    assert 0.95 < right.mean() < 0.98
