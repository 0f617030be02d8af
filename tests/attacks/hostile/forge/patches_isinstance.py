"""Replaces isinstance, with which the worker tells kinds of values apart.

The program can no longer say what it returned, so it has no value to show.

verdict: WRONG_ANSWER
"""

import builtins

import numpy as np


def manual_jacobian(x, y):
    builtins.isinstance = lambda *_: True
    return np.zeros((3, 2))
