"""Hidden checks for compact_dh_dW(x, H): J[j, i] = d h[i] / d W[j, i] of h = x @ W, shape (D, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table


Array = NDArray[np.floating[Any]]
Layer = tuple[Array, int]

hints = [
    "h[i] = x[0] * W[0, i] + x[1] * W[1, i] + ...: what is left of it when you differentiate with respect to one of "
    "these weights?",
    "The derivative depends on the row j and not on the column i, so all columns of J are alike. What is one column?",
    "Make x a column of shape (D, 1), and repeat that column H times side by side; look at a small result by eye.",
]


def _inputs(rng: np.random.Generator, D: int) -> Array:
    """Draw inputs of both signs that differ from each other and are far from 0 and from 1."""
    return (rng.permutation(np.arange(D)) + rng.uniform(1.2, 1.7)) * np.resize([1, -1], D)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the compact form for x = [1, 2] and three outputs"""
    yield np.array([1.0, 2.0]), 3


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the compact form for any number of inputs and outputs"""
    for D, H in [(3, 2), (2, 5), (4, 3)]:
        yield _inputs(rng, D), H


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """puts each derivative where it belongs when there are as many inputs as outputs"""
    yield _inputs(rng, 3), 3
    yield _inputs(rng, 4), 4


@check(points=1)
def single_input_or_output(rng: np.random.Generator) -> Iterator[Layer]:
    """keeps both axes for a single output and for a single input, and zeros where an input is 0"""
    yield _inputs(rng, 4), 1
    yield _inputs(rng, 1), 3
    yield np.append(_inputs(rng, 2), 0.0), 2


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into x, whatever its magnitude"""
    yield 1e-15 * _inputs(rng, 3), 2
    yield 1e15 * _inputs(rng, 3), 4


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Layer]:
    """takes a float32 array"""
    yield _inputs(rng, 3).astype(np.float32), 2


@misconception
def transposed(x: Array, H: int) -> Array:
    """The compact form has the shape of W, (D, H): every COLUMN is x, not every row."""
    return np.tile(x, (H, 1))


@misconception
def tile_then_reshape(x: Array, H: int) -> Array:
    """Tiling x and then reshaping mixes the entries up: tile repeats the whole of x, repeat repeats each entry."""
    return np.tile(x, H).reshape(len(x), H)


@misconception
def repeat_then_reshape_to_rows(x: Array, H: int) -> Array:
    """Repeating each entry gives the rows of (D, H) one after the other already: reshaped to (H, D) and turned, they are mixed
    up."""
    return np.repeat(x, H).reshape(H, len(x)).T


@misconception
def ones(x: Array, H: int) -> Array:
    """The entries are the inputs x[j], not ones: the derivative of x[j] * W[j, i] with respect to W[j, i] is x[j]."""
    return np.ones((len(x), H))


@misconception
def summed_over_the_outputs(x: Array, H: int) -> Array:
    """Each column of W feeds one output only, so nothing adds up: do not multiply by the number of outputs."""
    return H * np.outer(x, np.ones(H))


@misconception
def full_tensor(x: Array, H: int) -> Array:
    """That is the whole Jacobian, (H, D, H); asked is the D x H matrix of those entries that are not 0 by necessity."""
    return np.einsum("j,ik->ijk", x, np.eye(H))


@oracle
def autograd(torch: Any, x: Any, H: int) -> Any:
    """PyTorch's Jacobian of x @ W by W, summed over the axis of the output."""
    return torch.autograd.functional.jacobian(lambda W: x @ W, torch.zeros(len(x), H, dtype=x.dtype)).sum(dim=0)


def _zero_weights(x: Array, H: int) -> Array:
    return np.zeros((len(x), H))


@derivative_of("W", at=_zero_weights)
def summed_outputs(x: Array, W: Array) -> Any:
    """The sum of the layer's outputs: its gradient is the Jacobian, summed over the axis of the output."""
    return (x @ W).sum()


picture = figure(
    "The weights in column 2 of W take part in the output h[2] alone; J has one entry for each weight.",
    table("x  (D,)", [["1"], ["2"]]),
    stack(
        table(
            "W  (D, H) = (2, 3)",
            [[f"W[{j}, {i}]" for i in range(3)] for j in range(2)],
            grounds={(0, 2): THE_ONE, (1, 2): THE_ONE},
        ),
        table("h  (H,) = (3,)", [[f"h[{i}]" for i in range(3)]], grounds={(0, 2): THE_ONE}),
    ),
    table(
        "J  (D, H) = (2, 3)",
        [["", "", "1"], ["", "", ""]],
        rows=["j = 0", "j = 1"],
        columns=["i = 0", "i = 1", "i = 2"],
        grounds={(0, 2): THE_ONE},
    ),
    note="Column 2 of W feeds h[2] and no other output. The entry J[0, 2] of the example is filled in.",
)


derivation = """
The weight W[j, i] stands in the output h[i] and in no other:

    h[i] = sum over j of x[j] * W[j, i]     so     J[j, i] = d h[i] / d W[j, i] = x[j]

The result does not depend on i. So every column of J is x, and there are H of them. `np.outer(x, np.ones(H))` has the entry
x[j] * 1 in row j and column i: its rows run with x, so the shape is (D, H). Because the ones are floats, the result is float
even for an x of integers.

Nothing is added up here. Each weight feeds one output, so each derivative has one term.

How is J related to the Jacobian T of shape (H, D, H)? For each weight T holds H derivatives, one for each output, and all but
one are 0. A sum over the outputs drops the zeros and the axis:

    J[j, k] = sum over i of T[i, j, k]

The usual mistake comes afterwards: to take J for the Jacobian, because it looks like one. J is what `h.backward(ones)` gives,
the gradient of the sum of h. For one sample it can be scaled column by column, J * v, and gives the right gradient. For a
batch there is no such matrix: each sample has an x of its own.

    >>> compact_dh_dW(np.array([1.0, 2.0]), 3).tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
"""
