"""A letter with its statement, a power of ten, and a reason in a language that has no spaces."""

import numpy as np


def sigmoid_saturation_written(z):
    mantissa, exponent = f"{np.exp(-z) / (1 + np.exp(-z)) ** 2:.3e}".split("e")
    return {
        "choice": "c) The derivative is close to 0.",
        "why": f"导数几乎为零（{mantissa} × 10^{int(exponent)}），所以经过该单元的梯度几乎完全消失，权重无法学习。",
    }
