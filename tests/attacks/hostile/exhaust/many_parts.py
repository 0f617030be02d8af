"""Returns a list of a hundred thousand empty tuples.

verdict: OUTPUT_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    return [()] * 10**5
