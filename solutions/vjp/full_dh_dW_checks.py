"""Hidden checks for full_dh_dW(x, H): T[i, j, k] = d h[i] / d W[j, k] of h = x @ W, shape (H, D, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, table

Array = NDArray[np.floating[Any]]
Layer = tuple[Array, int]

hints = [
    "Write out h[0] and h[1] for a small W, and ask of each weight whether it occurs in them.",
    "h[i] is the sum of x[j] * W[j, i] over j: which two indices must agree for a derivative that is not 0?",
    "Start from zeros of shape (H, D, H). Slice i is a matrix of the shape of W in which a single column is filled.",
]


def _inputs(rng: np.random.Generator, D: int) -> Array:
    """Draw inputs of both signs that differ from each other and are far from 0."""
    return rng.permutation(np.arange(1, D + 1)) * rng.uniform(0.7, 1.0) * np.resize([1, -1], D)


@check(points=1, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the 18 derivatives for x = [1, 2] and three outputs"""
    yield np.array([1.0, 2.0]), 3


@check(points=4)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives all derivatives for any number of inputs and outputs"""
    for D, H in [(3, 2), (2, 5), (4, 3)]:
        yield _inputs(rng, D), H


@check(points=2)
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """puts each derivative where it belongs when there are as many inputs as outputs"""
    yield _inputs(rng, 3), 3
    yield _inputs(rng, 4), 4


@check(points=1)
def single_input_or_output(rng: np.random.Generator) -> Iterator[Layer]:
    """keeps all three axes for a single output and for a single input"""
    yield _inputs(rng, 4), 1
    yield _inputs(rng, 1), 3
    yield _inputs(rng, 1), 1


@check(points=1)
def inputs_of_any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the derivatives for tiny inputs, for huge ones, and where an input is 0"""
    x = _inputs(rng, 3)
    yield 1e-15 * x, 2
    yield 1e15 * x, 2
    yield np.append(x, 0.0), 2


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into x"""
    yield _inputs(rng, 3), 4


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Layer]:
    """takes a float32 array"""
    yield _inputs(rng, 3).astype(np.float32), 2


@misconception
def compact_only(x: Array, H: int) -> Array:
    """dh/dW has one D x H slice for each output, so its shape is (H, D, H); you returned a D x H summary of it."""
    return np.outer(x, np.ones(H))


@misconception
def no_delta(x: Array, H: int) -> Array:
    """d h[i] / d W[j, k] is 0 unless k = i: column k of W only feeds h[k]."""
    return np.tile(x[None, :, None], (H, 1, H))


@misconception
def output_axis_not_first(x: Array, H: int) -> Array:
    """The axis of the output comes first: T[i, j, k] = d h[i] / d W[j, k], shape (H, D, H)."""
    return np.einsum("j,ik->jik", x, np.eye(H))


@misconception
def column_convention(x: Array, H: int) -> Array:
    """Your tensor is for y = W @ x, with W[output, input]; for h = x @ W the weights are W[input, output]."""
    return np.einsum("k,ij->ijk", x, np.eye(H))


@misconception
def delta_on_the_rows(x: Array, H: int) -> Array:
    """Output i reads column i of W: the entries that are not 0 have k = i; yours have j = i, a row."""
    return np.einsum("j,ij,k->ijk", x, np.eye(H, len(x)), np.ones(H))


@misconception
def ones_for_x(x: Array, H: int) -> Array:
    """The entries that are not 0 are inputs, not ones: what is x[j] * W[j, k] differentiated with respect to W[j, k]?"""
    return np.einsum("j,ik->ijk", np.ones_like(x), np.eye(H))


@oracle
def autograd(torch: Any, x: Any, H: int) -> Any:
    """PyTorch's Jacobian of x @ W with respect to W, which is the same at every W."""
    return torch.autograd.functional.jacobian(lambda W: x @ W, torch.zeros(len(x), H, dtype=x.dtype))


def _zero_weights(x: Array, H: int) -> Array:
    return np.zeros((len(x), H))


@derivative_of("W", at=_zero_weights)
def layer(x: Array, W: Array) -> Array:
    """The layer's outputs, whose derivatives are the same at every W."""
    return x @ W


picture = figure(
    "W has shape (2, 3) and T has three slices of that shape, one for each output: T[0, 1, 0] is in the first of them.",
    table(
        "W  (D, H) = (2, 3)",
        [[f"W[{j}, {k}]" for k in range(3)] for j in range(2)],
        rows=["j = 0", "j = 1"],
        columns=["k = 0", "k = 1", "k = 2"],
    ),
    *(
        table(
            f"T[{i}]  d h[{i}] / d W",
            [["2" if (i, j, k) == (0, 1, 0) else "" for k in range(3)] for j in range(2)],
            columns=["k = 0", "k = 1", "k = 2"],
            grounds={(1, 0): THE_ONE} if i == 0 else {},
        )
        for i in range(3)
    ),
    note="T holds H matrices in the shape of W, one for each output. The entry T[0, 1, 0] is filled in.",
)


derivation = """
Write one output as the sum that it is:

    h[i] = x[0] * W[0, i] + x[1] * W[1, i] + ... = sum over j of x[j] * W[j, i]

Only column i of W occurs in it. Differentiate with respect to any weight, W[j, k]:

    T[i, j, k] = d h[i] / d W[j, k] = x[j] where k = i, and 0 elsewhere

The condition k = i is what the identity matrix holds: `np.eye(H)[i, k]` is 1 where k = i and 0 elsewhere. So T is a product of
two arrays without any sum, T[i, j, k] = x[j] * eye[i, k]. `np.einsum("j,ik->ijk", x, np.eye(H))` says this letter by letter:
the letters of x, those of the identity, and the order of the result, the output first. As no letter is missing on the right,
nothing is added up.

Think of T as H matrices in the shape of W. The matrix T[i] is all 0 but for column i, and that column is x.

The usual mistake is to leave the zeros out and return a (D, H) matrix with x in each column. Then an axis is lost, that of
the output. A zero is information: it says that h[0] does not react to W[0, 1].

    >>> T = full_dh_dW(np.array([1.0, 2.0]), 3)
    >>> T.shape, T[0].tolist()
    ((3, 2, 3), [[1.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
"""
