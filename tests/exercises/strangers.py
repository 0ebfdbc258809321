"""Backward passes of softmax, right and wrong, as people write them who have not read ours.

For the wrong ones: the name of the mistake, where it belongs to one; "" where any word but RIGHT
will do.
"""

import numpy as np
from numpy import einsum, exp, eye, zeros, zeros_like


def S(x):
    e = exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


RIGHT, WRONG = {}, []


def right(f):
    RIGHT[f.__name__] = f
    return f


def wrong(*names):
    def note(f):
        WRONG.append((f.__name__, f, names))
        return f

    return note


# Right ones.


@right
def loop_over_rows(x, dp):
    out = []
    for a, d in zip(x, dp, strict=True):
        e = np.exp(a - a.max())
        p = e / e.sum()
        out.append(p * (d - p @ d))
    return np.array(out)


@right
def three_loops(x, dp):
    p, dx = S(x), np.zeros(x.shape)
    for b in range(x.shape[0]):
        for i in range(x.shape[1]):
            for j in range(x.shape[1]):
                dx[b, j] += dp[b, i] * p[b, i] * ((i == j) - p[b, j])
    return dx


@right
def kronecker_by_if(x, dp):
    p = S(x)
    B, D = p.shape
    J = np.empty((B, D, D))
    for b in range(B):
        for i in range(D):
            for j in range(D):
                J[b, i, j] = p[b, i] * (1 - p[b, i]) if i == j else -p[b, i] * p[b, j]
    return np.matmul(dp[:, None, :], J)[:, 0, :]


@right
def explicit_jacobian_einsum(x, dp):
    p = S(x)
    J = einsum("bi,ij->bij", p, eye(p.shape[1])) - einsum("bi,bj->bij", p, p)
    return einsum("bi,bij->bj", dp, J)


@right
def jacobian_from_the_right(x, dp):
    p = S(x)
    J = np.apply_along_axis(np.diag, 1, p) - p[:, :, None] @ p[:, None, :]
    return (J @ dp[:, :, None]).squeeze(-1)


@right
def diag_per_row(x, dp):
    return np.vstack(
        [d @ (np.diagflat(p) - p[:, None] * p) for p, d in zip(S(x), dp, strict=True)]
    )


@right
def list_of_lists(x, dp):
    return [[float(v) for v in p * (d - p.dot(d))] for p, d in zip(S(x), dp, strict=True)]


@right
def list_of_rows(x, dp):
    return [p * d - p * np.sum(p * d) for p, d in zip(S(x), dp, strict=True)]


@right
def tuple_of_rows(x, dp):
    return tuple(p * d - p * np.sum(p * d) for p, d in zip(S(x), dp, strict=True))


@right
def single_precision(x, dp):
    p = S(x.astype(np.float32))
    d = dp.astype(np.float32)
    return p * (d - (p * d).sum(1, keepdims=True))


@right
def wide_precision(x, dp):
    p = S(np.asarray(x, np.longdouble))
    return p * (dp - (p * dp).sum(1, keepdims=True))


@right
def stage_by_stage(x, dp):
    e = exp(x - x.max(1)[:, None])
    s = e.sum(1)[:, None]
    de = dp / s - (dp * e).sum(1)[:, None] / s**2
    return de * e


@right
def through_log_softmax(x, dp):
    z = x - x.max(axis=-1, keepdims=True)
    logp = z - np.log(exp(z).sum(axis=-1, keepdims=True))
    g = dp * exp(logp)
    return g - exp(logp) * g.sum(axis=-1, keepdims=True)


@right
def average(x, dp):
    p = S(x)
    mean = np.array([np.average(d, weights=w) for d, w in zip(dp, p, strict=True)])
    return p * (dp - mean.reshape(-1, 1))


@right
def covariance(x, dp):
    p = S(x)
    return np.stack([np.cov(eye(len(w)), d, aweights=w, bias=True, rowvar=False)[-1, :-1]
                     if len(w) > 1 else 0 * w for w, d in zip(p, dp, strict=True)])  # fmt: skip


