# exercise: value_engine
# points: 13
# told: A second call of backward adds to what the first one left
import math
class Value:
    def __init__(self, data, parents=()):
        self.data = data; self.grad = 0.0; self.parents = parents
    def __add__(self, o):
        if not isinstance(o, Value): o = Value(o)
        return Value(self.data + o.data, [(self, 1), (o, 1)])
    def __radd__(self, o): return self + o
    def __mul__(self, o):
        if not isinstance(o, Value): o = Value(o)
        return Value(self.data * o.data, [(self, o.data), (o, self.data)])
    def __rmul__(self, o): return self * o
    def relu(self):
        return Value(max(0, self.data), [(self, int(self.data > 0))])
    def sigmoid(self):
        e = math.exp(-abs(self.data))
        return Value(1/(1+e) if self.data > 0 else e/(1+e), ((self, e/(1+e)**2),))
    def backward(self, g=1.0):
        self.grad += g
        for p, s in self.parents: p.backward(g * s)
