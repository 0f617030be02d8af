import numpy as np


def dead_relu_input(W, b):
    # push each unit that is still alive over to the other side, again and again
    x = np.zeros(W.shape[1])
    for _ in range(5000):
        z = W @ x + b
        alive = np.argmax(z)
        if z[alive] < -0.1:
            break
        row = W[alive]
        x = x - (z[alive] + 1) * row / (row @ row)
    jacobian = np.zeros(W.shape)
    for i in range(len(b)):
        if W[i] @ x + b[i] > 0:
            jacobian[i] = W[i]
    return x, jacobian
