"""# The chain rule for Jacobians

The function f(x) = h(g(x)) first applies g, from R^n to R^m, and then h, from R^m to R^p. Return the Jacobian of f from
those of the two: `Jg` is that of g at x, and `Jh` is that of h at g(x).

- `Jh` has shape (p, m) and `Jg` has shape (m, n), both float64: one row per output, one column per input.
- Return an array of shape (p, n), in the same layout.
- Leave your arguments as they were.

On paper: with g(t) = (t, t**2) and h(u, v) = u * v, f(t) = t**3. At t = 2, Jg is [[1], [4]], Jh is [[4, 2]], and the
Jacobian of f is [[12]].
"""

import numpy as np
from numpy.typing import NDArray


def jacobian_chain(Jh: NDArray[np.float64], Jg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jacobian of h(g(x)), shape (p, n)."""
    ### BEGIN SOLUTION
    return Jh @ Jg
    ### END SOLUTION
