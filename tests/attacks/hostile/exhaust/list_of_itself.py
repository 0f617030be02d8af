"""Returns a list that contains itself ten times.

verdict: TIME_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    endless = []
    endless += [endless] * 10
    return endless
