"""Is wrong by a sign in a line that holds controls of terminals and of direction: the edit that mends it repeats the line.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    return -np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])  # 2J  ‮⁦ ​ <script>alert(1)</script>
