def predict_jacobian_shapes(dims):
    return (dims[0], dims[-1])
