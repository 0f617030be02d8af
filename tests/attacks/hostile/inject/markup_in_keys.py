"""Returns markup and escapes as the keys of dicts, which the public example shows.

verdict: WRONG_ANSWER
"""


def manual_jacobian(x, y):
    return {"<script>alert(1)</script>\x1b[31m": 1.0, "\u202e\x07": {"</p>": "<b>"}}
