# exercise: sigmoid_jacobian
# points: 0
# told: apply the sigmoid first
import numpy as np


def sigmoid_jacobian(z):
    return np.diag(z * (1 - z))
