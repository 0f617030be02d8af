"""Takes away Python's bound on recursion, and overflows the stack of the process.

verdict: RUNTIME_ERROR
"""

import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self)


def manual_jacobian(x, y):
    return repr(Deep())
