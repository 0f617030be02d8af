# exercise: value_engine
# points: 12.5
# told: raised AttributeError|a plain number has come there, which has none
import math
class Value:
    def __init__(self, data, parents=()):
        self.data = data; self.grad = 0.0; self.parents = parents
    def __add__(self, o):
        return Value(self.data + o.data, [(self, 1), (o, 1)])
    def __mul__(self, o):
        return Value(self.data * o.data, [(self, o.data), (o, self.data)])
    def relu(self):
        return Value(max(0, self.data), [(self, int(self.data > 0))])
    def sigmoid(self):
        e = math.exp(-abs(self.data))
        return Value(1/(1+e) if self.data > 0 else e/(1+e), ((self, e/(1+e)**2),))
    def backward(self):
        order, seen = [], set()
        def go(v):
            if v in seen: return
            seen.add(v)
            [go(p) for p, _ in v.parents]
            order.append(v)
        go(self)
        for v in order: v.grad = 0.0
        self.grad = 1.0
        for v in order[::-1]:
            for p, s in v.parents: p.grad += s * v.grad
