"""# One step of Newton's method

What is a Hessian good for? Gradient descent knows which way is down, and not how far. Newton's method takes the curvature into
account: it steps to where the gradient would be 0 if the function were quadratic. For a function that is, one step does it.

- f(x) = x^T A x / 2 + b^T x, where `A` has shape (n, n) and NEED NOT be symmetric; `b` and `x` have shape (n,). All float64.
- A Newton step goes from x to the point x + s for which (Hessian of f) @ s = -(gradient of f at x).
- Return that point, an array of shape (n,). The Hessian is invertible.
- Leave your arguments as they were.

On paper: f(x) = 3 x ** 2 - 6 x, so A = [[6]] and b = [-6]. At x = 3 the slope is 6 * 3 - 6 = 12 and the curvature 6: the step is
-12 / 6 = -2, and it ends at x = 1, where f is smallest.
"""

import numpy as np
from numpy.typing import NDArray


def newton_step(A: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the point after one Newton step from x, shape (n,)."""
    raise NotImplementedError
