# exercise: conv1d_backward
# points: 0
# told: the convolution of mathematics|dx comes of the kernel in its wrong order|dout is in reverse order there
import numpy as np


def conv1d_matrix(w, n):
    m = n - len(w) + 1
    return np.array([np.concatenate([np.zeros(i), w[::-1], np.zeros(m - 1 - i)]) for i in range(m)])


def conv1d_backward(dout, x, w):
    return np.convolve(dout, w[::-1]), np.convolve(x, dout, "valid")
