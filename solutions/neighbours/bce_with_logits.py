"""# Cross-entropy of a sigmoid, from the logits

A squared error behind a sigmoid has a flaw: where the output saturates on the wrong side, the slope of the sigmoid is
almost 0, and with it the gradient. The binary cross-entropy is the remedy: the worse the mistake, the harder it pulls.

For N samples with scores z (the *logits*), p = 1 / (1 + exp(-z)) is the probability of class 1, and with targets t

    loss = the mean over the samples of  -t * log(p) - (1 - t) * log(1 - p)

Return the loss and its gradient with respect to z. Both have to be accurate for every score, also where p is rounded to 0
or 1: rewrite the formula on paper until no logarithm of 0 can occur, and nothing overflows. Only the gradient, and only where p
is next to 1, may be off by as much as p is rounded there, some 1e-16.

- `z` and `t` have shape (N,), both float64; each target is between 0 and 1, most often one of them; N may be 1.
- Return a tuple (loss, dz): loss is one number, and dz has shape (N,).
- Leave your arguments as they were.

On paper: with z = [0, ln 3] and t = [1, 0], p is [1/2, 3/4]. The samples' losses are -ln(1/2) = ln 2 and -ln(1/4) = 2 ln 2,
and their mean is 1.5 ln 2 = 1.0397. A score of 800 with target 0 has the loss 800, and not infinity.
"""

import numpy as np
from numpy.typing import NDArray


def bce_with_logits(z: NDArray[np.float64], t: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return the mean binary cross-entropy and its gradient with respect to the logits."""
    ### BEGIN SOLUTION
    # -log(p) = log(1 + exp(-z)), and -log(1 - p) = z + log(1 + exp(-z)): no exponential of a positive number is left.
    e = np.exp(-np.abs(z))
    losses = np.maximum(z, 0) - z * t + np.log1p(e)
    # The slope p * (1 - p) of the sigmoid cancels against the derivatives of the logarithms: p - t is left. In two terms nothing
    # is lost where p and t are 1.
    p, rest = np.exp(np.minimum(z, 0)) / (1 + e), np.exp(np.minimum(-z, 0)) / (1 + e)
    return losses.mean(), ((1 - t) * p - t * rest) / len(z)
    ### END SOLUTION
