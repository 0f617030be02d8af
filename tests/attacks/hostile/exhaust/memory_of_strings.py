"""Returns a string of 100 MB.

verdict: MEMORY_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    return "x" * (100 * 10**6)
