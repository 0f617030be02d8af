import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.parents = []

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data)
        out.parents = [(self, 1.0), (other, 1.0)]
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data)
        out.parents = [(self, other.data), (other, self.data)]
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0)
        out.parents = [(self, 1.0 if self.data > 0 else 0.0)]
        return out

    def sigmoid(self):
        if self.data >= 0:
            s, rest = 1 / (1 + math.exp(-self.data)), math.exp(-self.data) / (1 + math.exp(-self.data))
        else:
            s, rest = math.exp(self.data) / (1 + math.exp(self.data)), 1 / (1 + math.exp(self.data))
        out = Value(s)
        out.parents = [(self, s * rest)]
        return out

    def backward(self, upstream=None):
        if upstream is None:
            self.clear()
            upstream = 1.0
        self.grad += upstream
        for parent, slope in self.parents:
            parent.backward(slope * self.grad)

    def clear(self):
        todo = [self]
        seen = set()
        while todo:
            value = todo.pop()
            if value not in seen:
                seen.add(value)
                value.grad = 0.0
                todo += [parent for parent, _ in value.parents]
