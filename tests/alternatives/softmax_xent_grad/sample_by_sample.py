"""One sample after the other, with the standard library alone."""

import math


def softmax_xent_grad(Z, y):
    gradient = []
    for logits, label in zip(Z.tolist(), y.tolist(), strict=True):
        largest = max(logits)
        weights = [math.exp(logit - largest) for logit in logits]
        p = [weight / math.fsum(weights) for weight in weights]
        gradient.append([(p[k] - (k == label)) / len(Z) for k in range(len(p))])
    return gradient
