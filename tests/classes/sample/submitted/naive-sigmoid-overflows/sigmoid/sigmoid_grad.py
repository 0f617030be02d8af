import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_grad(z):
    s = sigmoid(z)
    return s * (1 - s)


# saturates nicely on both sides
print(sigmoid(np.array([-1000.0, 0.0, 1000.0])))
