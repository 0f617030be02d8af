"""# Backpropagation of one sample

A net with one hidden layer sees one sample x with the target t:

    h = x @ W                    pre-activations, shape (H,)
    hact = relu(h)               shape (H,)
    score = hact @ wout          one number
    p = 1 / (1 + exp(-score))    one number
    loss = (p - t) ** 2          one number

Return the loss and its gradients with respect to W and wout. Three smaller functions take the way one step at a time;
each is graded with right inputs of its own, so a mistake in one of them costs nothing in the next. Your
`backprop_single` may call them, or not.

- `x` has shape (D,), `W` (D, H), `wout` and `h` (H,), all float64; `p`, `t` and `dscore` are floats. relu'(0) = 0.
- `forward` returns a tuple (h, p); h is the pre-activations, before the relu.
- `dloss_dscore` returns the derivative of the loss with respect to the score, a float, from p and t alone.
- `score_backward` gets dscore, the derivative of the loss with respect to the score, and returns a tuple (dW, dwout).
- `backprop_single` returns a tuple (loss, dW, dwout): a float, an array of the shape of W, and one of that of wout.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with h = [1, -2] and wout = [0, 5] the score is 0, so p = 1/2; for t = 1 the loss is 1/4, and its derivative
with respect to the score is -1/4.
"""

import numpy as np
from numpy.typing import NDArray


def forward(
    x: NDArray[np.float64], W: NDArray[np.float64], wout: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return (h, p): the pre-activations of the hidden layer, and the output of the net."""
    raise NotImplementedError


def dloss_dscore(p: float, t: float) -> float:
    """Return the derivative of the loss with respect to the score."""
    raise NotImplementedError


def score_backward(
    x: NDArray[np.float64], h: NDArray[np.float64], wout: NDArray[np.float64], dscore: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dW, dwout), given the derivative of the loss with respect to the score."""
    raise NotImplementedError


def backprop_single(
    x: NDArray[np.float64], W: NDArray[np.float64], wout: NDArray[np.float64], t: float
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return (loss, dW, dwout) for one sample."""
    raise NotImplementedError
