# exercise: gelu_grad
# points: 0
# told: in Phi, erf is taken at z / sqrt(2)
import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[float])


def gelu_grad(z):
    return 0.5 * (1 + erf(z)) + z * np.exp(-(z**2)) / np.sqrt(np.pi)
