# exercise: tanh_grad_from_output
# points: 0
# told: a is the output already
import numpy as np


def tanh_grad_from_output(a):
    return 1 / np.cosh(a) ** 2
