"""Returns an object that says its class is ndarray.

verdict: WRONG_ANSWER
"""

import numpy as np


class Impostor:
    __class__ = np.ndarray
    shape = (3, 2)
    dtype = np.dtype("f8")

    def tobytes(self):
        return b"\0" * 48


def manual_jacobian(x, y):
    return Impostor()
