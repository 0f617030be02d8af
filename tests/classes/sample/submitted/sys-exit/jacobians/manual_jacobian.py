import sys

import numpy as np


def manual_jacobian(x, y):
    J = np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])
    print(J)
    sys.exit(0)
