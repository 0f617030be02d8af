# exercise: logistic_hvp
# points: 7
# told: overflows
import numpy as np


def logistic_hvp(X, w, v):
    z = X @ w
    e = np.exp(-z)
    s = e / (1 + e) ** 2
    return X.T @ (s * (X @ v)) / len(X)
