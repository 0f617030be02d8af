"""Returns an object that never finishes being deleted.

verdict: TIME_LIMIT_EXCEEDED
"""


class Immortal:
    def __del__(self):
        while True:
            pass


def manual_jacobian(x, y):
    return Immortal()
