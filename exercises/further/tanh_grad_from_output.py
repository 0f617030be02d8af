"""# The derivative of the tanh from its output

Before the ReLU, most hidden layers had the hyperbolic tangent, and the cells of recurrent nets have it still. Like the
sigmoid it saturates on either side, but its outputs lie between -1 and 1:

    tanh(z) = (e**z - e**(-z)) / (e**z + e**(-z))

In the forward pass a layer has computed a = tanh(z), and has kept a but not z. Return the derivative da/dz, element by
element, in terms of that output.

- `a` is a float or a float64 array of any shape, with values from -1 to 1; return a float or an array of that same
  shape.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: at z = 0 the output is 0 and the slope is 1, four times that of the sigmoid. At z = ln 2 the output is
(2 - 1/2) / (2 + 1/2) = 3/5, and the slope is 16/25.
"""

import numpy as np
from numpy.typing import NDArray


def tanh_grad_from_output(a: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return da/dz where tanh(z) = a, in the shape of a."""
    raise NotImplementedError
