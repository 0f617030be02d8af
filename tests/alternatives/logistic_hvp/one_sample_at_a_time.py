import math


def logistic_hvp(X, w, v):
    total = [0.0] * len(w)
    for row in X.tolist():
        z = sum(x * weight for x, weight in zip(row, w.tolist()))
        rate = sum(x * each for x, each in zip(row, v.tolist())) / (2 * math.cosh(z / 2)) ** 2
        total = [so_far + rate * x for so_far, x in zip(total, row)]
    return [each / len(X) for each in total]
