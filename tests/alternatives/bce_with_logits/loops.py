"""Sample by sample, with the math module; a dict."""

import math


def bce_with_logits(z, t):
    total, dz = 0.0, []
    for score, target in zip(z.tolist(), t.tolist()):
        small = math.exp(-abs(score))
        p = 1 / (1 + small) if score >= 0 else small / (1 + small)
        total += math.log1p(small) + (1 - target) * score if score >= 0 else math.log1p(small) - target * score
        dz.append((p - target) / len(z))
    return {"loss": total / len(z), "dz": dz}
