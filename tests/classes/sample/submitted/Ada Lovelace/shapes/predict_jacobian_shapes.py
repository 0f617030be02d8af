def predict_jacobian_shapes(dims):
    return (dims[-1], dims[0])
