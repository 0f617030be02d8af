import heapq
import itertools
import math

births = itertools.count()


class Value:
    """Later Values are made of earlier ones: so going back from the latest is an order that always works."""

    def __init__(self, data, *parts):
        self.data, self.grad, self.parts, self.born = data, 0.0, parts, next(births)

    def __add__(self, other):
        if not hasattr(other, "parts"):
            return Value(self.data + other, (self, 1))
        return Value(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        if not hasattr(other, "parts"):
            return Value(self.data * other, (self, other))
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        return Value(max(0.0, self.data), (self, 1.0 if self.data > 0 else 0.0))

    def sigmoid(self):
        smaller = math.exp(-abs(self.data)) / (1 + math.exp(-abs(self.data)))
        larger = 1 / (1 + math.exp(-abs(self.data)))
        return Value(larger if self.data > 0 else smaller, (self, smaller * larger))

    def backward(self):
        waiting, totals = [(-self.born, self)], {self.born: 1.0}
        while waiting:
            _, value = heapq.heappop(waiting)
            value.grad = totals[value.born]
            for part, slope in value.parts:
                if part.born not in totals:
                    totals[part.born] = 0.0
                    heapq.heappush(waiting, (-part.born, part))
                totals[part.born] += slope * value.grad
