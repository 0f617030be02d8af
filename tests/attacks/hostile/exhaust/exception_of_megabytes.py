"""Raises an exception with a text of 50 MB, in a class with a name of a megabyte.

verdict: RUNTIME_ERROR
"""

Long = type("E" * 10**6, (ValueError,), {})


def manual_jacobian(x, y):
    raise Long("x" * 50 * 10**6)
