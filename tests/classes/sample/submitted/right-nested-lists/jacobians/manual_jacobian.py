from math import exp


def manual_jacobian(x, y):
    return [[2 * x, 1.0], [y, x], [exp(x), 0.0]]
