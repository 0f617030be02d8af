"""Returns what looks like a tuple and gives arrays without end when it is taken apart.

verdict: MEMORY_LIMIT_EXCEEDED
"""

import numpy as np


class Endless(tuple):
    def __iter__(self):
        while True:
            yield np.ones(2**20)


def manual_jacobian(x, y):
    return Endless()
