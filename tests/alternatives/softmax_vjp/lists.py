"""Nested lists, with the standard library alone."""


def softmax_vjp(p, dout):
    result = []
    for row, up in zip(p.tolist(), dout.tolist(), strict=True):
        mean = sum(share * slope for share, slope in zip(row, up, strict=True))
        result.append([share * (slope - mean) for share, slope in zip(row, up, strict=True)])
    return result