@right
def transposed_storage(x, dp):
    p, d = S(x).T, dp.T
    return (p * (d - (p * d).sum(axis=0))).T


@right
def fortran_order(x, dp):
    p = np.asfortranarray(S(x))
    return np.asfortranarray(p * (dp - (p * dp).sum(1, keepdims=True)))


@right
def a_view_of_something_larger(x, dp):
    out = np.empty((x.shape[0], 2 * x.shape[1]))
    p = S(x)
    out[:, ::2] = p * (dp - (p * dp).sum(1, keepdims=True))
    return out[:, ::2]


@right
def in_place_on_its_own(x, dp):
    g = np.array(dp, dtype=float)
    p = S(x)
    g -= (p * g).sum(axis=1, keepdims=True)
    g *= p
    return g


@right
def shifted_upstream(x, dp):
    d = dp - dp.mean(axis=1, keepdims=True)
    p = S(x)
    return p * (d - (p * d).sum(axis=1, keepdims=True))


@right
def by_pairs(x, dp):
    p = S(x)
    return p * einsum("bk,bjk->bj", p, dp[:, :, None] - dp[:, None, :])


@right
def columns(x, dp):
    p = S(x)
    return np.column_stack([(dp * p * ((np.arange(p.shape[1]) == j) - p[:, [j]])).sum(1)
                            for j in range(p.shape[1])])  # fmt: skip


@right
def vectorize(x, dp):
    f = np.vectorize(lambda a, d: (lambda p: p * (d - p @ d))(S(a[None])[0]),
                     signature="(d),(d)->(d)")  # fmt: skip
    return f(x, dp)


@right
def block_diagonal(x, dp):
    p = S(x)
    B, D = p.shape
    big = zeros((B * D, B * D))
    for b in range(B):
        big[b * D : (b + 1) * D, b * D : (b + 1) * D] = np.diag(p[b]) - np.outer(p[b], p[b])
    return (np.ravel(dp) @ big).reshape(B, D)


@right
def with_defaults(x, dp, axis=-1, keep=True):
    p = S(x)
    return p * (dp - np.sum(p * dp, axis=axis, keepdims=keep))


class _Layer:
    def __call__(self, x, dp):
        self.p = S(x)  # it remembers, and does no harm
        return self.p * (dp - (self.p * dp).sum(1, keepdims=True))


RIGHT["an_object"] = _Layer()


@right
def matrix_product_of_ones(x, dp):
    p = S(x)
    return p * dp - p * ((p * dp) @ np.ones((p.shape[1], p.shape[1])))


@right
def complex_steps(x, dp):
    dx, h = zeros(x.shape), 1e-30
    for j in range(x.shape[1]):
        z = (x - x.max(axis=1, keepdims=True)).astype(complex)
        z[:, j] += 1j * h
        e = exp(z)
        dx[:, j] = ((e / e.sum(axis=1, keepdims=True)).imag * dp).sum(axis=1) / h
    return dx


# Wrong ones.


@wrong("diagonal_only")
def sigmoid_rule(x, grad):
    y = S(x)
    return y * (1.0 - y) * grad


@wrong("diagonal_only")
def diagonal_by_loop(x, grad):
    y, out = S(x), zeros(x.shape)
    for b in range(len(y)):
        for i in range(len(y[b])):
            out[b, i] = grad[b, i] * (y[b, i] - y[b, i] ** 2)
    return out


@wrong("diagonal_only")
def diagonal_of_the_jacobian(x, grad):
    y = S(x)
    J = einsum("bi,ij->bij", y, eye(y.shape[1])) - einsum("bi,bj->bij", y, y)
    return grad * einsum("bii->bi", J)


@wrong("diagonal_only")
def diagonal_without_the_upstream(x, grad):
    return S(x) * (1 - S(x))


@wrong("diagonal_only")
def diagonal_of_another_axis(x, grad):
    e = exp(x - x.max(axis=0))
    y = e / e.sum(axis=0)
    return grad * y * (1 - y)


