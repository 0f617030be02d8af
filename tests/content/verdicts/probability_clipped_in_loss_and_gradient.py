# exercise: bce_with_logits
# points: 5.5
# told: You kept p off 0 and 1
import numpy as np
def bce_with_logits(z, t):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), (p - t) / len(z)
