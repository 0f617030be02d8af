"""Hidden checks for predict_jacobian_shapes(dims): (rows, columns) of dy/dx for a net with layer sizes dims."""

from collections.abc import Iterator

import numpy as np

from grader import check, misconception

Sizes = tuple[int, ...]

# A case that is a tuple holds the positional arguments, so the one argument `dims` is wrapped once more.
Case = tuple[Sizes]

hints = [
    "The Jacobian has one row per output of the net and one column per input. Which entries of dims are those?",
    "Chain the Jacobians of two layers: (p, m) times (m, n). Which of the three sizes is not in the product's shape?",
]


@check(points=1, public=True)
def the_net_of_the_lecture(rng: np.random.Generator) -> Iterator[Case]:
    """gives the shape for the net 3-5-4-2-1"""
    yield ((3, 5, 4, 2, 1),)


@check(points=1)
def any_depth(rng: np.random.Generator) -> Iterator[Case]:
    """gives the shape for nets with any number of hidden layers of any size"""
    yield ((7, 2, 3),)
    yield ((7, 11, 13, 17, 3),)
    for depth in (3, 4, 6):
        # Without repetition: equal sizes would hide which of them an answer holds.
        yield (tuple(int(size) for size in rng.permutation(np.arange(2, 20))[:depth]),)


@check(points=1)
def one_output(rng: np.random.Generator) -> Iterator[Case]:
    """gives the shape for nets with a single output"""
    yield ((5, 4, 1),)
    yield ((2, 6, 3, 1),)
    yield ((6, 1),)


@check(points=1)
def one_layer(rng: np.random.Generator) -> Iterator[Case]:
    """gives the shape for nets without a hidden layer"""
    yield ((6, 4),)
    yield ((2, 9),)


@misconception
def transposed(dims: Sizes) -> Sizes:
    """The Jacobian's shape is (outputs, inputs), so the output size comes first."""
    return dims[0], dims[-1]


@misconception
def last_layer_only(dims: Sizes) -> Sizes:
    """That is the Jacobian of the last layer; chaining all layers leaves only the first input and last output size."""
    return dims[-1], dims[-2]


@misconception
def first_layer_only(dims: Sizes) -> Sizes:
    """That is the Jacobian of the first layer only; chain it with those of the layers after it."""
    return dims[1], dims[0]


@misconception
def gradient_vector(dims: Sizes) -> Sizes:
    """For output size 1 the Jacobian is still a 1 x n matrix, not a flat vector."""
    return (dims[-1], dims[0]) if dims[-1] > 1 else (dims[0],)


@misconception
def all_sizes(dims: Sizes) -> Sizes:
    """Inner sizes are summed over in the product and do not appear in the result."""
    return dims[::-1]


derivation = """
The Jacobian has one row per output of the net and one column per input of the net. That alone is the answer:
(dims[-1], dims[0]). The chain rule shows where the sizes between them go. Layer l takes dims[l - 1] numbers to dims[l]
numbers, so its Jacobian has the shape (dims[l], dims[l - 1]). An activation takes each number to one number: its Jacobian
is square and changes no size. The last layer is the outermost function, so its Jacobian stands on the left. For
dims = (4, 7, 5, 2):

    dy/dx = J3 @ J2 @ J1     (2, 5) @ (5, 7) @ (7, 4)     which is (2, 4)

Each inner size meets itself in a product, and the product sums over it: 5 and 7 are gone. They still matter for the values,
as every path from an input to an output goes through the hidden units, but they leave no axis.

The usual mistake is (dims[0], dims[-1]): the input comes first in the net, but the output comes first in the Jacobian. A
single layer shows it: there y = W x, and W has one row per output.

    >>> predict_jacobian_shapes((4, 7, 5, 2)), predict_jacobian_shapes((6, 3, 1))
    ((2, 4), (1, 6))
"""
