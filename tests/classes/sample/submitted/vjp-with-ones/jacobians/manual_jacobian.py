import numpy as np


def manual_jacobian(x, y):
    # what torch gives for f.backward(torch.ones(3))
    v = np.ones(3)
    J = np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])
    return v @ J
