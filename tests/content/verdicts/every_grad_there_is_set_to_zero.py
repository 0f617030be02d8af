# exercise: value_engine
# points: 14.5
# told: one that y was not made of
import math


class Value:
    all = []

    def __init__(self, data, made_of=()):
        self.data, self.grad, self.made_of = data, 0.0, made_of
        Value.all.append(self)

    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))

    __radd__ = __add__

    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))

    __rmul__ = __mul__

    def relu(self):
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def sigmoid(self):
        e = math.exp(-abs(self.data))
        q = e / (1 + e)
        return Value(q if self.data < 0 else 1 / (1 + e), ((self, q / (1 + e)),))

    def backward(self):
        for v in Value.all:
            v.grad = 0.0
        self.grad = 1.0
        for v in reversed(Value.all):
            for p, s in v.made_of:
                p.grad += s * v.grad
