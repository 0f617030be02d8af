"""Computes for years inside a single operation, where no signal handler of Python runs.

verdict: TIME_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    return 7 ** (10**9)
