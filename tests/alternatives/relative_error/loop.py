"""Entry by entry, with the standard library alone."""

import math


def relative_error(a, n):
    worst = 0.0
    for left, right in zip(a.ravel().tolist(), n.ravel().tolist(), strict=True):
        if not (math.isfinite(left) and math.isfinite(right)):
            return math.inf
        worst = max(worst, abs(left - right) / max(1e-8, abs(left) + abs(right)))
    return worst
