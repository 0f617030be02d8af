import math

import numpy as np


def buggy_unused():
    return None


def numerical(f, x, h):
    slopes = np.zeros_like(x)
    point = x.copy()
    for i in np.ndindex(*x.shape):
        kept = point[i]
        point[i] = kept + h
        above = f(point.copy())
        point[i] = kept - h
        slopes[i] = (above - f(point.copy())) / h / 2
        point[i] = kept
    return slopes


def gradcheck(f, grad, x, h, tol):
    worst, largest = None, -1.0
    analytic, slopes = grad(x), numerical(f, x, h)
    for i in np.ndindex(*x.shape):
        a, n = float(analytic[i]), float(slopes[i])
        error = abs(a - n) / max(1e-8, abs(a) + abs(n)) if math.isfinite(a) else math.inf
        if error > largest:
            worst, largest = i, error
    return largest <= tol, worst


def bug_inputs():
    return [[[-3, -3, -3], [-3, -3, -3]], [[9, 9, 9], [9, 9, 9]], [[1, 2, 3], [4, 5, 0]]]
