import math

import numpy as np


def gelu_grad(z):
    u = np.divide(z, math.sqrt(2))
    slopes = np.empty_like(z)
    for index in np.ndindex(z.shape):
        slopes[index] = 0.5 + 0.5 * math.erf(u[index]) + u[index] * math.exp(-u[index] ** 2) / math.sqrt(math.pi)
    return slopes
