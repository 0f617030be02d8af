"""# A sigmoid that never overflows

Implement the logistic function s(z) = 1 / (1 + e**(-z)), element by element, for every finite z: no intermediate result
may overflow, and no result may be nan.

- `z` is a float, or an array of any shape of float64 or float32; return a float or an array of that same shape and
  that same dtype.
- Write it yourself, with numpy or the standard library alone: scipy, which has it, is refused.
- An overflow counts as a mistake even where the result is right in spite of it.
- Where s is close to 0 your answer must say how close: a relative error of 1e-6 is allowed (1e-4 for float32), for z
  down to -100 (-10 for float32).
- Leave your arguments as they were.

On paper: s(0) = 1/2, s(ln 3) = 3/4 and s(-ln 3) = 1/4; always s(z) + s(-z) = 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def sigmoid_stable(z: float | NDArray[np.floating[Any]]) -> float | NDArray[np.floating[Any]]:
    """Return s(z), in the shape and the dtype of z."""
    raise NotImplementedError
