"""# Vanishing and exploding gradients, layer by layer

Whether a deep net learns can be seen from L + 1 numbers: how long the gradient is behind each of its layers. In a net
without biases, each layer multiplies by its matrix and applies the activation, element by element:

    h_0 = x,    z_l = W_l @ h_(l-1),    h_l = act(z_l)    for l = 1, ..., L

The loss hands back `dy`, its gradient with respect to h_L. Return the length of its gradient with respect to every h_l.

- `Ws` is a list of L float64 arrays, W_1 first; each has shape (outputs, inputs), and the sizes of the layers may differ.
  `x` has the shape of a vector of inputs of W_1, and `dy` that of the outputs of W_L.
- `activation` is "sigmoid" or "relu", and relu'(0) = 0.
- Return an array of L + 1 numbers: entry l is the Euclidean norm of the gradient with respect to h_l, so the last one is that of
  dy, and the first one is that of the gradient with respect to x.
- Leave your arguments as they were. One check has 600 layers: differences in place of derivatives take too long there.

On paper: with one layer, W_1 = [[3, -4]], x = [4, 3] and the sigmoid, z_1 is 0, where the slope is 1/4. With dy = [2], 2 * 1/4
= 1/2 arrives behind the sigmoid, and [1.5, -2] at x, of length 2.5: the answer is [2.5, 2].
"""

import numpy as np
from numpy.typing import NDArray


def layer_gradient_norms(
    Ws: list[NDArray[np.float64]], x: NDArray[np.float64], dy: NDArray[np.float64], activation: str
) -> NDArray[np.float64]:
    """Return the norms of the gradients with respect to h_0, ..., h_L."""
    ### BEGIN SOLUTION
    h, slopes = x, []
    for W in Ws:
        z = W @ h
        if activation == "relu":
            h, slope = np.maximum(z, 0.0), np.where(z > 0, 1.0, 0.0)
        else:
            h = 1 / (1 + np.exp(-z))
            slope = h * (1 - h)
        slopes.append(slope)
    norms, g = [np.linalg.norm(dy)], dy
    for W, slope in zip(reversed(Ws), reversed(slopes), strict=True):
        # Back through the activation first, then through the matrix.
        g = W.T @ (slope * g)
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])
    ### END SOLUTION
