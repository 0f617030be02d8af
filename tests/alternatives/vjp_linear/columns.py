import numpy as np


def vjp_linear(x, v):
    return np.column_stack([x * number for number in v])
