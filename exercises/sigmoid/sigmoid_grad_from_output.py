"""# The derivative of the sigmoid from its output

In the forward pass a layer has computed a = s(z) with the sigmoid s(z) = 1 / (1 + e**(-z)), and has kept a but not z.
Return the derivative ds/dz, element by element, in terms of that output.

- `a` is a float or a float64 array of any shape, with values from 0 to 1; return a float or an array of that
  same shape.
- Where a is close to 0 or to 1 the derivative is tiny, and your answer must say how tiny: a relative error of 1e-6 is
  allowed.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: for z = 0 the output is a = 1/2, and the derivative there is 1/4.
"""

import numpy as np
from numpy.typing import NDArray


def sigmoid_grad_from_output(a: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return ds/dz where s(z) = a, in the shape of a."""
    raise NotImplementedError
