"""Raises exceptions named after the grader's own words: a forbidden import, a missing function, a judge error.

verdict: RUNTIME_ERROR
"""


class JudgeError(Exception):
    pass


class MissingFunction(Exception):
    pass


class ACCEPTED(BaseException):
    __name__ = __qualname__ = "ACCEPTED"


calls = 0


def manual_jacobian(x, y):
    global calls
    calls += 1
    raise [JudgeError, MissingFunction, ACCEPTED][calls % 3]("JUDGE_ERROR")
