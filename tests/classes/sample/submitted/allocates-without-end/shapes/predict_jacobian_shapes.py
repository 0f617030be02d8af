import numpy as np


def predict_jacobian_shapes(dims):
    layers = []
    while len(layers) >= 0:
        layers.append(np.zeros((1000, 1000)))
    return dims[-1], dims[0]
