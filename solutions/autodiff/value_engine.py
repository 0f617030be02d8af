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
        ### BEGIN SOLUTION
        self.data = data
        self.grad = 0.0
        # Each Value that this one was made of, with the derivative of this one with respect to it.
        self.made_of = made_of
        ### END SOLUTION

    def __add__(self, other: "Value | float") -> "Value":
        """Return self + other."""
        ### BEGIN SOLUTION
        if isinstance(other, Value):
            return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
        return Value(self.data + other, ((self, 1.0),))
        ### END SOLUTION

    def __radd__(self, other: float) -> "Value":
        """Return other + self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __mul__(self, other: "Value | float") -> "Value":
        """Return self * other."""
        ### BEGIN SOLUTION
        if isinstance(other, Value):
            return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        return Value(self.data * other, ((self, other),))
        ### END SOLUTION

    def __rmul__(self, other: float) -> "Value":
        """Return other * self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def relu(self) -> "Value":
        """Return relu(self)."""
        ### BEGIN SOLUTION
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))
        ### END SOLUTION

    def sigmoid(self) -> "Value":
        """Return the sigmoid of self."""
        ### BEGIN SOLUTION
        # The exponential of a number that is not above 0 does not overflow.
        power = math.exp(-abs(self.data))
        smaller = power / (1 + power)
        return Value(smaller if self.data < 0 else 1 / (1 + power), ((self, smaller / (1 + power)),))
        ### END SOLUTION

    def backward(self) -> None:
        """Set grad of every Value that self was made of to the derivative of self with respect to it."""
        ### BEGIN SOLUTION
        order: list[Value] = []
        seen = set[int]()

        def visit(value: Value) -> None:
            if id(value) not in seen:
                seen.add(id(value))
                for part, _ in value.made_of:
                    visit(part)
                order.append(value)

        visit(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        # Backwards in the order of the making: a gradient is complete before it is passed on.
        for value in reversed(order):
            for part, slope in value.made_of:
                part.grad += slope * value.grad
        ### END SOLUTION
