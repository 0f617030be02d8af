# exercise: linear_backward
# points: 0
# told: order


def linear_backward(dout, X, W, b):
    return X.T @ dout, dout.sum(axis=0), dout @ W.T
