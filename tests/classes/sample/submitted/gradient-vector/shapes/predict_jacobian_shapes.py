def predict_jacobian_shapes(dims):
    if dims[-1] == 1:
        # scalar output: just the gradient
        return (dims[0],)
    return dims[-1], dims[0]
