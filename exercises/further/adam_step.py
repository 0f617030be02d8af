"""# One step of Adam

Plain gradient descent takes long steps where the loss is steep, and short ones where it is flat. Adam gives each weight a step
of its own: it divides the gradient by how large the gradients of that weight usually are. For that it keeps two running averages
for each weight, `m` of the gradients and `v` of their squares.

One step, with the gradient g of this step, goes like this. All of it is element by element:

- The new m is made of beta1 times the old m, and 1 - beta1 times g.
- The new v is made of beta2 times the old v, and 1 - beta2 times the square of g.
- Both averages begin with zeros, and so they are too small at first: after t steps the weights in the average have the sum
  1 - beta**t, and not 1. Divide each of them by its sum. This is for the step alone: what is kept is not divided.
- The weights go DOWN the corrected m, divided by the root of the corrected v plus eps, times the learning rate lr. eps is added to
  the root, not below it.

- `W`, `g`, `m` and `v` are float64 arrays of one shape, whichever it is; no entry of v is negative.
- `t` is an int, the number of this step: 1 for the first. `lr`, `beta1`, `beta2` and `eps` are floats.
- Return a tuple (W, m, v): the new weights, and the new averages as they are kept for the next step.
- Leave your arguments as they were.

On paper: the first step, t = 1, with W = [1], g = [2], m = v = [0], lr = 0.3, beta1 = 0.5, beta2 = 0.75 and eps = 1. The new m is 1
and the new v is 1; their sums of weights are 1/2 and 1/4, so corrected they are 2 and 4. The step is 0.3 * 2 / (2 + 1) = 0.2, and the
answer ([0.8], [1], [1]).
"""

import numpy as np
from numpy.typing import NDArray


def adam_step(
    W: NDArray[np.float64],
    g: NDArray[np.float64],
    m: NDArray[np.float64],
    v: NDArray[np.float64],
    t: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (W, m, v) after step number t."""
    raise NotImplementedError
