"""A letter with its statement, a number in an array, and a reason in a language that has no spaces."""

import numpy as np


def sigmoid_saturation_written():
    return {
        "value": np.array(4.54e-5),
        "choice": "c) The derivative is close to 0.",
        "why": "导数几乎为零，所以经过该单元的梯度几乎完全消失，权重无法学习。",
    }
