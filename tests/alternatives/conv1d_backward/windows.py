import numpy as np


def conv1d_matrix(w, n):
    padded = np.concatenate([np.zeros(n - len(w)), w, np.zeros(n - len(w))])
    return np.lib.stride_tricks.sliding_window_view(padded, n)[::-1]


def conv1d_backward(dout, x, w):
    places = np.arange(len(dout))[:, None] + np.arange(len(w))
    dx = np.zeros(len(x))
    np.add.at(dx, places, np.outer(dout, w))
    return {"dx": dx, "dw": x[places].T @ dout}
