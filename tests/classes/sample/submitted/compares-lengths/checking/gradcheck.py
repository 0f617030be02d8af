import numpy as np


def quotients(f, x, h):
    n = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        n[i] = (f(up) - f(down)) / (2 * h)
    return n


def gradcheck(f, grad, x, h, tol):
    a, n = grad(x.copy()), quotients(f, x, h)
    error = np.where(np.isfinite(a), abs(a - n), np.inf)
    worst = np.unravel_index(np.argmax(error), x.shape)
    whole = np.linalg.norm(a - n) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(n))
    return bool(whole <= tol), tuple(map(int, worst))


def bug_inputs():
    zero = np.ones((2, 3))
    zero[0, 1] = 0.0
    return np.array([np.linspace(-2, 3, 6).reshape(2, 3), np.full((2, 3), -8.0), zero])
