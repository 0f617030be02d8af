"""Raises an exception whose text, and the text of whose causes, cannot be had.

verdict: RUNTIME_ERROR
"""


class Endless(Exception):
    def __str__(self):
        return str(self)

    __repr__ = __str__


def manual_jacobian(x, y):
    error = Endless()
    error.__cause__ = error.__context__ = Endless()
    raise error
