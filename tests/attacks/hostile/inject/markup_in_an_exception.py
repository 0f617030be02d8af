"""Raises markup, terminal escapes and a formula, also for the public example, where the text is shown.

verdict: RUNTIME_ERROR
"""


def manual_jacobian(x, y):
    raise ValueError(
        "=cmd()</p><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\x1b]0;owned\x07\u202e[red]{{7*7}}"
    )
