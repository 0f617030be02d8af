"""What students hand in: three exercises, answered rightly in several ways, partly, or wrongly, and never twice alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXERCISES", "KINDS", "answers", "kind_of", "student_name"]

EXERCISES = ("manual_jacobian", "relu_jacobian", "backprop_batch")

_RIGHT = {
    "manual_jacobian": """\
import numpy as np

def manual_jacobian(x, y):
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
""",
    "relu_jacobian": """\
import numpy as np

def relu_jacobian(z):
    return np.diag((z > 0).astype(float))
""",
    "backprop_batch": """\
import numpy as np

def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = 1 / (1 + np.exp(-(A @ wout)))
    d = 2 * (p - t) * p * (1 - p)
    return X.T @ (np.outer(d, wout) * (H > 0)), A.T @ d
""",
}
_BY_LOOPS = {
    "manual_jacobian": """\
import math
import numpy as np

def manual_jacobian(x, y):
    J = np.zeros((3, 2))
    J[0] = 2 * x, 1
    J[1] = y, x
    J[2, 0] = math.exp(x)
    return J
""",
    "relu_jacobian": """\
import numpy as np

def relu_jacobian(z):
    J = np.zeros((len(z), len(z)))
    for i, entry in enumerate(z):
        if entry > 0:
            J[i, i] = 1
    return J
""",
    "backprop_batch": """\
import numpy as np

def backprop_batch(X, W, wout, t):
    dW, dwout = np.zeros_like(W), np.zeros_like(wout)
    for x, target in zip(X, t):
        h = x @ W
        a = np.maximum(h, 0)
        p = 1 / (1 + np.exp(-(a @ wout)))
        d = 2 * (p - target) * p * (1 - p)
        dW += np.outer(x, d * wout * (h > 0))
        dwout += d * a
    return dW, dwout
""",
}
_PARTLY = {
    "manual_jacobian": """\
import numpy as np

def manual_jacobian(x, y):
    return np.array([[y, x], [2 * x, 1.0], [np.exp(x), 0.0]])
""",
    "relu_jacobian": """\
import numpy as np

def relu_jacobian(z):
    return np.diag((z >= 0).astype(float))
""",
    "backprop_batch": _RIGHT["backprop_batch"].replace("(np.outer(d, wout) * (H > 0))", "np.outer(d, wout)"),
}
_WRONG = {
    "manual_jacobian": """\
import numpy as np

def manual_jacobian(x, y):
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]).T
""",
    "relu_jacobian": """\
import numpy as np

def relu_jacobian(z):
    return (z > 0).astype(float)
""",
    "backprop_batch": """\
import numpy as np

def backprop_batch(X, W, wout, t):
    H = X @ W
    p = 1 / (1 + np.exp(-(H @ wout)))
    return X.T @ (p - t), H.T @ undefined
""",
}
KINDS: Mapping[str, Mapping[str, str]] = {
    "right": _RIGHT,
    "right, by loops": _BY_LOOPS,
    "partly right": _PARTLY,
    "wrong": _WRONG,
}
_CLASS = ("right", "right, by loops", "partly right", "right", "right, by loops", "wrong")
"""The kinds of students one after the other: four in six are right, as in a class that has been told its mistakes."""


def kind_of(number: int) -> str:
    """What kind of a student the one with this number is."""
    return _CLASS[number % len(_CLASS)]


def student_name(number: int) -> str:
    """What the student with this number is called."""
    return f"student-{number:05}"


def answers(number: int) -> dict[str, str]:
    """A student's answers by exercise: no two alike, since a record knows the result of the same bytes."""
    return {name: f"{source}\n# {number}\n" for name, source in KINDS[kind_of(number)].items()}
