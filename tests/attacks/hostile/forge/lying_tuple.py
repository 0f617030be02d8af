"""Returns what says it is a tuple, and gives other items each time it is asked.

verdict: WRONG_ANSWER
"""

import itertools

import numpy as np


class Fickle:
    __class__ = tuple
    count = itertools.count()

    def __iter__(self):
        return iter([np.zeros(2)] * (next(self.count) % 5))

    def __len__(self):
        return 3


def manual_jacobian(x, y):
    return Fickle()
