"""# An engine of your own

What PyTorch does for tensors, one class can do for numbers: each number remembers what it was made of, and one call goes back
through all of it. Then no derivative of a loss is ever worked out by hand again.

Write a class `Value`:

- `Value(data)` holds a float. Its attributes are `data`, the number, and `grad`, 0.0 to begin with.
- `a + b` and `a * b` give a new Value. One of the two may be a plain number, on either side: `2 * a`, `a + 1`.
- `a.relu()` and `a.sigmoid()` give a new Value. relu'(0) = 0. The sigmoid and its slope are right for any number, also for
  -1000 and 1000.
- `y.backward()` sets `grad` of y, and of every Value that y was made of, to the derivative of y with respect to it. It sets
  them anew: what an earlier call left there does not count. (PyTorch adds to it instead.) Other Values stay as they were.

No numpy is needed: math.exp will do. Graphs have up to some hundred Values; going back is to take as many steps as there are
Values and operations, not as there are paths through them.

On paper: x = Value(3.0), a = x * x, y = a + a. Then y = 18 and dy/da = 2: the two paths from y to a add up. From a to x there
are two paths as well, each with the slope 3, so x.grad is 2 * (3 + 3) = 12.
"""

import math


class Value:
    """A number that remembers what it was made of."""

    def __init__(self, data: float, made_of: "tuple[tuple[Value, float], ...]" = ()) -> None:
        """Hold a number; `made_of` is for your own use, and may be changed."""
        raise NotImplementedError

    def __add__(self, other: "Value | float") -> "Value":
        """Return self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> "Value":
        """Return other + self, where other is a plain number."""
        raise NotImplementedError

    def __mul__(self, other: "Value | float") -> "Value":
        """Return self * other."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> "Value":
        """Return other * self, where other is a plain number."""
        raise NotImplementedError

    def relu(self) -> "Value":
        """Return relu(self)."""
        raise NotImplementedError

    def sigmoid(self) -> "Value":
        """Return the sigmoid of self."""
        raise NotImplementedError

    def backward(self) -> None:
        """Set grad of every Value that self was made of to the derivative of self with respect to it."""
        raise NotImplementedError
