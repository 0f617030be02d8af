"""Has the worker take whatever is returned for an array of the reference's own shape, full of nan.

verdict: WRONG_ANSWER
"""

import sys

import numpy as np


def manual_jacobian(x, y):
    frame = sys._getframe()
    while frame:
        if "pack" in frame.f_globals:
            real = frame.f_globals["pack"]
            if getattr(real, "__name__", "") == "pack":
                frame.f_globals["pack"] = lambda *_, real=real: real(np.full((3, 2), np.nan))
        frame = frame.f_back
    return "ACCEPTED"
