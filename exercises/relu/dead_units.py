"""# Units that never fire

A layer computes relu(z) with the pre-activations z = x @ W + b for each sample x of a data set X, one sample a row. A
unit never fires on the data set if relu(z) is 0 for every sample: then none of them passes a gradient to its weights.
Return which units these are.

- `X` has shape (N, D), `W` (D, H) and `b` (H,), all float64; N may be 1.
- Return an array of H booleans: entry k is True if unit k never fires.
- A pre-activation of exactly 0 gives relu(0) = 0: for that sample the unit does not fire.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with X = [[1], [2]], W = [[1, 1]] and b = [-1.5, -3], the pre-activations are [[-0.5, -2], [0.5, -1]]: unit 0
fires for the second sample.
"""

import numpy as np
from numpy.typing import NDArray


def dead_units(X: NDArray[np.float64], W: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of the H units never fire on the data set."""
    raise NotImplementedError
