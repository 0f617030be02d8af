# exercise: value_engine
# points: 14.5
# told: loses its digits
import math


class Value:
    def __init__(self, data, made_of=()):
        self.data = data
        self.grad = 0.0
        self.prev = made_of
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _b():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _b
        return out

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _b():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _b
        return out

    def __rmul__(self, other):
        return self * other

    def relu(self):
        out = Value(max(0.0, self.data), (self,))

        def _b():
            self.grad += (out.data > 0) * out.grad

        out._backward = _b
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data)) if self.data > -700 else 0.0
        out = Value(s, (self,))

        def _b():
            self.grad += s * (1 - s) * out.grad

        out._backward = _b
        return out

    def backward(self):
        topo, seen = [], set()

        def build(v):
            if v not in seen:
                seen.add(v)
                for p in v.prev:
                    build(p)
                topo.append(v)

        build(self)
        for v in topo:
            v.grad = 0.0
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()
