"""Returns dicts whose keys lie about their text and their equality.

verdict: WRONG_ANSWER
"""

import numpy as np


class Key(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __str__(self):
        return "dW"


def manual_jacobian(x, y):
    return {Key("a"): np.zeros(2), None: np.zeros(2), (1, 2): np.zeros(2), 3.5: np.zeros(2)}
