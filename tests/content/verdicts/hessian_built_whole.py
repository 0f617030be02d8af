# exercise: logistic_hvp
# points: 6.5
# told: needs more memory than is allowed
import numpy as np


def logistic_hvp(X, w, v):
    p = 1 / (1 + np.exp(-X @ w))
    H = X.T @ np.diag(p * (1 - p)) @ X / len(X)
    return H @ v
