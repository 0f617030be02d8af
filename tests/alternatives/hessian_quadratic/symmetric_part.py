"""A without its antisymmetric part."""


def hessian_quadratic(A, b, x):
    return A - 0.5 * (A - A.T)
