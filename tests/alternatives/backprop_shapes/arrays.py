import numpy as np


def backprop_shapes(N, D, H, K):
    shapes = dict(score=(N, K), dA=(N, H), dW1=(D, H), db1=(H,), dW2=(H, K), db2=(K,), dX=(N, D))
    shapes |= {"dscore": shapes["score"], "dZ": shapes["dA"]}
    return {name: np.array(shape) for name, shape in shapes.items()}
