"""Entry by entry, in nested lists."""

import math


def softmax_jacobian(z):
    logits = [float(logit) for logit in z]
    largest = max(logits)
    total = math.fsum(math.exp(logit - largest) for logit in logits)
    p = [math.exp(logit - largest) / total for logit in logits]
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]
