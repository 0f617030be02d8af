"""Returns a structured array, a masked array that hides its wrong entries, a memoryview, dates and an object array.

verdict: WRONG_ANSWER
"""

import numpy as np

ODD = [
    np.zeros((3, 2), dtype=[("a", "f8"), ("b", "f8")]),
    np.ma.masked_all((3, 2)),
    memoryview(np.zeros((3, 2))),
    np.zeros((3, 2), dtype="M8[s]"),
    np.full((3, 2), None, dtype=object),
    np.zeros((3, 2), dtype="S8"),
    (row for row in np.zeros((3, 2))),
]
calls = 0


def manual_jacobian(x, y):
    global calls
    calls += 1
    return ODD[calls % len(ODD)]
