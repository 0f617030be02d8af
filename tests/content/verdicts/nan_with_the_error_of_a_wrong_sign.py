# exercise: gradcheck
# points: 7
# told: be the worst of all
import numpy as np


def gradcheck(f, grad, x, h, tol):
    a = grad(x)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        n[i] = (f(x + e) - f(x - e)) / (2 * h)
    err = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    err[~np.isfinite(a)] = 1.0
    worst = np.unravel_index(np.argmax(err), err.shape)
    return bool(err[worst] <= tol), worst


def bug_inputs():
    return np.array([[[-1.0] * 3] * 2, [[6.0] * 3] * 2, [[0.0, 1, 1], [1, 1, 1]]])
