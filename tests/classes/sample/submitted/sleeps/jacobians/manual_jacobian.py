import time

import numpy as np


def manual_jacobian(x, y):
    time.sleep(60)
    return np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])
