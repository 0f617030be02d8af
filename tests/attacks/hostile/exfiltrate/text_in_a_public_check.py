"""Raises what an earlier process left behind as a text in a public check, whose exceptions are told.

verdict: RUNTIME_ERROR
"""


def manual_jacobian(x, y):
    raise ValueError("LE" + "AK" + repr(2.2389160484664448))
