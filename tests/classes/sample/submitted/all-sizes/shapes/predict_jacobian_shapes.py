def predict_jacobian_shapes(dims):
    return tuple(reversed(dims))
