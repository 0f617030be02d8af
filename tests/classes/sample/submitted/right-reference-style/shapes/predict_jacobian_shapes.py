def predict_jacobian_shapes(dims: tuple[int, ...]) -> tuple[int, int]:
    # (outputs, inputs); everything in between cancels in the product
    return dims[-1], dims[0]
