"""The chain of Jacobians with diagonal matrices, as it is written on paper."""

import numpy as np


def simplenet_input_grad(params, x):
    jacobian, a = np.eye(len(x)), x
    for index, (W, b) in enumerate(params):
        a, jacobian = W @ a + b, W @ jacobian
        if index < 2:
            jacobian = np.diag(1.0 * (a > 0)) @ jacobian
            a = np.where(a > 0, a, 0.0)
    return (np.diag(2 * a) @ jacobian)[0]
