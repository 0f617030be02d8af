"""Hidden checks for hessian_quadratic(A, b, x): the Hessian of x^T A x / 2 + b^T x, shape (n, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.floating[Any]]
Form = tuple[Array, Array, Array]

hints = [
    "Write the quadratic form out for n = 2. Which entries of A stand before x_0 * x_1?",
    "The order of differentiation does not matter, so a Hessian is symmetric. Is your answer, for every A?",
    "Both A_ij and A_ji multiply x_i * x_j in f. Differentiate their sum, and mind the division by 2.",
]


def _form(rng: np.random.Generator, n: int) -> Form:
    """Draw a quadratic form that is far from symmetric, with a gradient that is not small."""
    A = rng.normal(size=(n, n)) + 2 * np.triu(np.ones((n, n)), 1)
    return A, rng.uniform(1.0, 2.0, size=n), rng.uniform(1.0, 2.0, size=n) * np.resize([1.0, -1.0], n)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Form]:
    """gives the Hessian for A = [[1, 2], [0, 3]]"""
    yield np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0]), np.array([2.0, 1.0])


@check(points=2.5)
def any_size(rng: np.random.Generator) -> Iterator[Form]:
    """gives the Hessian for any number of variables, and for an A that is not symmetric"""
    for n in (3, 4, 6, 1):
        yield _form(rng, n)


@check(points=1)
def any_point(rng: np.random.Generator) -> Iterator[Form]:
    """gives the same Hessian for every x and b"""
    A, b, x = _form(rng, 3)
    yield A, b, x
    yield A, -5 * b, 10 * x
    yield A, np.zeros(3), x
    yield A, b, np.zeros(3)


@check(points=1)
def any_scale(rng: np.random.Generator) -> Iterator[Form]:
    """is as accurate for tiny and huge entries of A and b, and for float32"""
    A, b, x = _form(rng, 4)
    yield 1e-12 * A, 1e-12 * b, x
    yield 1e12 * A, 1e12 * b, x
    single_A, single_b, single_x = (array.astype(np.float32) for array in _form(rng, 5))
    yield single_A, single_b, single_x


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Form]:
    """does not write into A, b or x"""
    yield _form(rng, 3)


@misconception
def matrix_itself(A: Array, b: Array, x: Array) -> Array:
    """A Hessian is symmetric, and A is not: A_ij and A_ji both multiply x_i * x_j."""
    return A


@misconception
def gradient(A: Array, b: Array, x: Array) -> Array:
    """That is the gradient, with n entries; the Hessian is its Jacobian, n x n."""
    return (A + A.T) / 2 @ x + b


@misconception
def factor_lost(A: Array, b: Array, x: Array) -> Array:
    """You lost the factor 1/2 that stands before the quadratic form."""
    return A + A.T


@misconception
def halved_twice(A: Array, b: Array, x: Array) -> Array:
    """Differentiating x_i * x_i twice gives a factor 2, which you lost: check a diagonal entry."""
    return (A + A.T) / 4


@misconception
def diagonal_only(A: Array, b: Array, x: Array) -> Array:
    """Mixed second derivatives are not zero in general: fill in the entries off the diagonal."""
    return np.diag(np.diag(A))


@misconception
def gauss_newton(A: Array, b: Array, x: Array) -> Array:
    """The outer product of the gradient with itself is not the Hessian: differentiate the gradient once more."""
    slope = (A + A.T) / 2 @ x + b
    return np.outer(slope, slope)


@misconception
def matrix_transposed(A: Array, b: Array, x: Array) -> Array:
    """A Hessian is symmetric, and the transpose of A is no more so than A."""
    return A.T


@misconception
def matrix_halved(A: Array, b: Array, x: Array) -> Array:
    """A Hessian is symmetric, and A / 2 is not: two entries of A stand before each product x_i * x_j."""
    return A / 2


@oracle
def autograd(torch: Any, A: Any, b: Any, x: Any) -> Any:
    """PyTorch's Hessian of the quadratic form."""
    return torch.autograd.functional.hessian(lambda point: point @ A @ point / 2 + b @ point, x)


@derivative_of("x")
def slope(A: Array, b: Array, x: Array) -> Array:
    """The gradient of the quadratic form, by the product rule: its Jacobian is the Hessian."""
    return (A @ x + x @ A) / 2 + b


derivation = """
Write the function as sums, then differentiate twice:

    f(x) = 1/2 * sum over k, l of A[k, l] * x[k] * x[l]  +  sum over k of b[k] * x[k]

A variable x[i] occurs in the double sum in two ways: as the first factor, where k = i, and as the second, where l = i. The
product rule takes both:

    df / dx[i] = 1/2 * (sum over l of A[i, l] * x[l]  +  sum over k of A[k, i] * x[k])  +  b[i]

Differentiate this once more, with respect to x[j]. From the first sum the term l = j is left, from the second k = j, and
b is gone:

    d2f / dx[i] dx[j] = 1/2 * (A[i, j] + A[j, i])

As a matrix that is `(A + A.T) / 2`. It does not depend on x: the second derivatives of a quadratic function are constant. On
the diagonal it is A[i, i], since the square x[i]**2 gives a 2 that the 1/2 takes away.

The usual mistake is A itself. That is right only where A is symmetric. A Hessian is always symmetric, because the order of
the two derivatives does not matter. The product x[0] * x[1] stands in f with A[0, 1] and with A[1, 0], and f cannot tell how
their sum is shared between the two:

    >>> A, b, x = np.array([[1.0, 2.0], [0.0, 3.0]]), np.zeros(2), np.ones(2)
    >>> hessian_quadratic(A, b, x).tolist()
    [[1.0, 1.0], [1.0, 3.0]]
"""
