# exercise: relu_grad
# points: 0
# told: your function `relu_grad` is defined inside of a class, a function or an `if` at relu_grad.py, line 6
import numpy as np
class Solution:
    def relu_grad(self, z): return (np.asarray(z) > 0).astype(float)
