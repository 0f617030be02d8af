from math import exp


class Value:
    """Each Value asks those that it is used by, and remembers the answer, for one call of backward."""

    def __init__(self, data, slopes=None):
        self.data = data
        self.grad = 0.0
        self.slopes = slopes or []

    def __add__(self, other):
        return Value(self.data + getattr(other, "data", other), [(v, 1.0) for v in (self, other) if isinstance(v, Value)])

    def __radd__(self, other):
        return self.__add__(other)

    def __mul__(self, other):
        pairs = ((self, getattr(other, "data", other)), (other, self.data))
        return Value(self.data * pairs[0][1], [(v, s) for v, s in pairs if isinstance(v, Value)])

    def __rmul__(self, other):
        return self.__mul__(other)

    def relu(self):
        return self * 1 if self.data > 0 else Value(0.0, [(self, 0.0)])

    def sigmoid(self):
        if self.data >= 0:
            e = exp(-self.data)
            return Value(1 / (1 + e), [(self, e / (1 + e) / (1 + e))])
        e = exp(self.data)
        return Value(e / (1 + e), [(self, e / (1 + e) / (1 + e))])

    def backward(self):
        users, everything = {}, [self]
        known = {id(self)}
        for value in everything:
            for part, slope in value.slopes:
                users.setdefault(id(part), []).append((value, slope))
                if id(part) not in known:
                    known.add(id(part))
                    everything.append(part)
        found = {id(self): 1.0}

        def gradient(value):
            if id(value) not in found:
                found[id(value)] = sum(slope * gradient(user) for user, slope in users[id(value)])
            return found[id(value)]

        for value in everything:
            value.grad = gradient(value)
