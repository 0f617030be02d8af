# exercise: fixed_point_grad
# points: 7
# told: da_dw is wrong
import math


def fixed_point_grad(w, c):
    a = 0.5
    for _ in range(40):
        a = 1 / (1 + math.exp(-(w * a + c)))
    s = a * (1 - a)
    return a, s * a / (1 - w * s), s / (1 - w * s)
