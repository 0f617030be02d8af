"""# The derivative of the GELU

Most language models have neither the sigmoid nor the ReLU in their layers, but the GELU, a ReLU without its kink. The ReLU
multiplies z by 0 or by 1. The GELU multiplies it by a number in between, Phi(z): the share of normally distributed numbers
that lies below z.

    gelu(z) = z * Phi(z)        Phi(z) = (1 + erf(z / sqrt(2))) / 2

Phi is the integral of the normal density phi, from minus infinity to z:

    phi(z) = e**(-z**2 / 2) / sqrt(2 * pi)

Return the derivative of the GELU with respect to z, element by element.

- `z` is a float64 array of any shape; return an array of that same shape.
- A relative error of 1e-6 is allowed, for z between -6 and 20. So take the function above, and not one of its approximations.
- numpy has no erf. The one below is made of Python's `math.erf`, and takes arrays, element by element.
- Leave your arguments as they were.

On paper: half of all numbers lie below 0, so Phi(0) = 1/2, and there the derivative is 1/2. Far to the right it is 1, and far to
the left 0, as that of the ReLU.
"""

import math

import numpy as np
from numpy.typing import NDArray

erf = np.vectorize(math.erf, otypes=[np.float64])


def gelu_grad(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of the GELU at z, in the shape of z."""
    ### BEGIN SOLUTION
    below = (1 + erf(z / np.sqrt(2))) / 2
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return below + z * density
    ### END SOLUTION
