"""Returns a str whose own methods give something else.

verdict: WRONG_ANSWER
"""


class Text(str):
    def __str__(self):
        return "ACCEPTED"

    def encode(self, *_):
        return b"ACCEPTED"

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def manual_jacobian(x, y):
    return Text("[[2.0, 1.0], [2.0, 1.0]]")
