"""Returns an object of a class whose metaclass says that its name is markup.

verdict: WRONG_ANSWER
"""


class Meta(type):
    __qualname__ = "<script>alert(1)</script>\x1b[31m"


class Thing(metaclass=Meta):
    pass


Thing.__qualname__ = Thing.__name__ = "<script>alert(1)</script>\x1b[31m"
Thing.__module__ = "builtins"


def manual_jacobian(x, y):
    return Thing()
