"""# The derivative of what solves an equation

Some layers do not say how to compute their output, but what it has to satisfy. This one hands its output back to its own input: it
gives the number a for which

    a = s(w * a + c)        s(z) = 1 / (1 + e**(-z))

Put any number in on the right, put what comes out in again, and so on: for |w| <= 3 that settles at the one a that solves the
equation. How does a change with w, and with c? Autograd could go back through every repetition. It is not needed: both sides of
the equation change alike, and that says all.

- `w` and `c` are floats, -3 <= w <= 3 and -40 <= c <= 15.
- Return a tuple (a, da_dw, da_dc) of three floats: the solution, and its derivatives with respect to w and to c.
- A relative error of 1e-6 is allowed in each of them, however small it is. So neither differences nor a few repetitions will do.

On paper: w = 2 and c = -1. a = 1/2 is a solution, since z = 2 * 1/2 - 1 = 0 and s(0) = 1/2, and the slope of s there is 1/4. Raise c
by a little: then z rises by it, and a by 1/4 of it; but then z rises by 2 * 1/4 more, and so on. All in all a rises by
1/4 * (1 + 1/2 + 1/4 + ...) = 1/2 of it. The answer is (1/2, 1/4, 1/2).
"""

import numpy as np


def fixed_point_grad(w: float, c: float) -> tuple[float, float, float]:
    """Return (a, da_dw, da_dc) where a = s(w * a + c)."""
    ### BEGIN SOLUTION
    a = 0.0
    for _ in range(200):
        a = 1 / (1 + np.exp(-(w * a + c)))
    slope = a * (1 - a)
    # What comes back from a to itself is on the left: da * (1 - slope * w).
    gain = slope / (1 - slope * w)
    return a, gain * a, gain
    ### END SOLUTION
