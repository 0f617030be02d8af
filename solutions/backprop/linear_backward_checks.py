"""Hidden checks for linear_backward(dout, X, W, b): the derivatives (dX, dW, db) of a loss through X @ W + b."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table


Array = NDArray[np.floating[Any]]
Layer = tuple[Array, Array, Array, Array]
Derivatives = tuple[Array, Array, Array]

hints = [
    "Write the three shapes that must come out, and look which products of dout with X or with W can have them.",
    "Follow one entry: X[n, j] takes part in all of row n of H, W[j, k] in all of column k, and b[k] in all of "
    "column k. Whatever an entry takes part in, it collects the derivatives of: a sum.",
    "dX is a product of dout and a transposed W, dW one of a transposed X and dout, and db is dout, added up over "
    "the samples. Nothing is divided by N.",
]


def _layer(rng: np.random.Generator, N: int, D: int, H: int) -> Layer:
    # The upstream gradient is off 0 on average: sums that happen to be near 0 would be alike.
    return rng.uniform(-0.5, 1.5, size=(N, H)), rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=H)


def _quarters(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Draw multiples of 1/4: float32 holds their products and sums exactly."""
    return (rng.integers(-8, 9, size=shape) / 4).astype(np.float32)


@check(parts={"dX": 0, "dW": 0, "db": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three derivatives for two samples that can be done on paper"""
    yield (
        np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]),
        np.array([[1.0, 2.0], [3.0, -1.0]]),
        np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
        np.array([1.0, 0.0, -1.0]),
    )


@check(parts={"dX": 2, "dW": 2, "db": 2})
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three derivatives for any number of samples, inputs and outputs"""
    for N, D, H in [(5, 3, 4), (2, 6, 3), (7, 2, 5)]:
        yield _layer(rng, N, D, H)


@check(parts={"dX": 0.25, "dW": 0.25, "db": 0.5})
def batch_of_one(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three derivatives for a batch of one sample, also of one input or output, and db still has shape (H,)"""
    for D, H in [(3, 4), (1, 3), (2, 1)]:
        yield _layer(rng, 1, D, H)


@check(parts={"dX": 1, "dW": 1, "db": 0})
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the three derivatives where N, D and H are the same, so that a wrong product has the right shape"""
    yield _layer(rng, 3, 3, 3)
    yield _layer(rng, 2, 2, 2)


@check(parts={"dX": 0, "dW": 0.5, "db": 0.5})
def any_row_order(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the same dW and db when the samples are shuffled, and sums that add up when the batch is split"""
    dout, X, W, b = _layer(rng, 6, 4, 3)
    yield dout, X, W, b
    order = [5, 2, 0, 4, 1, 3]
    yield dout[order], X[order], W, b
    yield dout[:2], X[:2], W, b
    yield dout[2:], X[2:], W, b


@check(parts={"dX": 0.5, "dW": 0.25, "db": 0.25})
def scaled_upstream(rng: np.random.Generator) -> Iterator[Layer]:
    """is linear in dout, also where that is tiny or huge"""
    dout, X, W, b = _layer(rng, 4, 2, 3)
    for scale in (-2.0, 1e-15, 1e9):
        yield scale * dout, X, W, b


@check(parts={"dX": 0.25, "dW": 0.25, "db": 0}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into its arguments"""
    yield _layer(rng, 3, 2, 4)


@check(parts={"dX": 0.25, "dW": 0.25, "db": 0})
def single_precision(rng: np.random.Generator) -> Iterator[Layer]:
    """takes float32 arrays, and is as accurate as they are"""
    yield _quarters(rng, 4, 2), _quarters(rng, 4, 3), _quarters(rng, 3, 2), _quarters(rng, 2)


def _right(dout: Array, X: Array, W: Array) -> Derivatives:
    return dout @ W.T, X.T @ dout, dout.sum(axis=0)


@misconception
def db_not_summed(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """b was broadcast over the batch, so db sums dout over axis 0."""
    dX, dW, _ = _right(dout, X, W)
    return dX, dW, dout


@misconception
def db_without_axis(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """np.sum without an axis adds all outputs together; db needs one entry for each of them."""
    dX, dW, _ = _right(dout, X, W)
    return dX, dW, np.asarray(dout.sum())


@misconception
def db_mean(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """db is a sum over the batch; a 1/N belongs to the loss, not to the layer."""
    dX, dW, _ = _right(dout, X, W)
    return dX, dW, dout.mean(axis=0)


@misconception
def db_over_outputs(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """For db, sum over the samples (axis 0), not over the outputs."""
    dX, dW, _ = _right(dout, X, W)
    return dX, dW, dout.sum(axis=1)


@misconception
def dX_with_the_forward_W(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """The forward W maps D inputs to H outputs; going back, dX needs its transpose."""
    _, dW, db = _right(dout, X, W)
    return dout @ W, dW, db


@misconception
def dW_transposed(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """dW must have the shape of W, (D, H): the transposed X comes first."""
    dX, dW, db = _right(dout, X, W)
    return dX, dW.T, db


@misconception
def all_averaged(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """The layer should not divide by N: the caller's dout already contains that."""
    dX, dW, db = _right(dout, X, W)
    return dX / len(X), dW / len(X), db / len(X)


@misconception
def parameters_averaged(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """dW and db are sums over the batch: a 1/N belongs to the loss, and reaches the layer inside dout."""
    dX, dW, db = _right(dout, X, W)
    return dX, dW / len(X), db / len(X)


@misconception
def divided_by_a_weight_dimension(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """You divided by X.shape[1], a dimension of the weights and not the batch size; and no division is needed here."""
    dX, dW, db = _right(dout, X, W)
    return dX, dW / X.shape[1], db / X.shape[1]


@misconception
def dW_alone_averaged(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """dW and db are scaled differently: both are sums over the batch."""
    dX, dW, db = _right(dout, X, W)
    return dX, dW / len(X), db


@misconception
def last_sample_only(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """dW and db accumulate over the samples: += instead of =, or you keep the last sample alone."""
    return dout @ W.T, X[-1:].T @ dout[-1:], dout[-1]


@misconception
def db_of_ones(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """b reaches the loss through H: db needs dout, not the derivative of H with respect to b alone."""
    dX, dW, _ = _right(dout, X, W)
    return dX, dW, np.ones_like(b)


@misconception
def db_times_b(dout: Array, X: Array, W: Array, b: Array) -> Derivatives:
    """H is linear in b, so b itself is not in its derivative."""
    dX, dW, db = _right(dout, X, W)
    return dX, dW, db * b


def layer(X: Array, W: Array, b: Array) -> Array:
    """The forward pass."""
    return X @ W + b


layer_by_X = derivative_of("X", part=0, upstream="dout")(layer)
layer_by_W = derivative_of("W", part=1, upstream="dout")(layer)
layer_by_b = derivative_of("b", part=2, upstream="dout")(layer)


@oracle
def autograd(torch: Any, dout: Any, X: Any, W: Any, b: Any) -> Any:
    """PyTorch's vector-Jacobian product of the layer."""
    return torch.autograd.functional.vjp(lambda X, W, b: X @ W + b, (X, W, b), dout)[1]


picture = figure(
    "The entry H[1, 0] is made of row 1 of X, of column 0 of W and of b[0].",
    table(
        "X  (N, D) = (3, 2)",
        [[f"X[{n}, {j}]" for j in range(2)] for n in range(3)],
        grounds={(1, 0): THE_ONE, (1, 1): THE_ONE},
    ),
    stack(
        table(
            "W  (D, H) = (2, 4)",
            [[f"W[{j}, {k}]" for k in range(4)] for j in range(2)],
            grounds={(0, 0): THE_ONE, (1, 0): THE_ONE},
        ),
        table("b  (H,) = (4,)", [[f"b[{k}]" for k in range(4)]], grounds={(0, 0): THE_ONE}),
    ),
    table(
        "H  (N, H) = (3, 4)",
        [[f"H[{n}, {k}]" for k in range(4)] for n in range(3)],
        rows=["sample 0", "sample 1", "sample 2"],
        grounds={(1, 0): THE_ONE},
    ),
    note="The way forward: what H[1, 0] is made of. Ask for each of its parts which other entries of H it takes part in.",
)


derivation = """
Write one entry of H, and ask for each letter where it goes:

    H[n, k] = sum over j of X[n, j] * W[j, k]  +  b[k]

Take X first. X[n, j] takes part in all the outputs of sample n, in H[n, k] with the factor W[j, k]. Add up over k:

    dX[n, j] = sum over k of dout[n, k] * W[j, k]      dout @ W.T      (N, H) @ (H, D) gives (N, D)

Then W. W[j, k] takes part in output k of all samples, in H[n, k] with the factor X[n, j]. Add up over n:

    dW[j, k] = sum over n of X[n, j] * dout[n, k]      X.T @ dout      (D, N) @ (N, H) gives (D, H)

Then b. b[k] takes part in output k of all samples, with the factor 1. Add up over n, which is axis 0:

    db[k] = sum over n of dout[n, k]                   dout.sum(axis=0)

So what is summed over is what the result does not have: the outputs for dX, the samples for dW and db. Nothing is divided by
N, since the layer does not know the loss: if that is a mean, its 1/N is in dout.

The usual mistake is in db: dout itself, or a sum over axis 1. The bias is one row of H numbers that was used N times, and
each use hands back a gradient.

    >>> dout, X, W, b = np.array([[1.0], [3.0]]), np.array([[2.0], [0.0]]), np.array([[5.0]]), np.zeros(1)
    >>> [each.tolist() for each in linear_backward(dout, X, W, b)]
    [[[5.0], [15.0]], [[2.0]], [4.0]]
"""
