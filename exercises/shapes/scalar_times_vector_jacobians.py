"""# A scalar times a vector

The study notes end with an open question: what does the chain rule do with y = s * v, a number times a vector? The step
stands wherever one number scales many, such as a learning rate, a temperature, or the length of a normalised vector.

It has two inputs, s and v, and so it has two Jacobians. Return both, for y = s * v.

- `s` is a float, and `v` a float64 array of shape (n,); n may be 1.
- Return a tuple (dy_ds, dy_dv) of two Jacobians. As everywhere in this course, each is a matrix with one row per output
  and one column per input.
- Leave your arguments as they were.

On paper: with s = 2 and v = [3, -1], y is [6, -2]. Raise s to 2.1: y becomes [6.3, -2.1], so that y[0] has grown by 0.3,
3 times as much as s. Raise v[0] to 3.1 instead: y becomes [6.2, -2], so that y[0] has grown by 0.2, and y[1] not at all.
"""

import numpy as np
from numpy.typing import NDArray


def scalar_times_vector_jacobians(
    s: float, v: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dy_ds, dy_dv), the Jacobians of y = s * v."""
    raise NotImplementedError
