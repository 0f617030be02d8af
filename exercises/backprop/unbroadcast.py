"""# The way back through a broadcast

In `a + B` numpy repeats the entries of a until its shape is that of B: axes of size 1 are stretched, and axes that a
does not have are added on the left. An entry of a that was used k times gets k gradients from above. Given the
gradient with respect to the broadcast result, return the gradient with respect to the operand as it was before.

- `grad` is a float64 array; `shape` is a tuple of integers, the shape of the operand, which broadcasts to that of
  `grad`.
- Return an array of exactly the shape `shape`; where that is `()`, return one number.
- Any number of axes may have been added, stretched, both, or neither.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: if a has shape (3,), and all six entries of a (2, 3) gradient are 1, the gradient with respect to a is [2, 2,
2].
"""

import numpy as np
from numpy.typing import NDArray


def unbroadcast(grad: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the gradient with respect to the operand of shape `shape`, given that of its broadcast form."""
    raise NotImplementedError
