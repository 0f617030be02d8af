"""# Gradients that pile up

In PyTorch each `loss.backward()` ADDS its gradient to what is in `W.grad`. That is why training loops clear it: forget
`W.grad = None` once, and each step goes along all gradients since the beginning. Made use of, the same habit gives large batches
in small parts. Write the loop without PyTorch.

- `W` is a float64 array, and `grads` a float64 array with one axis more, in front: grads[k] is what call k of backward would
  leave in a W.grad that was empty, in the shape of W.
- The calls come one after the other, and each adds to W.grad. After every `every` calls there is a step: lr times W.grad is
  taken off W, and W.grad is cleared. `every` is a whole number, 1 or more.
- Return a tuple (Ws, grad). Ws has an axis more than W, in front: W after each step. grad has the shape of W: what is in W.grad
  after the last call, zeros if it was just cleared.
- There is at least one step. Leave your arguments as they were.

On paper: W = [10], lr = 0.1, every = 2, and the gradients [1], [3], [5]. After two calls W.grad is 1 + 3 = 4, and the step makes W
10 - 0.4 = 9.6. The third call leaves 5 in W.grad, without a step: the answer is ([[9.6]], [5]).
"""

import numpy as np
from numpy.typing import NDArray


def accumulated_gradients(
    W: NDArray[np.float64], grads: NDArray[np.float64], lr: float, every: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (Ws, grad): W after each step, and what is left in W.grad."""
    raise NotImplementedError
