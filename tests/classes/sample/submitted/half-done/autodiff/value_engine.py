class Value:
    """A number that remembers what it was made of."""

    def __init__(self, data, made_of=()):
        self.data = data
        self.grad = 0.0
        self.made_of = made_of

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __rmul__(self, other):
        return self * other

    def relu(self):
        raise NotImplementedError

    def sigmoid(self):
        raise NotImplementedError

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for part, _ in value.made_of:
                    visit(part)
                order.append(value)

        visit(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for part, slope in value.made_of:
                part.grad += slope * value.grad
