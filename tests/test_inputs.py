"""What the public functions accept and refuse, in one table: never a silent wrong number."""

import numpy as np
import pytest

import smlearn
from smlearn import (
    SoftmaxCache,
    log_softmax,
    logsumexp,
    penguin_logits,
    softmax,
    softmax_backward,
    softmax_forward,
    softmax_jacobian,
    softmax_jacobian_einsum,
    softmax_jacobian_loop,
    softmax_jacobian_row,
    softmax_jvp,
    softmax_vjp,
)
from smlearn._inputs import finite_rows, within_range

INF, NAN = np.inf, np.nan


def vjp_of_ones(x):
    return softmax_vjp(x, np.ones_like(np.asarray(x), dtype=float))


def jvp_of_ones(x):
    return softmax_jvp(x, np.ones_like(np.asarray(x), dtype=float))


OF_X = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "softmax_jacobian": softmax_jacobian,
    "softmax_jacobian_loop": softmax_jacobian_loop,
    "softmax_jacobian_einsum": softmax_jacobian_einsum,
    "softmax_forward": softmax_forward,
}
OF_ROWS = OF_X | {"softmax_vjp": vjp_of_ones, "softmax_jvp": jvp_of_ones}

BAD_X = {
    "scalar": (3.0, ValueError, r"shape \(.*D\), but got \(\)"),
    "no classes": (np.zeros((2, 0)), ValueError, r"at least one class, but got shape \(2, 0\)"),
    "complex": ([[1j, 2]], TypeError, "real numbers, but got dtype complex128"),
    "bool": ([[True, False]], TypeError, "real numbers, but got dtype bool"),
    "object": (np.array([[None, 1]]), TypeError, "real numbers, but got dtype object"),
    "string": ([["a", "b"]], TypeError, "real numbers, but got dtype <U1"),
    "date": (np.array([["2007-11-11"]], "M8[D]"), TypeError, r"but got dtype datetime64\[D\]"),
    "masked": (np.ma.array([[1.0, 2.0]], mask=[[0, 1]]), TypeError, "mask would be lost"),
    "ragged": ([[1.0], [2.0, 3.0]], ValueError, "rows of one length, but got something"),
    "huge int": ([[2**53 + 1, 0]], ValueError, r"within 2\*\*53"),
    "huge negative int": ([[-(2**53) - 1, 0]], ValueError, r"within 2\*\*53"),
    "huge unsigned": (np.array([[2**64 - 1, 0]], np.uint64), ValueError, r"within 2\*\*53"),
    "NaN": ([[1.0, 2.0], [NAN, 2.0]], ValueError, "must be finite, but got NaN in row 1; find"),
    "+inf": (
        [[1.0, INF], [3.0, 2.0]],
        ValueError,
        r"finite, but got \+inf in row 0; find",
    ),
    "all -inf": ([[1.0, 2.0], [-INF, -INF]], ValueError, "-inf for every class in row 1; keep"),
}


@pytest.mark.parametrize("kind", BAD_X)
@pytest.mark.parametrize("name", OF_X)
def test_bad_logits_are_refused_by_name(name, kind):
    """Each message names the function that was called, what it wanted and what it got."""
    x, error, message = BAD_X[kind]
    with pytest.raises(error, match=rf"^{name}: .*{message}"):
        OF_X[name](x)


@pytest.mark.parametrize("kind", BAD_X)
@pytest.mark.parametrize("f", [softmax_vjp, softmax_jvp])
def test_bad_logits_are_refused_before_the_direction_is_looked_at(f, kind):
    """x comes first, so its mistake is named first."""
    x, error, message = BAD_X[kind]
    dp = np.ones((2, 2) if kind in ("NaN", "+inf", "all -inf") else (2, 3))
    with pytest.raises(error, match=rf"^{f.__name__}: .*{message}"):
        f(x, dp)


