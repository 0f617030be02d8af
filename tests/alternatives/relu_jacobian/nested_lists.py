"""Nested lists of integers."""


def relu_jacobian(z):
    return [[int(i == j and z[i] > 0) for j in range(len(z))] for i in range(len(z))]
