"""Prints without end.

verdict: OUTPUT_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    while True:
        print("x" * 1000)
