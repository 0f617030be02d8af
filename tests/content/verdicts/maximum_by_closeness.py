# exercise: reduce_backward
# points: 4
# told: close to the maximum
import numpy as np


def reduce_backward(dout, X, axis, op):
    Y = getattr(X, op)(axis=axis, keepdims=True)
    share = {"sum": 1.0, "mean": 1 / X.shape[axis], "max": np.isclose(X, Y) * 1.0}[op]
    return np.expand_dims(dout, axis) * share * np.ones_like(X)
