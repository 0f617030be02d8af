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
