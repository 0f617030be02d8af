"""The shortest x with z = -5, by the pseudoinverse; the Jacobian is diag(relu'(z)) @ W."""

import numpy as np


def dead_relu_input(W, b):
    x = np.linalg.pinv(W) @ (-5.0 - b)
    return x, np.diag((W @ x + b > 0).astype(float)) @ W