@wrong("diagonal_only")
def diagonal_with_the_sign_of_a_loss(x, grad):
    y = S(x)
    return -grad * y * (1 - y)


@wrong("diagonal_only")
def diagonal_over_the_batch(x, grad):
    y = S(x)
    return grad * y * (1 - y) / len(x)


@wrong("pass_through")
def identity(x, grad):
    return grad


@wrong("pass_through")
def identity_with_a_copy(x, grad):
    return np.array(grad) + 0.0


@wrong("returns_ones")
def ones(x, grad):
    return np.ones(np.shape(grad))


@wrong("sum_term_missing")
def only_the_product(x, grad):
    return einsum("bj,bj->bj", S(x), grad)


@wrong("sum_term_missing")
def only_the_product_by_diag(x, grad):
    return np.stack([np.diag(y) @ g for y, g in zip(S(x), grad, strict=True)])


@wrong("product_branch_overwritten")
def assigned_twice(x, grad):
    y, dx = S(x), zeros(x.shape)
    for b in range(len(x)):
        dx[b] = y[b] * grad[b]
        dx[b] = -y[b] * (y[b] @ grad[b])
    return dx


@wrong("plus_sign")
def plus(x, grad):
    y = S(x)
    return y * grad + y * (y * grad).sum(1, keepdims=True)


@wrong("plain_mean")
def centred(x, grad):
    return S(x) * (grad - np.mean(grad, axis=1).reshape(-1, 1))


@wrong("mean_for_sum")
def mean_by_function(x, grad):
    y = S(x)
    return y * (grad - np.mean(y * grad, axis=1, keepdims=True))


@wrong("batch_sum")
def vdot(x, grad):
    y = S(x)
    return y * (grad - np.vdot(y, grad))


@wrong("batch_sum", "flattened_batch")
def flattened_jacobian(x, grad):
    s = S(x).reshape(-1, 1)
    J = np.diagflat(s) - s @ s.T
    return (J @ grad.reshape(-1, 1)).reshape(x.shape)


@wrong("flattened_batch")
def flattened_and_left_so(x, grad):
    s = S(x).ravel()
    return (np.diag(s) - np.outer(s, s)) @ grad.ravel()


@wrong("flattened_batch")
def the_flattened_jacobian_itself(x, grad):
    s = S(x).reshape(-1, 1)
    return np.diagflat(s) - np.dot(s, s.T)


@wrong("keepdims_missing")
def lost_axis(x, grad):
    y = S(x)
    return y * (grad - np.sum(y * grad, -1))


@wrong("keepdims_missing")
def lost_axis_by_einsum(x, grad):
    y = S(x)
    return y * grad - y * einsum("bj,bj->b", y, grad)


@wrong("one_row_formula")
def one_row_trick(x, grad):
    y = S(x)
    return grad * y @ (np.identity(len(x)) - y.T)


@wrong("cross_entropy_mean")
def hard_coded_correction(x, grad):
    y = S(x)
    return y * grad + y


@wrong("log_softmax_backward")
def of_log_softmax(x, grad):
    return grad - S(x) * np.sum(grad, axis=1, keepdims=True)


@wrong("sign_flipped", "factor")
def turned_round(x, grad):
    y = S(x)
    return y * ((y * grad).sum(1, keepdims=True) - grad)


@wrong("factor_two", "factor")
def doubled(x, grad):
    y = S(x)
    dx = y * (grad - (y * grad).sum(1, keepdims=True))
    return dx + dx


@wrong("divided_by_batch", "factor")
def mean_over_the_batch(x, grad):
    y = S(x)
    return y * (grad - (y * grad).sum(1, keepdims=True)) / x.shape[0]


@wrong("divided_by_classes", "factor")
def mean_over_the_classes(x, grad):
    y = S(x)
    J = einsum("bi,ij->bij", y, eye(y.shape[1])) - einsum("bi,bj->bij", y, y)
    return (grad[:, :, None] * J).mean(axis=1)


@wrong("factor")
def times_the_batch(x, grad):
    y = S(x)
    return len(x) * y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("factor")
