"""Hidden checks for newton_step(A, b, x): the point after one Newton step on x^T A x / 2 + b^T x."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.float64]
Problem = tuple[Array, Array, Array]

hints = [
    "You need two derivatives at x: the gradient, and the Hessian, which `hessian_quadratic` asks for. Write x^T A x out for"
    " n = 2: in which sum do A[0, 1] and A[1, 0] stand?",
    "The step s solves a system of linear equations, for which numpy has np.linalg.solve. Then return x + s, not s alone.",
]

equivalent = {
    "ones for an argument: x = np.ones_like(x)": "from every x, one step ends where the gradient is 0",
    "swap operands: hessian @ x -> x @ hessian": "the Hessian is symmetric",
}


def _problem(rng: np.random.Generator, n: int) -> Problem:
    """Draw a matrix whose symmetric part is far from diagonal and well conditioned, with curvatures of either sign."""
    while True:
        A = rng.uniform(0.5, 2.0, size=(n, n)) * rng.choice([-1.0, 1.0], size=(n, n))
        values = np.linalg.eigvalsh(A + A.T)
        if np.abs(values).min() > 0.8 and np.linalg.cond(A) < 20 and np.abs(np.diag(A)).min() > 0.5:
            x, b = rng.uniform(1.0, 3.0, size=n), rng.uniform(1.0, 3.0, size=n) * rng.choice([-1.0, 1.0], size=n)
            if np.abs(_right(A, b, x)).min() > 0.1:
                return A, b, x


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Problem]:
    """gives 1 for 3 x ** 2 - 6 x from x = 3, and the lowest point of a function of two variables"""
    yield np.array([[6.0]]), np.array([-6.0]), np.array([3.0])
    # The Hessian is [[2, 1], [1, 2]], and the gradient at (1, 1) is (0, 3).
    yield np.array([[2.0, 2.0], [0.0, 2.0]]), np.array([-3.0, 0.0]), np.array([1.0, 1.0])


@check(points=2)
def any_size(rng: np.random.Generator) -> Iterator[Problem]:
    """gives the point after one step for matrices of any size that are not symmetric, and for a single variable"""
    for n in (2, 3, 5, 1):
        yield _problem(rng, n)


@check(points=1)
def symmetric_or_not(rng: np.random.Generator) -> Iterator[Problem]:
    """gives the same for a matrix and for its transpose, and for their mean, which is symmetric"""
    A, b, x = _problem(rng, 4)
    yield A, b, x
    yield A.T.copy(), b, x
    yield (A + A.T) / 2, b, x


@check(points=1, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Problem]:
    """does not write into its arguments, and takes curvatures and slopes of any magnitude"""
    A, b, x = _problem(rng, 3)
    yield A, b, x
    yield 1e8 * A, b, x
    yield 1e-8 * A, b, x
    yield A, 1e8 * b, x


def _pieces(A: Array, b: Array, x: Array) -> tuple[Array, Array]:
    """Return the Hessian and the gradient."""
    hessian = (A + A.T) / 2
    return hessian, hessian @ x + b


def _right(A: Array, b: Array, x: Array) -> Array:
    hessian, gradient = _pieces(A, b, x)
    return x - np.linalg.solve(hessian, gradient)


@misconception
def A_for_both(A: Array, b: Array, x: Array) -> Array:
    """Neither A @ x nor A is a derivative of x^T A x / 2 where A is not symmetric: its transpose comes in, too."""
    return x - np.linalg.solve(A, A @ x + b)


@misconception
def A_for_the_hessian(A: Array, b: Array, x: Array) -> Array:
    """Your gradient is right, but A is not the Hessian: second derivatives are symmetric, and A is not."""
    return x - np.linalg.solve(A, _pieces(A, b, x)[1])


@misconception
def A_in_the_gradient(A: Array, b: Array, x: Array) -> Array:
    """Your Hessian is right, but your gradient takes A @ x for the derivative of x^T A x / 2: x stands there twice."""
    return x - np.linalg.solve(_pieces(A, b, x)[0], A @ x + b)


@misconception
def half_the_hessian_lost(A: Array, b: Array, x: Array) -> Array:
    """Your Hessian is twice too large, and so your step ends half way: mind the / 2 of the function."""
    hessian, gradient = _pieces(A, b, x)
    return x - np.linalg.solve(2 * hessian, gradient)


@misconception
def hessian_too_small(A: Array, b: Array, x: Array) -> Array:
    """Your Hessian is half of the right one, and so your step is twice too long."""
    hessian, gradient = _pieces(A, b, x)
    return x - np.linalg.solve(hessian / 2, gradient)


@misconception
def uphill(A: Array, b: Array, x: Array) -> Array:
    """Your step goes the wrong way: its product with the Hessian is MINUS the gradient."""
    hessian, gradient = _pieces(A, b, x)
    return x + np.linalg.solve(hessian, gradient)


@misconception
def sign_of_b_flipped(A: Array, b: Array, x: Array) -> Array:
    """The linear term has the wrong sign in your gradient: that of b^T x is b, and it is added."""
    hessian, _ = _pieces(A, b, x)
    return x - np.linalg.solve(hessian, hessian @ x - b)


@misconception
def gradient_step(A: Array, b: Array, x: Array) -> Array:
    """That is a step of gradient descent: Newton's step asks the Hessian how far to go."""
    return x - _pieces(A, b, x)[1]


