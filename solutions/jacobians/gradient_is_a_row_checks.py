"""Hidden checks for gradient_is_a_row(J, i): what of a Jacobian is a gradient, a smaller Jacobian, the gradient of a sum."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Question = tuple[Array, int]
Answer = tuple[Any, Any, Any]

hints = [
    "Which entries of J are derivatives of y[i]? And which of them are derivatives with respect to x[j]?",
    "gradient and jacobian hold the same numbers; what differs is how many axes they have. For of_sum: the derivative of a"
    " sum is the sum of the derivatives. Derivatives of what, and with respect to what, do you add?",
]


def _jacobian(rng: np.random.Generator, m: int, n: int) -> Array:
    """Draw a matrix of both signs whose entries all differ in size, and whose columns do not cancel."""
    while True:
        sizes = rng.permutation(np.arange(1, m * n + 1)) * rng.uniform(0.7, 1.0)
        J = (sizes * np.resize([1, -1, 1, 1, -1], m * n)).reshape(m, n)
        if np.abs(J.sum(axis=0)).min() > 0.1:
            return J


@check(parts={"gradient": 0, "jacobian": 0, "of_sum": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three for the Jacobian on paper, and output 1"""
    yield np.array([[4.0, 1.0], [1.0, 2.0], [0.0, 3.0]]), 1