def halved(x, grad):
    y = S(x)
    return 0.5 * y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("factor")
def a_learning_rate(x, grad):
    y = S(x)
    return 0.01 * y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("factor")
def mean_over_everything(x, grad):
    y = S(x)
    return y * (grad - (y * grad).sum(1, keepdims=True)) / x.size


@wrong("jacobian_summed_first", "zero")
def summed_first(x, grad):
    y = S(x)
    J = einsum("bi,ij->bij", y, eye(y.shape[1])) - einsum("bi,bj->bij", y, y)
    return grad * J.sum(axis=1)


@wrong("jacobian_summed_first", "zero")
def nothing(x, grad):
    return zeros_like(x, dtype=float)


@wrong("elementwise_with_jacobian")
def elementwise(x, grad):
    y = S(x)
    J = einsum("bi,ij->bij", y, eye(y.shape[1])) - einsum("bi,bj->bij", y, y)
    return grad[:, :, np.newaxis] * J


@wrong("elementwise_with_jacobian")
def elementwise_the_other_way(x, grad):
    y = S(x)
    J = einsum("bi,ij->bij", y, eye(y.shape[1])) - einsum("bi,bj->bij", y, y)
    return einsum("bj,bij->bij", grad, J)


@wrong("the_jacobian")
def the_stack_of_jacobians(x, grad):
    return np.stack([np.diag(y) - np.outer(y, y) for y in S(x)])


@wrong("fused_with_cross_entropy")
def minus_labels(x, y):
    return S(x) - y


@wrong("fused_with_cross_entropy")
def minus_labels_over_the_batch(x, y):
    return (S(x) - y) / x.shape[0]


@wrong("fused_with_cross_entropy")
def labels_minus(x, y):
    return y - S(x)


@wrong("one_hot_assumed")
def target_column(x, grad):
    y, k = S(x), np.argmax(grad, axis=1)
    rows = np.arange(len(x))
    dx = -y * (y * grad)[rows, k][:, None]
    dx[rows, k] += (y * grad)[rows, k]
    return dx


@wrong("one_hot_assumed")
def first_non_zero(x, grad):
    y, dx = S(x), zeros(x.shape)
    for b in range(len(x)):
        for k in range(x.shape[1]):
            if grad[b, k] != 0:
                dx[b] = grad[b, k] * y[b, k] * (eye(x.shape[1])[k] - y[b])
                break
    return dx


@wrong("one_hot_assumed")
def mask(x, grad):
    y = S(x)
    return np.where(grad != 0, y - 1, y)


@wrong("upstream_as_probabilities")
def upstream_squared(x, grad):
    return grad - grad**2


@wrong("dp_for_p")
def upstream_through_softmax(x, grad):
    y = S(grad)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("logits_as_probabilities")
def logits_for_probabilities(z, grad):
    return np.stack([g @ (np.diag(p) - np.outer(p, p)) for p, g in zip(z, grad, strict=True)])


@wrong("tanh_derivative", "another_activation")
def tanh_rule(x, grad):
    return grad * (1 - np.square(S(x)))


@wrong("another_activation")
def relu_rule(x, grad):
    return np.where(x > 0, grad, 0)


@wrong("another_activation")
def logistic_rule(x, grad):
    s = 1 / (1 + exp(-x))
    return grad * s * (1 - s)


@wrong("another_activation")
def exponential_rule(x, grad):
    return exp(x) * grad


@wrong("softmax_twice")
def twice(x, grad):
    y = S(S(x))
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("wrong_off_diagonal")
def plus_beside_the_diagonal(x, grad):
    y = S(x)
    out = zeros(x.shape)
    for b in range(len(x)):
        J = np.outer(y[b], y[b])
        np.fill_diagonal(J, y[b] * (1 - y[b]))
        out[b] = J @ grad[b]
    return out


