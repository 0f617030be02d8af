"""Replaces the built-in functions that a comparison might use, and returns zeros.

The worker, which uses them as well, can no longer tell one value from another.

verdict: RUNTIME_ERROR
"""

import builtins

import numpy as np

builtins.all = builtins.any = lambda *_: True
builtins.abs = lambda *_: 0
builtins.max = builtins.min = builtins.sum = lambda *_, **__: 0
builtins.float = lambda *_: 0.0


def manual_jacobian(x, y):
    return np.zeros((3, 2))
