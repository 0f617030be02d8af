# exercise: value_engine
# points: 14.5
# told: You take two Values for one|`is` and id()
import math
from dataclasses import dataclass, field
@dataclass
class Value:
    data: float
    made: tuple = ()
    grad: float = 0.0
    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))
    __radd__ = __add__
    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))
    __rmul__ = __mul__
    def relu(self): return Value(max(0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))
    def sigmoid(self):
        e = math.exp(-abs(self.data))
        return Value(1/(1+e) if self.data > 0 else e/(1+e), ((self, e/(1+e)**2),))
    def backward(self):
        order = []
        def visit(v):
            if v not in order:
                for p, _ in v.made: visit(p)
                order.append(v)
        visit(self)
        for v in order: v.grad = 0.0
        self.grad = 1.0
        for v in reversed(order):
            for p, s in v.made: p.grad += s * v.grad
