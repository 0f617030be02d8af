"""Returns an ndarray subclass whose shape, dtype, bytes and comparisons lie.

verdict: WRONG_ANSWER
"""

import numpy as np


class Liar(np.ndarray):
    shape = (3, 2)
    dtype = np.dtype("f8")
    size = 6
    ndim = 2
    T = property(lambda self: self)

    def tobytes(self, order="C"):
        return np.ones((3, 2)).tobytes()

    def astype(self, *_, **__):
        return np.ones((3, 2))

    def __array__(self, *_, **__):
        return np.ones((3, 2))

    def __array_finalize__(self, other):
        pass

    def __eq__(self, other):
        return True

    __hash__ = None


def manual_jacobian(x, y):
    return np.zeros(4).view(Liar)
