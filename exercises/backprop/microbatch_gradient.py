"""# One gradient from parts of a batch

A batch that does not fit into memory is cut into parts, and the last part is often smaller. Each part gives the gradient
of its own MEAN loss. Put them together to the gradient of the mean loss of the whole batch, as if it had fitted.

- `grads` is a list of float64 arrays of one shape: grads[k] is the gradient, with respect to the same weights, of the mean
  of the losses of the samples in part k.
- `sizes` is a tuple of as many whole numbers: part k has sizes[k] samples, at least one.
- Return an array of that shape: the gradient of the mean of the losses of all samples.
- Leave your arguments as they were.

On paper: a part of 2 samples with the losses 3 w and 5 w has the mean loss 4 w and the gradient 4; a part of one sample
with the loss 10 w has the gradient 10. All three losses add up to 18 w: the answer is 6.
"""

import numpy as np
from numpy.typing import NDArray


def microbatch_gradient(grads: list[NDArray[np.float64]], sizes: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the gradient of the mean loss of all samples, in the shape of each of grads."""
    raise NotImplementedError
