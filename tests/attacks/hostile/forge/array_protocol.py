"""Returns an object with __array__, __array_interface__, __array_function__ and __array_ufunc__ that approve of all.

verdict: WRONG_ANSWER
"""

import numpy as np


class Lazy:
    @property
    def __array_interface__(self):
        return {"shape": (3, 2), "typestr": "<f8", "data": (0, False), "version": 3}

    def __array__(self, dtype=None, copy=None):
        return np.zeros((3, 2))

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return True


def manual_jacobian(x, y):
    return Lazy()
