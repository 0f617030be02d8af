# exercise: microbatch_gradient
# points: 0
# told: multiplied by its size, a mean is the sum
import numpy as np


def microbatch_gradient(grads, sizes):
    return sum(g / s for g, s in zip(grads, sizes)) * sum(sizes) / len(sizes)
