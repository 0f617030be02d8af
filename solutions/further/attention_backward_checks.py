"""Hidden checks for attention_backward(Q, K, V, dout): the gradients (dQ, dK, dV) of softmax(Q @ K.T / sqrt(d)) @ V."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import chain, figure, stack

Array = NDArray[np.float64]
Layer = tuple[Array, Array, Array, Array]
Gradients = tuple[Array, Array, Array]

hints = [
    "Go forward first and keep P. Then go back one step at a time and write down the shape of each gradient: that of O, of P and"
    " V, of S, and of Q and K.",
    "O = P @ V is a linear layer with the input P and the weights V. The softmax of a row has its own backward pass, which you know"
    " from `softmax_vjp`: it needs P and d loss / dP, and one number for each query.",
    "S is a product again: Q and K each get a product of d loss / dS with the other one, once transposed and once not. The root"
    " of d divides S, and so it divides both of them too.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, Q: "Array", K: "Array", V: "Array", dout: "Array") -> Any:
    """Return dQ, and every so many rows of dK and dV."""
    found = function(Q, K, V, dout)
    dQ, dK, dV = (found["dQ"], found["dK"], found["dV"]) if isinstance(found, dict) else found
    return dQ, np.asarray(dK)[::101], np.asarray(dV)[::101]


def jacobians(Q: "Array", K: "Array", V: "Array", dout: "Array") -> Any:
    """Build the M x M Jacobian of the weights of each query."""
    scale = np.sqrt(Q.shape[1])
    S = Q @ K.T / scale
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    dS = np.array([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(P, dout @ V.T)])
    return dS @ K / scale, dS.T @ Q / scale, P.T @ dout


def _layer(rng: np.random.Generator, N: int, M: int, d: int, e: int) -> Layer:
    """Draw a layer in which no weight is near 0 or 1, and an upstream gradient off 0 on average."""
    Q, K = rng.normal(size=(N, d)), rng.normal(size=(M, d))
    return Q, K, rng.normal(size=(M, e)) + rng.uniform(-1, 1, size=(1, e)), rng.uniform(-1.0, 2.0, size=(N, e))


@check(parts={"dQ": 0, "dK": 0, "dV": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three gradients for the query on paper, alone and beside a second one"""
    K, V = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]]), np.array([[1.0], [3.0]])
    yield np.array([[0.0, 0.0, 6.0, 0.0]]), K, V, np.array([[4.0]])
    # The second query has the scores log 3 and 0, and so the weights 3/4 and 1/4.
    yield np.array([[0.0, 0.0, 6.0, 0.0], [np.log(3), 0.0, 0.0, -2.0]]), K, V, np.array([[4.0], [-4.0]])


@check(parts={"dQ": 2, "dK": 2, "dV": 2})
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three gradients for any number of queries and keys, and any lengths of keys and values"""
    for N, M, d, e in [(3, 4, 2, 5), (5, 2, 4, 3), (2, 6, 3, 4)]:
        yield _layer(rng, N, M, d, e)


@check(parts={"dQ": 0.5, "dK": 0.5, "dV": 0.5})
def few_rows(rng: np.random.Generator) -> Iterator[Layer]:
    """takes a single query, a single number a key, and two keys"""
    yield _layer(rng, 1, 5, 3, 2)
    yield _layer(rng, 4, 3, 1, 2)
    yield _layer(rng, 3, 2, 5, 1)


@check(parts={"dQ": 0.75, "dK": 0.75, "dV": 0.75})
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three gradients where all sizes are the same, so that a wrong product has the right shape"""
    yield _layer(rng, 3, 3, 3, 3)
    yield _layer(rng, 5, 5, 5, 5)


@check(parts={"dQ": 0.75, "dK": 0.75, "dV": 0.75}, float64_only=True)
def large_scores(rng: np.random.Generator) -> Iterator[Layer]:
    """stays finite where exp overflows, and counts a weight that is near 0"""
    for e in (2, 5):
        Q, K, V, dout = _layer(rng, 2, 3, 4, e)
        # Scores of about a thousand of either sign; those of the first query are near each other but for the last one.
        Q[:, 3], K[:, 3] = [40.0, -40.0], [50.0, 50.025, 10.0]
        yield Q, K, V, dout
    # Scores from -1500 to 2000 of the first query, of which none is as good as the largest to be subtracted; small ones of the second.
    keys = np.array([[-15.0], [20.0], [19.99], [-10.0]])
    yield np.array([[100.0], [-0.02]]), keys, rng.normal(size=(4, 2)), np.array([[1.5, -0.7], [0.4, 1.1]])
    # Weights of about 2/3, 1/3 and one in a thousand millions.
    yield np.array([[1.0]]), np.array([[rng.uniform(0.6, 0.8)], [0.0], [-20.0]]), rng.normal(size=(3, 2)), np.array([[1.5, -0.7]])


