"""# Derivatives on the way forward

The way back through a net, from the loss to all inputs, is not the only one. A direction u of the input can be carried along
on the way forward: beside each value goes its tangent, the rate at which the value changes when x moves along u. In the end
y and its tangent J u arrive together, and no Jacobian is ever built. This is forward-mode differentiation.

    a = x                          tangent u
    z = W @ a + b                  for each layer
    a = relu(z)                    for each layer but the last
    y = z                          of the last layer

- `params` is a list of one tuple or more, (W, b), the first layer first: W has shape (outputs, inputs) and b (outputs,).
  `x` and `u` have the shape of the inputs of the first layer. All float64; relu'(0) = 0.
- Return a tuple (y, dy): the output, and the product of the Jacobian of the net at x with u, both in the shape of the last
  layer's outputs. It is a product exactly, however long or short u is.
- Leave your arguments as they were.

On paper: y = 3 relu(2 x - 1) + 4 at x = 2 and u = 10. First z = 3, and z changes by 2 * 10 = 20 when x changes by u; the unit
is active, so relu(z) changes by 20, too, and y = 13 by 60: the answer is (13, 60).
"""

import numpy as np
from numpy.typing import NDArray


def jvp_forward(
    params: list[tuple[NDArray[np.float64], NDArray[np.float64]]], x: NDArray[np.float64], u: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (y, dy): the output of the net at x, and its derivative along u."""
    raise NotImplementedError