@wrong("wrong_off_diagonal")
def minus_p_beside_the_diagonal(x, grad):
    y = S(x)
    out = zeros(x.shape)
    for b in range(len(x)):
        for i in range(x.shape[1]):
            for j in range(x.shape[1]):
                out[b, j] += grad[b, i] * (y[b, i] * (1 - y[b, i]) if i == j else -y[b, i])
    return out


@wrong("wrong_diagonal")
def p_on_the_diagonal(x, grad):
    y = S(x)
    out = zeros(x.shape)
    for b in range(len(x)):
        J = -np.outer(y[b], y[b])
        np.fill_diagonal(J, y[b])
        out[b] = grad[b] @ J
    return out


@wrong("kron_for_delta")
def kron(x, grad):
    y, out = S(x), zeros(x.shape)
    for b in range(len(x)):
        for i in range(x.shape[1]):
            for j in range(x.shape[1]):
                out[b, j] += grad[b, i] * y[b, i] * (np.kron(i, j) - y[b, j])
    return out


@wrong("reciprocal_unsquared")
def reciprocal(x, grad):
    e = exp(x - x.max(1, keepdims=True))
    s = e.sum(1, keepdims=True)
    dr = (grad * e).sum(1, keepdims=True)
    return (grad / s - dr) * e


@wrong("seed_sum_backward")
def the_seeds(x, grad):
    e = exp(x - x.max(1, keepdims=True))
    s = e.sum(1, keepdims=True)
    ds = -1 / s**2 * (grad * e).sum(1, keepdims=True)
    return (grad / s + ds / s * e) * e


@wrong("wrong_axis")
def along_the_batch(x, grad):
    e = exp(x - x.max(0))
    y = e / e.sum(0)
    return y * (grad - (y * grad).sum(0))


@wrong("sum_along_batch")
def sum_along_the_batch(x, grad):
    y = S(x)
    return y * (grad - (y * grad).sum(axis=0))


@wrong("cache_of_another_row")
def previous_row(x, grad):
    y = np.roll(S(x), 1, axis=0)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("float32_inside")
def half_the_digits(x, grad):
    y = S(x.astype(np.float32)).astype(float)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("unshifted_exp")
def no_shift(x, grad):
    y = exp(x) / exp(x).sum(axis=1, keepdims=True)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("diagonal_only")
def no_shift_and_diagonal(x, grad):
    y = exp(x) / exp(x).sum(axis=1, keepdims=True)
    return y * (1 - y) * grad


@wrong("batch_maximum")
def one_shift(x, grad):
    e = exp(x - np.max(x))
    y = e / e.sum(axis=1, keepdims=True)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("dp_in_place")
def overwritten_upstream(x, grad):
    y = S(x)
    grad *= y
    grad -= y * grad.sum(1, keepdims=True)
    return grad


@wrong("dp_in_place")
def overwritten_upstream_by_slice(x, grad):
    y = S(x)
    grad[:] = grad - np.sum(y * grad, axis=1, keepdims=True)
    return y * grad


@wrong("x_in_place")
def overwritten_logits(x, grad):
    x -= x.max(1, keepdims=True)
    y = exp(x) / exp(x).sum(1, keepdims=True)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("x_in_place", "changed")
def softmax_in_place(x, grad):
    x[...] = S(x)
    return x * (grad - (x * grad).sum(1, keepdims=True))


_OUT = {}


@wrong("shared_buffer", "overwritten")
def reused_buffer(x, grad):
    out = _OUT.setdefault(x.shape, zeros(x.shape))
    y = S(x)
    np.multiply(y, grad - (y * grad).sum(1, keepdims=True), out=out)
    return out


@wrong("integer_buffer")
def like_the_upstream(x, grad):
    y, dx = S(x), np.empty_like(grad)
    for b in range(len(x)):
        dx[b] = y[b] * (grad[b] - y[b] @ grad[b])
    return dx


@wrong("buffer_of_integers")
def like_the_logits(x, grad):
    y, dx = S(x), np.zeros_like(x)
    for b in range(len(x)):
        dx[b] = y[b] * (grad[b] - y[b] @ grad[b])
    return dx


