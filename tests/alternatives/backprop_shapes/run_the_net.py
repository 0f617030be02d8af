"""Run the net on zeros, and read off the shapes that numpy gives: a gradient is as its array."""

import numpy as np


def backprop_shapes(N, D, H, K):
    X, W1, b1, W2, b2 = (np.zeros(shape) for shape in [(N, D), (D, H), H, (H, K), K])
    Z = X @ W1 + b1
    A = np.maximum(Z, 0)
    score = A @ W2 + b2
    arrays = {"score": score, "dscore": score, "dA": A, "dZ": Z, "dW1": W1, "db1": b1, "dW2": W2, "db2": b2, "dX": X}
    return {name: array.shape for name, array in arrays.items()}
