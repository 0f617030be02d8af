def jacobian_product_written():
    return {
        "why": "W.grad has the shape of W, while the Jacobian has one more axis for the outputs, which v sums over.",
        "choice": "(C)",
    }
