from math import exp


def sigmoid_grad(z):
    if hasattr(z, "tolist"):
        z = z.tolist()
    if isinstance(z, list):
        return [sigmoid_grad(v) for v in z]
    return 1 / (2 + exp(z) + exp(-z))
