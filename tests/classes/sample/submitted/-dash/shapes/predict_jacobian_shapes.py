def predict_jacobian_shapes(dims):
    return tuple([dims[-1], dims[0]])
