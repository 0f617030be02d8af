def dropout_backward(dout, mask, p):
    result = []
    for row, kept in zip(dout.tolist(), mask.tolist()):
        result.append([g / (1 - p) if keep else 0.0 for g, keep in zip(row, kept)])
    return result
