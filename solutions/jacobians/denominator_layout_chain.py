"""# The chain rule in the other layout

Some books write derivatives the other way round: one row per input and one column per output, the transpose of the
Jacobian in the rest of this course. Stay in that layout and apply the chain rule to f(x) = h(g(x)), where g maps R^n to
R^m and h maps R^m to R^p.

- `Dg` has shape (n, m), `Dh` has shape (m, p), both float64: one row per input, one column per output.
- Return the derivative of f, an array of shape (n, p), in that same layout.
- Leave your arguments as they were.

On paper: with g(t) = (t, t**2) and h(u, v) = u * v, f(t) = t**3. At t = 2, Dg is [[1, 4]], Dh is [[4], [2]], and the
derivative of f is [[12]].
"""

import numpy as np
from numpy.typing import NDArray


def denominator_layout_chain(Dg: NDArray[np.float64], Dh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of h(g(x)) with one row per input, shape (n, p)."""
    ### BEGIN SOLUTION
    return Dg @ Dh
    ### END SOLUTION
