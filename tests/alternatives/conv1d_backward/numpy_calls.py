import numpy as np


def conv1d_matrix(w, n):
    # Column j is what the j-th unit vector gives.
    return np.stack([np.correlate(unit, w, mode="valid") for unit in np.eye(n)], axis=1)


def conv1d_backward(dout, x, w):
    return np.convolve(dout, w, mode="full"), np.correlate(x, dout, mode="valid")
