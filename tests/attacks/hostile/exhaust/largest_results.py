"""Returns, for every case, an array just as large as a reply may be.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    return np.ones(2**22 - 100)
