"""Returns markup and escapes as a string, which the public example shows.

verdict: WRONG_ANSWER
"""


def manual_jacobian(x, y):
    return "</p><script>alert(1)</script>\x1b[31m\x9b\r\n\u202e[link=x]{{7*7}}"