def test_the_row_of_a_deeper_array_is_named_by_all_its_indices():
    """In (2, 2, 3) a row has two indices."""
    x = np.zeros((2, 2, 3))
    x[1, 0, 2] = NAN
    with pytest.raises(ValueError, match="NaN in row 1, 0; find"):
        softmax(x)


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        (softmax_jacobian_row, (2, 3)),
        (softmax_jacobian_loop, (3,)),
        (softmax_jacobian_loop, (2, 2, 3)),
        (softmax_jacobian_einsum, (3,)),
        (softmax_jacobian_einsum, (2, 2, 3)),
    ],
)
def test_the_written_out_forms_name_the_shape_they_are_for(form, shape):
    """One row, or one batch of rows; softmax_jacobian takes any."""
    with pytest.raises(ValueError, match=rf"^{form.__name__}: x must have shape \((B, )?D,?\)"):
        form(np.zeros(shape))


BAD_DIRECTION = {
    "one row short": (np.ones((1, 3)), ValueError, r"shape of x, \(2, 3\), but got \(1, 3\)"),
    "one row": (np.ones(3), ValueError, r"shape of x, \(2, 3\), but got \(3,\)"),
    "scalar": (1.0, ValueError, r"shape of x, \(2, 3\), but got \(\)"),
    "transposed": (np.ones((3, 2)), ValueError, r"shape of x, \(2, 3\), but got \(3, 2\)"),
    "nothing": (None, TypeError, "real numbers, but got dtype object"),
    "complex": (np.ones((2, 3)) * 1j, TypeError, "real numbers, but got dtype complex128"),
    "bool": (np.ones((2, 3), bool), TypeError, "real numbers, but got dtype bool"),
    "masked": (np.ma.ones((2, 3)), TypeError, "mask would be lost"),
    "NaN": ([[0, 1, 2], [0, NAN, 2]], ValueError, r"must be finite, but got nan at \(1, 1\)"),
    "+inf": ([[0, 1, INF], [0, 1, 2]], ValueError, r"must be finite, but got inf at \(0, 2\)"),
    "-inf": ([[0, 1, 2], [-INF, 1, 2]], ValueError, r"must be finite, but got -inf at \(1, 0\)"),
    "too wide": (
        [[0, 1, 2], [-1.7e308, 0, 1.7e308]],
        ValueError,
        "well within the range of float64",
    ),
}


@pytest.mark.parametrize("kind", BAD_DIRECTION)
def test_a_bad_upstream_or_tangent_is_refused(kind):
    """No broadcasting: a shape that differs is a mistake; a NaN is found where it stands."""
    dp, error, message = BAD_DIRECTION[kind]
    x = np.array([[0.0, 1.0, 2.0], [800.0, -800.0, 0.0]])
    with pytest.raises(error, match=rf"^softmax_vjp: .*dp .*{message}|^softmax_vjp: .*{message}"):
        softmax_vjp(x, dp)
    with pytest.raises(error, match=rf"^softmax_backward: .*{message}"):
        softmax_backward(dp, softmax_forward(x)[1])
    with pytest.raises(error, match=rf"^softmax_jvp: .*{message}"):
        softmax_jvp(x, dp)


@pytest.mark.parametrize("f", [softmax_vjp, softmax_jvp])
def test_an_overflow_in_the_last_step_is_a_sentence_too(f):
    """Here <p, dp> is finite, and only dp - <p, dp> is not; no inf comes back."""
    with pytest.raises(ValueError, match=rf"^{f.__name__}: .*entries from -1.7e\+308 to 1.7e"):
        f([0.0, -5.0, -0.1], [0.0, 1.7e308, -1.7e308])


def test_a_mean_that_overflows_without_a_flag_is_an_overflow():
    """BLAS adds long rows up in several threads, and a flag raised in another one is not seen."""
    with pytest.raises(ValueError, match=r"^f: v must stay well within the range of float64"):
        with within_range("f", "v", np.ones(3)):
            finite_rows("f", "v", np.ones(3), np.array(INF))


def test_a_cache_that_anybody_could_have_written_is_refused():
    """Logits for probabilities, the seed's isF mistake, must not come through the front door."""
    for p in (np.array([[1.0, 2.0], [2.0, 5.0]]), [[1.0, 2.0], [2.0, 5.0]]):
        with pytest.raises(
            ValueError, match=r"^softmax_backward: cache.p must be read-only, .*; r"
        ):
            softmax_backward([[1, 3], [2, 4]], SoftmaxCache(p, np.dtype(float)))


