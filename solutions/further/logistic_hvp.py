"""# A Hessian times a vector

Newton's step needs the Hessian, and a model with a million weights has one with a million times a million entries. But most
methods that use the curvature need only its products with vectors, and such a product is cheap: it takes about as long as a
gradient. Work it out for logistic regression, whose loss is the MEAN over the samples:

    z = X @ w                                           shape (N,)
    loss(w) = mean over n of log(1 + e**z[n]) - t[n] * z[n]

- `X`, shape (N, D), has one sample per row; `w` and `v` have shape (D,). All float64.
- Return H @ v, shape (D,), where H is the Hessian of the loss with respect to w, shape (D, D). The targets t do not appear in H:
  you will see why.
- Do NOT build H. One check has so many weights that it does not fit into memory.
- A relative error of 1e-6 is allowed, as long as no z is above 20. (On the other side any z may come.)
- Leave your arguments as they were.

On paper: one sample, X = [[1, 2]], w = [0, 0] and v = [3, 1]. Then z = 0, and there the slope of the sigmoid is 1/4. Moving w along
v changes z at the rate 1 * 3 + 2 * 1 = 5; so s(z) changes at the rate 5/4, and the gradient, s(z) - t times the sample, at the rate
5/4 * [1, 2]: the answer is [1.25, 2.5].
"""

import numpy as np
from numpy.typing import NDArray


def logistic_hvp(X: NDArray[np.float64], w: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return H @ v, shape (D,)."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(X @ w))
    slopes = e / (1 + e) ** 2
    # From the right: X @ v first, so that there are vectors alone.
    return X.T @ (slopes * (X @ v)) / len(X)
    ### END SOLUTION