@check(parts={"gradient": 1, "jacobian": 1, "of_sum": 1})
def any_sizes(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three for functions with more outputs than inputs, and with fewer, whichever output is asked for"""
    yield _jacobian(rng, 4, 3), 2
    yield _jacobian(rng, 2, 5), 1
    yield _jacobian(rng, 5, 2), 0
    yield _jacobian(rng, 3, 4), 2


@check(parts={"gradient": 0.25, "jacobian": 0.25, "of_sum": 0.25})
def equal_sizes(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three where there are as many outputs as inputs, so that a column is as long as a row"""
    yield _jacobian(rng, 3, 3), 1
    yield _jacobian(rng, 4, 4), 3
    yield _jacobian(rng, 2, 2), 0


@check(parts={"gradient": 0.1, "jacobian": 0.1, "of_sum": 0.05}, readonly=True)
def single_ones(rng: np.random.Generator) -> Iterator[Question]:
    """keeps the shapes for a single output or a single input, for huge and tiny derivatives, and leaves J alone"""
    yield _jacobian(rng, 1, 4), 0
    yield _jacobian(rng, 3, 1), 2
    yield 1e9 * _jacobian(rng, 2, 3), 1
    yield 1e-12 * _jacobian(rng, 4, 2), 3


def _with(J: Array, i: int, **others: Any) -> Answer:
    """Return the right answer, but for some parts."""
    parts = {"gradient": J[i], "jacobian": J[i : i + 1], "of_sum": J.sum(axis=0)} | others
    return parts["gradient"], parts["jacobian"], parts["of_sum"]


@misconception
def column_for_the_gradient(J: Array, i: int) -> Answer:
    """A column holds the derivatives of all outputs with respect to one input: a gradient is of one output, and knows all
    inputs."""
    return _with(J, i, gradient=J[:, i])


@misconception
def gradient_as_a_matrix(J: Array, i: int) -> Answer:
    """The numbers are right, but the gradient of a number has the shape of x: it has one axis."""
    return _with(J, i, gradient=J[i : i + 1])


@misconception
def gradient_as_a_column(J: Array, i: int) -> Answer:
    """The numbers are right, but the gradient of a number has the shape of x: it is no column matrix."""
    return _with(J, i, gradient=J[i][:, None])


@misconception
def flat_jacobian(J: Array, i: int) -> Answer:
    """The numbers are right, but a Jacobian is a matrix, with a row for its single output."""
    return _with(J, i, jacobian=J[i])


@misconception
def jacobian_as_a_column(J: Array, i: int) -> Answer:
    """You turned the Jacobian of y[i]: one output is one row, and each input has a column."""
    return _with(J, i, jacobian=J[i][:, None])


@misconception
def column_for_the_jacobian(J: Array, i: int) -> Answer:
    """You took a column for the Jacobian of y[i]: it holds derivatives of all outputs, with respect to a single input."""
    return _with(J, i, jacobian=J[:, i : i + 1])


@misconception
def whole_jacobian(J: Array, i: int) -> Answer:
    """The function returns y[i] and nothing else: you kept the derivatives of the other outputs."""
    return _with(J, i, jacobian=J + 0.0)


@misconception
def sum_over_the_inputs(J: Array, i: int) -> Answer:
    """You added up the derivatives of each output, one number for each of them: asked is one number for each input."""
    return _with(J, i, of_sum=J.sum(axis=1))


@misconception
def sum_of_everything(J: Array, i: int) -> Answer:
    """You added up too much: y[0] + y[1] + ... is one number, but it has a derivative with respect to each input."""
    return _with(J, i, of_sum=J.sum())


@misconception
def mean_of_the_rows(J: Array, i: int) -> Answer:
    """The outputs are added, not averaged, and so are their gradients."""
    return _with(J, i, of_sum=J.mean(axis=0))


@misconception
def sum_as_a_matrix(J: Array, i: int) -> Answer:
    """The gradient of the sum has the shape of x, as that of any number: it has one axis."""
    return _with(J, i, of_sum=J.sum(axis=0, keepdims=True))


@misconception
def one_output_for_the_sum(J: Array, i: int) -> Answer:
    """For the sum you gave the gradient of y[i] alone: the other outputs are in it as well."""
    return _with(J, i, of_sum=J[i])


@misconception
def counted_from_one(J: Array, i: int) -> Answer:
    """Outputs are counted from 0 here: you took the row before."""
    return _with(J, i, gradient=J[i - 1], jacobian=J[[i - 1]])


@misconception
def counted_from_one_by_slices(J: Array, i: int) -> Answer:
    """Outputs are counted from 0 here: you took the row before."""
    return _with(J, i, gradient=J[i - 1], jacobian=J[i - 1 : i])


@oracle
def autograd(torch: Any, J: Any, i: int) -> Any:
    """PyTorch's gradients and Jacobian of the linear function with that Jacobian."""
    x = torch.zeros(J.shape[1], dtype=J.dtype)
    functional = torch.autograd.functional
    return (
        functional.jacobian(lambda x: (J @ x)[i], x),
        functional.jacobian(lambda x: (J @ x)[i : i + 1], x),
        functional.jacobian(lambda x: (J @ x).sum(), x),
    )


def _origin(J: Array) -> Array:
    return np.zeros(J.shape[1])


@derivative_of("x", part="gradient", at=_origin)
def one_output(x: Array, J: Array, i: int) -> Any:
    """Compute output i of the linear function with that Jacobian."""
    return J[i] @ x


@derivative_of("x", part="jacobian", at=_origin)
def vector_of_one_output(x: Array, J: Array, i: int) -> Array:
    """Compute output i as a vector of one number."""
    return np.array([J[i] @ x])


@derivative_of("x", part="of_sum", at=_origin)
def sum_of_the_outputs(x: Array, J: Array) -> Any:
    """Compute the sum of the outputs."""
    return np.sum(J @ x)


derivation = """
The Jacobian of a function from n numbers to m numbers has one row per output and one column per input:

    J[i, j] = d y[i] / d x[j]

The gradient of one number holds its derivatives with respect to all inputs. For the number y[i] these are

    gradient[j] = d y[i] / d x[j] = J[i, j]     for j = 0, ..., n - 1

So the gradient is row i of J: that is what "a subset of the Jacobian" means. A column is something else: it says how all
outputs move with one input. (In denominator layout the matrix lies the other way round, and gradients are its columns. Hence
"columns/rows".)

The function that returns y[i] and nothing else has one output, and so its Jacobian has one row: "a special case of the
Jacobian". The numbers are the same, the shapes are not. The gradient is shaped like x, `(n,)`, and the Jacobian is a matrix,
`(1, n)`. In code, the index in `J[i]` drops the axis of the outputs, and the slice in `J[i : i + 1]` keeps it.

The derivative of a sum is the sum of the derivatives. The outputs are added, so the rows are added, along axis 0:

    d (y[0] + y[1] + ...) / d x[j] = J[0, j] + J[1, j] + ...

The usual mistake is `J.sum(axis=1)`. That has one number for each output: how fast it moves when all inputs rise together.

    >>> J = np.array([[4.0, 1.0], [1.0, 2.0], [0.0, 3.0]])
    >>> [each.tolist() for each in gradient_is_a_row(J, 1)]
    [[1.0, 2.0], [[1.0, 2.0]], [5.0, 6.0]]
    >>> J.sum(axis=1).tolist()
    [5.0, 3.0, 3.0]
"""