def test_a_nan_in_dp_is_found_even_where_the_probability_is_zero():
    """0 times NaN is NaN: a ruled-out class hides nothing."""
    with pytest.raises(ValueError, match=r"nan at \(1,\)"):
        softmax_vjp([0.0, -INF], [0.0, NAN])


@pytest.mark.parametrize("f", OF_ROWS.values(), ids=OF_ROWS)
def test_arguments_are_never_written_to(f):
    """A read-only array is input like any other, and stays as it was."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    before = x.copy()
    x.flags.writeable = False
    f(x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("f", [softmax_vjp, softmax_jvp])
def test_directions_are_never_written_to(f):
    """As above, for dp and t."""
    dp = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    before = dp.copy()
    dp.flags.writeable = False
    f(np.zeros((2, 3)), dp)
    np.testing.assert_array_equal(dp, before)


@pytest.mark.parametrize("name", OF_ROWS)
def test_results_never_share_memory_with_arguments(name):
    """Writing into a result must not reach back into the caller's array."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    assert not np.shares_memory(first(OF_ROWS[name](x)), x)
    assert not np.shares_memory(softmax_forward(x)[1].p, x)


@pytest.mark.parametrize("f", OF_ROWS.values(), ids=OF_ROWS)
def test_layout_does_not_matter(f):
    """Transposed, strided, reversed, byte-swapped and list input give the plain array's answer."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])
    wide = np.zeros((2, 6))
    wide[:, ::2] = x
    swapped = x.astype(x.dtype.newbyteorder())
    mirrored = x[:, ::-1].copy()[:, ::-1]
    plain = first(f(x))
    for other in [np.asfortranarray(x), wide[:, ::2], mirrored, swapped, x.tolist()]:
        np.testing.assert_array_equal(first(f(other)), plain)
        assert first(f(other)).dtype == np.float64


def first(result):
    return result[0] if isinstance(result, tuple) else result


@pytest.mark.parametrize("f", OF_X.values(), ids=OF_X)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_float_widths_are_kept_and_integers_become_float64(f, dtype):
    """float32 stays float32; int8 to uint64 are promoted."""
    x = np.array([[1, 2, 3], [4, 5, 5]])
    assert first(f(x.astype(dtype))).dtype == dtype
    for integer in [np.int8, np.uint64, int]:
        assert first(f(x.astype(integer))).dtype == np.float64
        np.testing.assert_array_equal(first(f(x.astype(integer))), first(f(x.astype(float))))


@pytest.mark.parametrize("f", OF_ROWS.values(), ids=OF_ROWS)
def test_an_empty_batch_is_a_batch(f):
    """No rows in, no rows out; not an error."""
    assert first(f(np.zeros((0, 3)))).shape[0] == 0


@pytest.mark.parametrize("f", OF_ROWS.values(), ids=OF_ROWS)
def test_strict_floating_point_settings_do_not_break_an_answer(f):
    """With np.seterr(all="raise") an underflow that rounds to the right 0 must not raise."""
    x = np.array([[0.0, -800.0, 3.0], [1.0, 2.0, 400.0]])
    with np.errstate(all="raise"):
        for dtype in [np.float16, np.float32, np.float64, np.longdouble]:
            f(x.astype(dtype))


def test_penguin_measurements_are_checked():
    """One length and one depth per bird, both real numbers."""
    with pytest.raises(ValueError, match=r"^penguin_logits: .*shape of bill_length_mm, \(2,\)"):
        penguin_logits([40.0, 41.0], 17.0)
    with pytest.raises(ValueError, match=r"^penguin_logits: .* got an infinity; a missing"):
        penguin_logits(40.0, np.inf)
    with pytest.raises(TypeError, match=r"^penguin_logits: bill_depth_mm must hold real numbers"):
        penguin_logits(40.0, "17 mm")


def test_everything_public_is_named_in_all():
    """from smlearn import * brings the public names, and each of them is documented."""
    public = [name for name in smlearn.__all__ if callable(getattr(smlearn, name))]
    assert len(public) > 10
    for name in public:
        doc = getattr(smlearn, name).__doc__
        assert doc, name
        if name.islower():
            assert "Examples" in doc, name
