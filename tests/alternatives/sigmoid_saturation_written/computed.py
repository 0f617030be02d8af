"""Every digit, behind the z and the output, and the letter dressed up."""

import math


def sigmoid_saturation_written(z):
    s = 1 / (1 + math.exp(-z))
    slope = s * (1 - s)
    why = f"At z = {z} the output is {s}. Backpropagation multiplies by s'(z) = {slope}, so nothing before this unit learns."
    return {"choice": "(C)", "why": why}
