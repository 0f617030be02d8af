# exercise: fixed_point_grad
# points: 6.5
# told: a is right, da_dw, da_dc are wrong
import numpy as np


def settled(w, c):
    a = 0.5
    for _ in range(300):
        a = 1 / (1 + np.exp(-(w * a + c)))
    return a


def fixed_point_grad(w, c):
    h = 1e-6
    da_dw = (settled(w + h, c) - settled(w - h, c)) / (2 * h)
    da_dc = (settled(w, c + h) - settled(w, c - h)) / (2 * h)
    return settled(w, c), da_dw, da_dc
