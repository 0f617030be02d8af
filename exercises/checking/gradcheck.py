"""# A gradient check, and bugs that hide from it

Put your tools together: given a function and somebody's gradient of it, say whether the gradient is right, and if not, where
to look first. Then find the inputs on which three buggy gradients show: a check at one point tells about that point alone.

- `gradcheck(f, grad, x, h, tol)`: `f` takes an array of the shape of `x` and returns a float, `grad` takes one and returns an
  array of that shape; `h` is the step of the central differences, and `tol` the largest relative error that passes. Compare
  each entry a of grad(x) with its difference quotient n by |a - n| / max(1e-8, |a| + |n|).
- Return a tuple (ok, worst): `ok` is True where no entry is off by more than `tol`, else False; `worst` is the index of the
  entry that is furthest off, a tuple of whole numbers, one for each axis of x. An entry of grad(x) that is nan or infinite has
  failed, and is the worst of all (the first such entry, if there are several).
- `bug_inputs()`: return an array of shape (3, 2, 3). Its first matrix is an input for which `buggy_square_of_relu`, below, is
  wrong, the second one for `buggy_sigmoid`, the third one for `buggy_product`; all entries between -10 and 10. Wrong means: by
  more than a hundredth of the largest entry of the right gradient, or not finite.
- x has one axis or more, float64. Leave your arguments as they were.

On paper: f(x) = x[0] ** 2 + x[1] ** 2 at x = [1, 3], where somebody has the gradient [2, 3]. Central differences give [2, 6] (for
a square they are exact): the errors are 0 and 3 / 9, so with tol = 0.01 the answer is (False, (1,)).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def buggy_square_of_relu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the gradient of sum(maximum(x, 0) ** 2), with a bug."""
    return 2 * x


def buggy_sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the gradient of the sum of the sigmoids of x, with a bug."""
    p = np.clip(1 / (1 + np.exp(-x)), 0.01, 0.99)
    return p * (1 - p)


def buggy_product(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the gradient of the product of all entries of x, with a bug."""
    return np.prod(x) / x


def gradcheck(
    f: Callable[[NDArray[np.float64]], float],
    grad: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    x: NDArray[np.float64],
    h: float,
    tol: float,
) -> tuple[bool, tuple[int, ...]]:
    """Return (ok, worst): whether grad(x) agrees with central differences of f, and the index of the largest error."""
    raise NotImplementedError


def bug_inputs() -> NDArray[np.float64]:
    """Return three inputs, shape (3, 2, 3), one for each of the buggy gradients."""
    raise NotImplementedError
