"""Raises an exception whose text takes forever.

verdict: TIME_LIMIT_EXCEEDED
"""


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def manual_jacobian(x, y):
    raise Slow
