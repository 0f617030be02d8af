"""# The relative error of a gradient

Compare a gradient a with a numerical gradient n: return the largest relative error of an entry,

    max of |a - n| / max(1e-8, |a| + |n|), taken element by element.

- `a` and `n` are float arrays of one shape, of any number of axes.
- Return a float. Two gradients that are equal have the error 0, also where both are zero.
- Where an entry of either is nan or infinite there is no number to compare, and the gradient check has failed: return
  inf. (A nan would pass the test `error > 1e-6` unnoticed, since every comparison with nan is False.)
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: 3 against 1 has the relative error 2 / 4 = 0.5; 3 against -1 has 4 / 4 = 1, the largest there is.
"""

import numpy as np
from numpy.typing import NDArray


def relative_error(a: NDArray[np.float64], n: NDArray[np.float64]) -> float:
    """Return the largest relative error of an entry, or inf where one is not a number."""
    raise NotImplementedError
