def linear_backward(dout, X, W, b):
    return dout @ W.T, X.T @ dout, dout
