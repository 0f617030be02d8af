# exercise: gradient_is_a_row
# points: 1.25
# told: A column holds the derivatives of all outputs
# untold: You added up the derivatives of each output
import numpy as np


def gradient_is_a_row(J, i):
    return J[:, i], J[:, i].reshape(1, -1), np.sum(J, axis=0)
