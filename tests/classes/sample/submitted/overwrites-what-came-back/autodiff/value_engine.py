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

    def backward(self):
        order, todo, done = [], [(self, False)], set()
        while todo:
            value, finished = todo.pop()
            if finished:
                order.append(value)
            elif value not in done:
                done.add(value)
                todo.append((value, True))
                todo.extend((parent, False) for parent, _ in value.parents)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in order[::-1]:
            for parent, slope in value.parents:
                parent.grad = slope * value.grad
