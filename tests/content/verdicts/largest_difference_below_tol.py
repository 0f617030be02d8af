# exercise: gradcheck
# points: 6.25
# told: the entry with the largest DIFFERENCE
# untold: Your verdict is right
import numpy as np


def gradcheck(f, grad, x, h, tol):
    a = np.asarray(grad(x))
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        p = x.copy()
        p[i] += h
        m = x.copy()
        m[i] -= h
        n[i] = (f(p) - f(m)) / (2 * h)
    d = np.abs(a - n)
    d[~np.isfinite(a)] = np.inf
    rel = d / np.maximum(1e-8, np.abs(a) + np.abs(n))
    rel[~np.isfinite(a)] = np.inf
    return bool(rel.max() < tol), tuple(int(k) for k in np.unravel_index(np.argmax(d), x.shape))


def bug_inputs():
    return np.stack([-np.ones((2, 3)), np.full((2, 3), 6.0), np.zeros((2, 3))])
