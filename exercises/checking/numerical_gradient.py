"""# A numerical gradient

Before trusting a gradient, compare it with differences. Return the gradient of f at x by central differences: move one
coordinate of x at a time, by h to either side, and take the slope between the two values of f.

- `f` is a function that takes an array of the shape of x and returns a float.
- `x` is an array of any shape. It may hold integers or float32: the steps must not be lost in its rounding, so compute
  in float64.
- `h` is the size of the step, a positive float; the default is 1e-5.
- Return a float64 array of the shape of x: each entry is the difference quotient itself, with the error that it has.
- Leave your arguments as they were.

On paper: f(x) = x**3 at x = 1 with h = 0.1 gives (1.331 - 0.729) / 0.2 = 3.01. The derivative is 3; the error, h**2, is
a quarter of that with half the step.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def numerical_gradient(
    f: Callable[[NDArray[np.float64]], float], x: NDArray[np.float64], h: float = 1e-5
) -> NDArray[np.float64]:
    """Return the central differences of f at x, in the shape of x."""
    raise NotImplementedError
