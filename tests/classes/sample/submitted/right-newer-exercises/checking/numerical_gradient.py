import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, float)
    out = []
    for i in range(x.size):
        e = np.zeros(x.size)
        e[i] = h
        e = e.reshape(x.shape)
        out.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(out).reshape(x.shape)
