# exercise: numerical_gradient
# points: 1.5
# told: here h is the step to one side
import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h / 2
        g[i] = (f(x + e) - f(x - e)) / h
    return g
