# exercise: numerical_gradient
# points: 0
# told: twice too large
import numpy as np


def numerical_gradient(f, x, h=1e-5):
    out = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        up = f(x)
        x[i] = kept - h
        out[i] = (up - f(x)) / h
        x[i] = kept
    return out
