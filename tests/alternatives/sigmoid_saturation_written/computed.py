"""The number computed, the letter dressed up."""

import math


def sigmoid_saturation_written():
    s = 1 / (1 + math.exp(-10))
    why = "Backpropagation multiplies by s'(10), which is nearly zero, so nothing before this unit learns."
    return {"value": s * (1 - s), "choice": "(C)", "why": why}
