"""Hidden checks for vjp_vs_jvp(J, v, u): the products v^T J, shape (n,), and J u, shape (m,)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.floating[Any]]
Case = tuple[Array, Array, Array]
Products = tuple[Array, Array]

hints = [
    "Each product sums over one axis of J, the one that has as many entries as the vector. Which axis is left?",
    "Entry j of the vjp is the sum of v[i] * J[i, j] over i; entry i of the jvp is the sum of J[i, j] * u[j] over j.",
    "The matrix product sums over the last axis of what is on its left and the first axis of a vector or matrix on its"
    " right: on which side of J does v have to stand, and on which u?",
]


def _case(rng: np.random.Generator, m: int, n: int) -> Case:
    """Draw a Jacobian that is far from symmetric, and two vectors."""
    J = rng.uniform(0.5, 2.0, size=(m, n)) * rng.choice([-1, 1], size=(m, n))
    if m == n:
        J[0, -1], J[-1, 0] = 2.5, -1.5
    return J, rng.uniform(1.5, 3.0, size=m) * np.resize([1, -1], m), rng.uniform(3.5, 5.0, size=n)


def _eighths(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Draw numbers whose products and sums float32 holds exactly."""
    return (rng.choice([-1, 1], size=shape) * rng.integers(2, 40, size=shape) / 8).astype(np.float32)


@check(parts={"vjp": 0, "jvp": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives both products for J = [[1, 2], [3, 4], [0, 1]]"""
    J = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]])
    yield J, np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0])
    yield J, np.array([2.0, -1.0, 3.0]), np.array([1.0, -2.0])


@check(parts={"vjp": 1, "jvp": 1})
def any_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """gives both products for any number of inputs and outputs, one included"""
    for m, n in [(3, 2), (2, 5), (1, 4), (4, 1)]:
        yield _case(rng, m, n)


@check(parts={"vjp": 0.5, "jvp": 0.5})
def equal_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """gives both products where J is square, so that either vector can stand on either side"""
    yield _case(rng, 3, 3)
    yield _case(rng, 4, 4)


@check(parts={"vjp": 0.5, "jvp": 0.5}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Case]:
    """does not write into J, v or u, and is linear in the vectors"""
    J, v, u = _case(rng, 2, 3)
    yield J, v, u
    yield J, -1e15 * v, 1e-15 * u
    yield J, 1e-15 * v, 1e15 * u


@check(parts={"vjp": 0.5, "jvp": 0.5})
def single_precision(rng: np.random.Generator) -> Iterator[Case]:
    """takes float32 arrays"""
    yield _eighths(rng, 4, 3), _eighths(rng, 4), _eighths(rng, 3)


@misconception
def swapped(J: Array, v: Array, u: Array) -> Products:
    """The two are swapped: the vjp sums over the OUTPUT axis of J (v^T J), the jvp over the INPUT axis (J u)."""
    return J @ u, v @ J


@misconception
def v_on_the_right(J: Array, v: Array, u: Array) -> Products:
    """The vector of a vjp has one entry for each output: it multiplies J from the left."""
    return J @ v, J @ u


@misconception
def v_taken_for_ones(J: Array, v: Array, u: Array) -> Products:
    """You summed the rows of J up, as if v were all ones; weight row i by the given v[i]."""
    return J.sum(axis=0), J @ u


@misconception
def not_summed(J: Array, v: Array, u: Array) -> Products:
    """You multiplied element by element; a product with a vector then SUMS over the axis that the vector runs along."""
    return v[:, None] * J, J * u


@oracle
def autograd(torch: Any, J: Any, v: Any, u: Any) -> Any:
    """PyTorch's two products for the linear function that has this Jacobian."""

    def function(x: Any) -> Any:
        return J @ x

    point = torch.zeros_like(u)
    return (
        torch.autograd.functional.vjp(function, point, v)[1],
        torch.autograd.functional.jvp(function, point, u)[1],
    )


def _origin(J: Array) -> Array:
    return np.zeros(J.shape[1])


def _no_step() -> float:
    return 0.0


@derivative_of("x", at=_origin, upstream="v", part="vjp")
def linear(J: Array, x: Array) -> Array:
    """The linear function with the Jacobian J."""
    return J @ x


@derivative_of("step", at=_no_step, part="jvp")
def along_u(J: Array, u: Array, step: float) -> Array:
    """The same function on the line through the origin along u, by the length of the step."""
    return J @ (step * u)


derivation = """
J has a row for each output and a column for each input. A product with a vector sums over the axis that the vector runs
along. So the number of entries of the vector tells which axis that is:

    v has m entries, one for each output:    vjp[j] = sum over i of v[i] * J[i, j]    which is v @ J, shape (n,)
    u has n entries, one for each input:     jvp[i] = sum over j of J[i, j] * u[j]    which is J @ u, shape (m,)

The jvp says how the outputs move when the inputs move by u: a step forward. The vjp says how a number that is made of the
outputs, with the gradient v, reacts to each input: a step back. It is the chain rule of a loss,

    dL / dx[j] = sum over i of dL / dy[i] * dy[i] / dx[j]

That is why backpropagation is a chain of vjps. The loss is one number, so one vector goes back through all layers, and no
product of two large matrices is made.

In numpy a vector has one axis, and `@` takes it as a row on the left and as a column on the right: no `.T` is needed.

The usual mistake is to exchange the two. With m = n that runs and gives wrong numbers, which only the letters can show: v
runs over outputs, so it must be summed with the first axis of J.

    >>> J = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]])
    >>> vjp, jvp = vjp_vs_jvp(J, np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0]))
    >>> vjp.tolist(), jvp.tolist()
    ([1.0, 2.0], [1.0, 3.0, 0.0])
"""