@wrong("squeezed")
def squeeze(x, grad):
    y = S(x)
    return (y * (grad - (y * grad).sum(1, keepdims=True))).squeeze()


@wrong("never_runs")
def not_called(x, grad):
    return grad @ (S(x) * np.identity - 1)


@wrong("raises")
def bad_unpacking(x, grad):
    batch, classes, extra = x.shape  # noqa: RUF059
    return grad


@wrong("raises")
def misspelt(x, grad):
    return probabilities * grad  # noqa: F821


@wrong("raises")
def second_row(x, grad):
    y = S(x)
    return y * (grad - (y * grad).sum(1, keepdims=True)) + 0 * y[1]


@wrong("signature", "raises")
def one_argument(x):
    return x


@wrong("type", "shape")
def with_its_cache(x, grad):
    y = S(x)
    return y * (grad - (y * grad).sum(1, keepdims=True)), y


@wrong("none")
def no_return(x, grad):
    y = S(x)
    y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("type")
def as_text(x, grad):
    return "p * (dp - mean)"


@wrong("type")
def generator(x, grad):
    yield S(x)


@wrong("shape")
def one_axis_more(x, grad):
    y = S(x)
    return (y * (grad - (y * grad).sum(1, keepdims=True)))[None]


@wrong("shape")
def transposed(x, grad):
    y = S(x)
    return (y * (grad - (y * grad).sum(1, keepdims=True))).T


@wrong("shape")
def summed_over_the_batch(x, grad):
    y = S(x)
    return (y * (grad - (y * grad).sum(1, keepdims=True))).sum(axis=0)


@wrong("dtype")
def complex_result(x, grad):
    y = S(x + 0j)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("dtype")
def half_precision(x, grad):
    y = S(x)
    return (y * (grad - (y * grad).sum(1, keepdims=True))).astype(np.float16)


@wrong("numbers", "")
def last_row_left_out(x, grad):
    y, dx = S(x), zeros(x.shape)
    for b in range(len(x) - 1):
        dx[b] = y[b] * (grad[b] - y[b] @ grad[b])
    return dx


@wrong("")
def last_class_left_out(x, grad):
    y, dx = S(x), zeros(x.shape)
    for j in range(x.shape[1] - 1):
        dx[:, j] = y[:, j] * (grad[:, j] - (y * grad).sum(1))
    return dx


@wrong("")
def mean_of_all_but_the_last(x, grad):
    y = S(x)
    return y * (grad - (y * grad)[:, :-1].sum(1, keepdims=True))


@wrong("")
def absolute(x, grad):
    y = S(x)
    return np.abs(y * (grad - (y * grad).sum(1, keepdims=True)))


@wrong("")
def squared_weights(x, grad):
    y = S(x)
    return y * (grad - (y * y * grad).sum(1, keepdims=True))


@wrong("")
def rounded(x, grad):
    y = S(x)
    return np.round(y * (grad - (y * grad).sum(1, keepdims=True)), 2)


@wrong("")
def temperature(x, grad):
    y = S(x / 2)
    return y * (grad - (y * grad).sum(1, keepdims=True))


@wrong("")
def leak(x, grad):
    y = S(x)
    dx = y * (grad - (y * grad).sum(1, keepdims=True))
    dx[1:] += 0.1 * dx[:-1]
    return dx


@wrong("")
def clipped(x, grad):
    y = S(x)
    return np.clip(y * (grad - (y * grad).sum(1, keepdims=True)), -0.3, 0.3)


@wrong("state")
def counting(x, grad, seen=[0]):  # noqa: B006
    seen[0] += 1
    y = S(x)
    return y * (grad - (y * grad).sum(1, keepdims=True)) + (1e-6 if seen[0] > 9 else 0)


@wrong("formula", "")
def two_terms_too_many(x, grad):
    y = S(x)
    return 2 * y * grad - y * (y * grad).sum(1, keepdims=True) - y


@wrong("formula", "")
def diagonal_and_half(x, grad):
    y = S(x)
    return grad * y * (1 - 0.5 * y)