@misconception
def step_alone(A: Array, b: Array, x: Array) -> Any:
    """That is the step; return the point where it ends."""
    hessian, gradient = _pieces(A, b, x)
    return -np.linalg.solve(hessian, gradient)


@misconception
def multiplied_by_the_hessian(A: Array, b: Array, x: Array) -> Array:
    """You multiplied the gradient by the Hessian: where the curvature is large, the step has to be SHORT."""
    hessian, gradient = _pieces(A, b, x)
    return x - hessian @ gradient


@misconception
def diagonal_alone(A: Array, b: Array, x: Array) -> Array:
    """You divided by the diagonal of the Hessian: its other entries say how the slopes of two coordinates go together."""
    hessian, gradient = _pieces(A, b, x)
    return x - gradient / np.diag(hessian)


@misconception
def slope_at_the_origin(A: Array, b: Array, x: Array) -> Array:
    """Your gradient is b alone, that at the origin: take it at x."""
    return x - np.linalg.solve(_pieces(A, b, x)[0], b)


@oracle
def autograd(torch: Any, A: Any, b: Any, x: Any) -> Any:
    """The step from PyTorch's own gradient and Hessian."""

    def f(x: Any) -> Any:
        return x @ A @ x / 2 + b @ x

    return x - torch.linalg.solve(torch.autograd.functional.hessian(f, x), torch.autograd.functional.jacobian(f, x))


derivation = """
Write the products as sums, so that it can be seen where x[k] stands:

    f(x) = 1/2 * (sum over i, j of x[i] * A[i, j] * x[j]) + sum over i of b[i] * x[i]

x[k] is in the terms with i = k and in those with j = k:

    d f / d x[k] = 1/2 * (sum over j of A[k, j] * x[j]  +  sum over i of A[i, k] * x[i]) + b[k]

The first sum is entry k of A @ x, the second one that of A.T @ x. With S = (A + A.T) / 2 the gradient is S @ x + b.
Differentiate it once more, with respect to x[l]: what is left is S[k, l]. So S is the Hessian, and symmetric, as a Hessian has
to be.

At the point x + s the gradient is S @ (x + s) + b, which is the gradient at x, plus S @ s. It is 0 where

    S @ s = -(S @ x + b)

That is a system of linear equations, and `np.linalg.solve` solves it. (To invert S and multiply is more work, and less exact.)
The end point x + s solves S @ (x + s) = -b, wherever x was: for a quadratic function one step is enough. If S is not positive
definite, that point is no minimum: Newton's step goes to where the slope is 0, whatever is there.

The usual mistake is to take A for S, in the gradient, in the Hessian or in both. It does not show as long as A is symmetric.

    >>> A, b, x = np.array([[2.0, 4.0], [0.0, 6.0]]), np.array([-4.0, -8.0]), np.array([5.0, 3.0])
    >>> newton_step(A, b, x).round(6).tolist(), newton_step(A, b, -x).round(6).tolist()
    ([1.0, 1.0], [1.0, 1.0])
    >>> (x - np.linalg.solve(A, A @ x + b)).round(2).tolist()
    [-0.67, 1.33]
"""
