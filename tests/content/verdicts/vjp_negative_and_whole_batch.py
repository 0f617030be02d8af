# exercise: softmax_vjp
# points: 0
# told: each row has a sum of its own
import numpy as np


def softmax_vjp(p, dout):
    return p * (np.sum(p * dout) - dout)
