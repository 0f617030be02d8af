"""Silences the overflow that a check looks for, as honest code does too.

verdict: RUNTIME_ERROR
exercise: sigmoid_stable
"""

import numpy as np


def sigmoid_stable(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-np.asarray(z)))
