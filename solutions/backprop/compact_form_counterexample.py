"""# Where the compact form breaks

For one sample x, the (D, H) matrix whose columns all are x is often written for dh/dW, and multiplied entry by entry
with the factors that follow. It is tempting to do the same for a batch X, with the sum of the samples in each column:

    compact = X.sum(axis=0)[:, None] * (X @ W > 0) * wout * upstream[:, None]

The gradient with respect to W of a loss whose derivatives with respect to the scores relu(X @ W) @ wout are `upstream`
adds up what each sample contributes:

    right = sum over n of outer(X[n], upstream[n] * wout * (X[n] @ W > 0))

Construct two batches. In both, numpy multiplies the factors of the compact form without complaint, and the product
has the shape of W. In the first, the compact form is wrong; in the second, it is right by accident.

- Each function returns a tuple (X, W, wout, upstream) of the shapes (N, D), (D, H), (H,) and (N,).
- There are 2 samples or more: with one, the compact form is always right. N, D and H are at most 8, and all entries
  are between -1000 and 1000.
- `counterexample`: some entry of the compact form is off by more than a thousandth of the largest entry of either.
- `coincidence`: all entries agree to 1e-9 of the largest, and not all of them are 0.
- There are many right answers, and any of them is accepted.

On paper: for X = [[1, 2], [3, 4]], the first factor of the compact form is the column [[4], [6]].
"""

import numpy as np
from numpy.typing import NDArray


def counterexample() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a batch (X, W, wout, upstream) for which the compact form has the right shape and is wrong."""
    ### BEGIN SOLUTION
    # Nearly every batch with N = D is one: the samples differ in their active units and in their upstream gradients, so
    # neither factors out of the sum.
    rng = np.random.default_rng(0)
    return tuple(rng.normal(size=size) for size in [(3, 3), (3, 2), 2, 3])  # type: ignore[call-overload]  # sizes of two kinds
    ### END SOLUTION


def coincidence() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a batch (X, W, wout, upstream) for which the compact form is right by accident."""
    ### BEGIN SOLUTION
    # Two samples that are alike have the same active units, and here the same upstream gradient: both factor out of the
    # sum. Samples that are not alike will do too, such as x and 10 * x.
    return tuple(np.ones(size) for size in [(2, 2), (2, 3), 3, 2])
    ### END SOLUTION
