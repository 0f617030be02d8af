"""Computes without end.

verdict: TIME_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    while True:
        pass