@check(parts={"dQ": 0.25, "dK": 0.25, "dV": 0.25})
def any_order(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the same when keys are shuffled together with their values, or queries with their rows of dout"""
    Q, K, V, dout = _layer(rng, 4, 5, 3, 2)
    keys, queries = [3, 1, 4, 0, 2], [2, 0, 3, 1]
    yield Q, K, V, dout
    yield Q, K[keys], V[keys], dout
    yield Q[queries], K, V, dout[queries]


@check(parts={"dQ": 0.25, "dK": 0.25, "dV": 0.25}, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into its arguments, and takes values and upstream gradients of any magnitude"""
    Q, K, V, dout = _layer(rng, 3, 4, 2, 5)
    for scale in (-1e9, 1e-15):
        yield Q, K, V, scale * dout
    yield Q, K, 1e6 * V, dout
    yield 1e4 * Q, K / 1e4, V, dout


@check(parts={"dQ": 0.5, "dK": 0.5, "dV": 0.5}, driver=some_entries, long_way=jacobians)
def real_size(rng: np.random.Generator) -> Iterator[Layer]:
    """takes 20000 keys, for which no Jacobian of the weights fits into memory"""
    yield _layer(rng, 2, 20_000, 3, 1)


def _softmax(S: Array, axis: int = 1) -> Array:
    powers = np.exp(S - S.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _through_softmax(P: Array, dP: Array) -> Array:
    return P * (dP - (P * dP).sum(axis=1, keepdims=True))


def _gradients(
    Q: Array,
    K: Array,
    V: Array,
    dout: Array,
    *,
    scale: float | None = None,
    scale_back: float | None = None,
    softmax: Callable[[Array], Array] = _softmax,
    through: Callable[[Array, Array], Array] = _through_softmax,
) -> Gradients:
    """Return the three gradients, with wrong pieces in the place of some."""
    scale = float(np.sqrt(Q.shape[1])) if scale is None else scale
    back = scale if scale_back is None else scale_back
    P = softmax(Q @ K.T / scale)
    dS = through(P, dout @ V.T) / back
    return dS @ K, dS.T @ Q, P.T @ dout


@misconception
def scale_forgotten(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """The scores are not divided by the root of d in yours, neither on the way forward nor on the way back."""
    return _gradients(Q, K, V, dout, scale=1.0)


@misconception
def scale_lost_on_the_way_back(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your weights are right, but the root of d is missing on the way back: what divides S divides its derivatives."""
    return _gradients(Q, K, V, dout, scale_back=1.0)


@misconception
def scale_lost_in_dQ(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your weights are right, but the root of d is missing on the way back: what divides S divides its derivatives."""
    dQ, dK, dV = _gradients(Q, K, V, dout)
    return dQ * np.sqrt(Q.shape[1]), dK, dV


@misconception
def scale_lost_in_dK(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your weights are right, but the root of d is missing on the way back: what divides S divides its derivatives."""
    dQ, dK, dV = _gradients(Q, K, V, dout)
    return dQ, dK * np.sqrt(Q.shape[1]), dV


@misconception
def multiplied_by_the_root(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """On the way back you multiplied by the root of d: what divides S divides its derivatives too."""
    return _gradients(Q, K, V, dout, scale_back=float(1 / np.sqrt(Q.shape[1])))


@misconception
def divided_by_d(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """You divided by d: the scores are divided by its root."""
    return _gradients(Q, K, V, dout, scale=float(Q.shape[1]))


@misconception
def divided_twice_on_the_way_back(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """On the way back you divided by the root of d twice, once for S and once more for each of Q and K: it divides S once."""
    return _gradients(Q, K, V, dout, scale_back=float(Q.shape[1]))


@misconception
def root_of_the_number_of_keys(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """You divided by the root of the number of keys: it is that of d, the LENGTH of a key."""
    return _gradients(Q, K, V, dout, scale=float(np.sqrt(len(K))))


@misconception
def root_of_the_length_of_a_value(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """You divided by the root of the length of a VALUE: it is that of d, the length of a key."""
    return _gradients(Q, K, V, dout, scale=float(np.sqrt(V.shape[1])))


@misconception
def coupling_lost(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your softmax passes back to each score on its own: a query's weights add up to 1, and a raised score lowers the others."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * dP)


@misconception
def sigmoid_rule(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """p * (1 - p) is the diagonal of the softmax's Jacobian alone: each score acts on all weights of its query."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (1 - P) * dP)


@misconception
def softmax_skipped_on_the_way_back(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Between P and S there is a softmax on the way back, too: you went on with the gradient of the weights."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: dP)


@misconception
def coupling_added(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """In the softmax's backward pass the common part is taken off, as the Jacobian says: you added it."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (dP + (P * dP).sum(axis=1, keepdims=True)))


@misconception
def plain_mean_taken_off(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """In the softmax's backward pass a mean is taken off, but not the plain one: each key counts with its weight."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (dP - dP.mean(axis=1, keepdims=True)))


@misconception
def coupled_over_the_queries(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """On the way back through the softmax you added up over the queries: each query has weights of its own."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (dP - (P * dP).sum(axis=0)))


@misconception
def coupled_over_everything(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """On the way back through the softmax you took one sum for all queries: each query has weights of its own."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (dP - (P * dP).sum()))


@misconception
def sum_not_kept_as_a_column(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """The sums of the queries, shape (N,), were spread along the rows: that of query 0 belongs to row 0, so keep a column."""
    return _gradients(Q, K, V, dout, through=lambda P, dP: P * (dP - (P * dP).sum(axis=1)))


@misconception
def softmax_over_the_queries(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your weights add up to 1 down the columns, over the queries: each ROW of the scores is that of one query."""

    def through(P: Array, dP: Array) -> Array:
        return P * (dP - (P * dP).sum(axis=0))

    return _gradients(Q, K, V, dout, softmax=lambda S: _softmax(S, axis=0), through=through)


@misconception
def softmax_over_the_queries_on_the_way_forward(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """Your weights add up to 1 down the columns, over the queries: each ROW of the scores is that of one query."""
    return _gradients(Q, K, V, dout, softmax=lambda S: _softmax(S, axis=0))


@misconception
def softmax_of_everything(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """All of your weights together add up to 1: those of each query do."""

    def softmax(S: Array) -> Array:
        return _softmax(S.reshape(1, -1)).reshape(S.shape)

    return _gradients(Q, K, V, dout, softmax=softmax, through=lambda P, dP: P * (dP - (P * dP).sum()))


@misconception
def exp_that_overflows(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """exp overflows for scores in the thousands: shift each row of the scores before it, which changes no weight."""

    def softmax(S: Array) -> Array:
        return np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)

    return _gradients(Q, K, V, dout, softmax=softmax)


@misconception
def shifted_by_the_largest_of_all(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """You shifted all scores by the largest of all: for a query whose scores are far below that, every exp is 0."""

    def softmax(S: Array) -> Array:
        powers = np.exp(S - S.max())
        return powers / powers.sum(axis=1, keepdims=True)

    return _gradients(Q, K, V, dout, softmax=softmax)


@misconception
def softmax_forgotten(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """There is no softmax in yours: the values are weighted with the weights P, and not with the scores."""
    return _gradients(Q, K, V, dout, softmax=lambda S: S, through=lambda P, dP: dP)


@misconception
def P_not_transposed(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """dV adds up over the queries, which are the rows of P: a value collects from all queries that look at it."""
    dQ, dK, _ = _gradients(Q, K, V, dout)
    return dQ, dK, _softmax(Q @ K.T / np.sqrt(Q.shape[1])) @ dout


@misconception
def dV_with_the_scores(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """dV is made with the weights P, and not with the scores: it is P that multiplies V."""
    dQ, dK, _ = _gradients(Q, K, V, dout)
    return dQ, dK, (Q @ K.T / np.sqrt(Q.shape[1])).T @ dout


@misconception
def dS_not_transposed(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """dK adds up over the queries, which are the rows of S: a key collects from all queries that look at it."""
    dQ, _, dV = _gradients(Q, K, V, dout)
    scale = np.sqrt(Q.shape[1])
    return dQ, _through_softmax(_softmax(Q @ K.T / scale), dout @ V.T) @ Q / scale, dV


@misconception
def dQ_with_a_transpose(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """dQ adds up over the keys, which are the columns of S: a query collects from all keys that it looks at."""
    _, dK, dV = _gradients(Q, K, V, dout)
    scale = np.sqrt(Q.shape[1])
    return _through_softmax(_softmax(Q @ K.T / scale), dout @ V.T).T @ K / scale, dK, dV


@misconception
def own_factor_for_the_other(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """In a product of Q and K, the derivative with respect to the one has the OTHER as a factor: yours have their own."""
    scale = np.sqrt(Q.shape[1])
    dS = _through_softmax(_softmax(Q @ K.T / scale), dout @ V.T) / scale
    return dS @ Q, dS.T @ K, _gradients(Q, K, V, dout)[2]


@misconception
def V_not_transposed(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """For the gradient of the weights, dout meets the VALUE of each key, a row of V: you paired it with the columns."""
    scale = np.sqrt(Q.shape[1])
    P = _softmax(Q @ K.T / scale)
    dS = _through_softmax(P, dout @ V) / scale
    return dS @ K, dS.T @ Q, P.T @ dout


@misconception
def averaged_over_the_queries(Q: Array, K: Array, V: Array, dout: Array) -> Gradients:
    """You averaged dK and dV over the queries: their parts add up, and where the loss is a mean, its 1/N is in dout already."""
    dQ, dK, dV = _gradients(Q, K, V, dout)
    return dQ, dK / len(Q), dV / len(Q)


@oracle
def autograd(torch: Any, Q: Any, K: Any, V: Any, dout: Any) -> Any:
    """PyTorch's vector-Jacobian product of its own attention."""

    def attend(Q: Any, K: Any, V: Any) -> Any:
        return torch.softmax(Q @ K.T / Q.shape[1] ** 0.5, dim=1) @ V

    return torch.autograd.functional.vjp(attend, (Q, K, V), dout)[1]


def attended(Q: Array, K: Array, V: Array) -> Array:
    """The forward pass, for complex numbers too."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    powers = np.exp(S - S.real.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) @ V


attended_by_Q = derivative_of("Q", part=0, upstream="dout")(attended)
attended_by_K = derivative_of("K", part=1, upstream="dout")(attended)
attended_by_V = derivative_of("V", part=2, upstream="dout")(attended)


picture = figure(
    "The way forward through the shapes, and the way back: each gradient has the shape of what it is the gradient of.",
    stack(
        chain(("Q, K", "(N, d), (M, d)"), ("S", "(N, M)"), ("P", "(N, M)"), ("O, made with V (M, e)", "(N, e)")),
        chain(("dout", "(N, e)"), ("dP, and dV (M, e)", "(N, M)"), ("dS", "(N, M)"), ("dQ, dK", "(N, d), (M, d)")),
    ),
    note="Forward above, back below. The only step that is no product of matrices is that between P and S.",
)


derivation = """
Go back through the three lines, the last one first. O = P @ V is a linear layer with the input P and the weights V:

    dP = dout @ V.T          (N, e) @ (e, M) gives (N, M)
    dV = P.T @ dout          (M, N) @ (N, e) gives (M, e)

The softmax works on each row by itself. With p a row of P, its Jacobian is diag(p) - p p^T, and its product with the row g of dP is

    ds[j] = p[j] * (g[j] - sum over i of p[i] * g[i])

The sum is one number for each query, and no Jacobian is built. What is taken off is the mean of g with the query's own weights:
a key gains if its value does more for the loss than what the query has now. A row of dS adds up to 0.

The scores are S[n, m] = sum over c of Q[n, c] * K[m, c] / sqrt(d). A query is in one row of S, and adds up over the keys; a key is
in one column, and adds up over the queries:

    dQ[n, c] = sum over m of dS[n, m] * K[m, c] / sqrt(d)          dQ = dS @ K / sqrt(d)
    dK[m, c] = sum over n of dS[n, m] * Q[n, c] / sqrt(d)          dK = dS.T @ Q / sqrt(d)

The usual mistake is dS = P * dP, the softmax without its coupling. It has the right shape, and the loss even falls for a while.
Another one is to divide by the root of d on the way forward alone.

    >>> Q, K = np.array([[0.0, 0.0, 6.0, 0.0]]), np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])
    >>> dQ, dK, dV = attention_backward(Q, K, np.array([[1.0], [3.0]]), np.array([[4.0]]))
    >>> dQ.tolist(), dV.tolist()
    ([[-2.0, 2.0, 0.0, 0.0]], [[2.0], [2.0]])
    >>> dK[:, 2].tolist()
    [-6.0, 6.0]
"""
