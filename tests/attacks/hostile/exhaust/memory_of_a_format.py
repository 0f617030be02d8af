"""Asks for a number printed a thousand million characters wide.

verdict: MEMORY_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    return "%999999999d" % 1
