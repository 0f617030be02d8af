import math

import numpy as np


def relative_error(a, n):
    worst = 0.0
    for x, y in zip(np.ravel(a).tolist(), np.ravel(n).tolist()):
        if not (math.isfinite(x) and math.isfinite(y)):
            return math.inf
        worst = max(worst, abs(x - y) / max(1e-8, abs(x) + abs(y)))
    return worst
