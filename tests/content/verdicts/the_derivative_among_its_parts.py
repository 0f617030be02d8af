# exercise: sigmoid_saturation_written
# points: 4
# told: 
import math


def sigmoid_saturation_written(z):
    e = math.exp(-z)
    s = 1 / (1 + e)
    slope = s * (1 - s)
    why = (
        f"At z = {z} we have e^-z = {e:.3g}, so the output is {s:.6g}, 1 - s is {1 - s:.4g} and the derivative {slope:.3g}, which is "
        f"1/{1 / slope:.0f} and {0.25 / slope:.2g} times less than the 0.25 at z = 0. It is a factor of every gradient before the "
        f"unit: over 2 such layers {slope**2:.2g} is left, over 3 layers {slope**3:.2g}."
    )
    return {"choice": "c", "why": why}
