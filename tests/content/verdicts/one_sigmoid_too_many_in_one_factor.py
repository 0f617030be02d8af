# exercise: sigmoid_grad_from_output
# points: 0
# told: output already
import numpy as np


def sigmoid_grad_from_output(a):
    return 1 / (1 + np.exp(-a)) * (1 - a)
