import math


def fixed_point_grad(w, c):
    # Value and tangents through all repetitions: they settle as the value does.
    a, by_w, by_c = 0.5, 0.0, 0.0
    for _ in range(400):
        z = w * a + c
        slope = 1 / (2 + math.exp(z) + math.exp(-z))
        a, by_w, by_c = 1 / (1 + math.exp(-z)), slope * (a + w * by_w), slope * (1 + w * by_c)
    return [a, by_w, by_c]
