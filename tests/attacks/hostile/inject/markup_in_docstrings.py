"""Carries markup in its docstring, names, annotations and attributes: <script>alert(1)</script>.

verdict: ACCEPTED
"""

import numpy as np

__name__ = __file__ = "</title><script>alert(1)</script>\x1b[31m"


def manual_jacobian(x: "<script>", y: "\x1b[31m") -> "=cmd()":
    """</p><script>alert(1)</script>"""
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])


manual_jacobian.__name__ = manual_jacobian.__qualname__ = "<script>alert(1)</script>"
