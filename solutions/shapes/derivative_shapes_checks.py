"""Hidden checks for derivative_shapes(n, m): the shapes of a gradient, a Jacobian and a Hessian."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader import check, misconception, oracle

Sizes = tuple[int, int]
Shape = tuple[int, ...]
Shapes = tuple[Shape, Shape, Shape]

hints = [
    "Count the derivatives. A gradient has one for each input; how many has a Jacobian, how many has a Hessian?",
    "Which index comes first? In row i of the Jacobian are the derivatives of output i with respect to every input.",
    "The Hessian is the Jacobian of the gradient, and the gradient of a scalar function maps n numbers to n numbers.",
]


def as_numpy_prints_them(derivative_shapes: Callable[[int, int], Any], n: int, m: int) -> Any:
    """Return each shape as text: then the feedback shows shapes, and not the shape of a shape."""
    # Drivers travel as source: they may use their arguments, builtins and np alone.
    shapes = derivative_shapes(n, m)
    if not isinstance(shapes, tuple | list):
        return shapes
    rows = [shape.tolist() if isinstance(shape, np.ndarray) else shape for shape in shapes]
    plain = [tuple(map(int, shape)) if isinstance(shape, tuple | list) else shape for shape in rows]
    return tuple(map(repr, plain))  # a text that a student wrote stays apart from a shape


@check(parts={"gradient": 0, "Jacobian": 0, "Hessian": 0}, public=True, driver=as_numpy_prints_them)
def example_on_paper(rng: np.random.Generator) -> Iterator[Sizes]:
    """gives the three shapes for 2 inputs and 3 outputs"""
    yield 2, 3


@check(parts={"gradient": 1, "Jacobian": 1, "Hessian": 1}, driver=as_numpy_prints_them)
def any_number_of_inputs_and_outputs(rng: np.random.Generator) -> Iterator[Sizes]:
    """gives the three shapes for any number of inputs and outputs, with a single one of either too"""
    yield 7, 4
    yield 5, 11
    yield 6, 1
    yield 9, 1
    yield 1, 8
    few, many = sorted(int(size) for size in rng.choice(np.arange(12, 30), size=2, replace=False))
    yield few, many
    yield many, few


@misconception
def jacobian_transposed(n: int, m: int) -> Shapes:
    """The Jacobian has one row per output and one column per input: its shape is (outputs, inputs)."""
    return (n,), (n, m), (n, n)


@misconception
def hessian_like_jacobian(n: int, m: int) -> Shapes:
    """The Hessian asked for is that of a scalar function: both of its axes run over the inputs."""
    return (n,), (m, n), (m, n)


@misconception
def gradient_as_row(n: int, m: int) -> Shapes:
    """In this course the gradient of a scalar has the shape of its argument: one axis, not that of a row matrix."""
    return (1, n), (m, n), (n, n)


@misconception
def gradient_as_number(n: int, m: int) -> tuple[int, Shape, Shape]:
    """In Python (n) is the number n; a tuple with one entry is written with a comma, (n,)."""
    return n, (m, n), (n, n)


@misconception
def gradient_as_column(n: int, m: int) -> Shapes:
    """In this course the gradient of a scalar has the shape of its argument: one axis, not a column matrix."""
    return (n, 1), (m, n), (n, n)


@misconception
def hessian_of_vector_function(n: int, m: int) -> Shapes:
    """The Hessian asked for is that of a scalar function; a tensor with three axes belongs to one with m outputs."""
    return (n,), (m, n), (m, n, n)


@misconception
def jacobian_of_one_output_is_flat(n: int, m: int) -> Shapes:
    """With a single output the Jacobian is still a matrix, of one row; the gradient is the one with a single axis."""
    return (n,), (m, n) if m > 1 else (n,), (n, n)


@oracle
def autograd(torch: Any, n: int, m: int) -> Shapes:
    """The shapes of what PyTorch returns for functions of those sizes."""
    point = torch.ones(n, dtype=torch.float64)
    weights = torch.ones(m, n, dtype=torch.float64)

    def scalar(x: Any) -> Any:
        return (x**3).sum()

    functional = torch.autograd.functional
    derivatives = (
        functional.jacobian(scalar, point),
        functional.jacobian(lambda x: weights @ x**2, point),
        functional.hessian(scalar, point),
    )
    gradient, jacobian, hessian = (tuple(derivative.shape) for derivative in derivatives)
    return gradient, jacobian, hessian


derivation = """
A first derivative belongs to a pair of an output and an input: raise the input a little, and see how much the output moves.
So count the pairs, and ask which indices it takes to name one of them:

    gradient    one output, n inputs     g[j]    = df / dx[j]              (n,)
    Jacobian    m outputs, n inputs      J[i, j] = df[i] / dx[j]           (m, n)
    Hessian     one output, n inputs     H[i, j] = d(df / dx[i]) / dx[j]   (n, n)

The gradient needs one index: there is only one output, so nothing has to say which. Its shape is therefore that of x. The
Hessian is no new thing: it is the Jacobian of the gradient. The gradient is a function from R^n to R^n, so put n for m
into (m, n). The m of the task has no part in it.

The usual mistake is (n, m) for the Jacobian. The first index says which output, the second which input. Then row i is what
one output does, and J @ dx is the change of the outputs, with the right shape:

    (m, n) times (n,) gives (m,)

In Python a tuple of one number needs its comma, since parentheses alone change nothing:

    >>> (3) == 3, (3,) == 3
    (True, False)
    >>> derivative_shapes(2, 3)
    ((2,), (3, 2), (2, 2))
"""
