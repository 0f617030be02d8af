"""Hidden checks for the class Value: numbers that remember what they were made of, and go back through it.

A case is a function that builds a graph, and the numbers that it begins with; the drivers build, go back and read grad.
"""

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

from ..slips import masks, sigmoid, slopes

Array = NDArray[np.float64]
Graph = tuple[Callable[..., Any], Array]

equivalent = {
    "swap elements: ((self, 1.0), (other, 1.0)) -> ((other, 1.0), (self, 1.0))": "an order of the parts, and no more",
    "swap elements: ((self, other.data), (other, self.data)) -> ((other, self.data), (self, other.data))": (
        "an order of the parts, and no more"
    ),
    "move boundary: self.data < 0 -> self.data <= 0": "at 0 both forms give 1/2",
    "tolerance: self.data < 0 -> self.data < -1e-09": "so near to 0 both forms give the same, to a billionth",
}

hints = [
    "Let each Value keep the Values that it was made of, each with the slope: the derivative of the one with respect to the"
    " other. All the slopes are known in the moment in which the Value is made.",
    "Going back, a Value adds slope times its own grad to the grad of each Value that it was made of. Adds, as a Value may be"
    " used more than once. And it may do so only when its own grad is complete: when is that?",
    "Put all Values into an order in which each comes after those that it was made of (visit these first, then append the"
    " Value itself, and visit none twice). Set all grads to 0, that of y to 1, and go through the order from its end.",
]


# Drivers and graphs travel as source: they may use their arguments, builtins and np alone.


def run(function: Any, build: "Callable[..., Any]", numbers: "Array") -> Any:
    """Return the value at the end of a graph, and the derivatives with respect to its numbers."""
    inputs = [function(float(number)) for number in numbers]
    y = build(*inputs)
    y.backward()
    return float(y.data), np.array([float(each.grad) for each in inputs])


def run_twice(function: Any, build: "Callable[..., Any]", numbers: "Array") -> Any:
    """Return the same after a second call of backward."""
    inputs = [function(float(number)) for number in numbers]
    y = build(*inputs)
    y.backward()
    y.backward()
    return float(y.data), np.array([float(each.grad) for each in inputs])


def run_inside(function: Any, build: "Callable[..., Any]", numbers: "Array") -> Any:
    """Return grad of the last Value, of those in between, as `build` returns them, and of one that has nothing to do with it."""
    last, *between = build(*[function(float(number)) for number in numbers])
    last.backward()
    return np.array([float(each.grad) for each in (last, *between, function(7.0))])


def run_from_two(function: Any, build: "Callable[..., Any]", numbers: "Array") -> Any:
    """Return the derivatives of two Values that share a part, one after the other."""
    inputs = [function(float(number)) for number in numbers]
    found = []
    for y in build(*inputs):
        y.backward()
        found.append([float(each.grad) for each in inputs])
    return np.array(found)


def square_twice(x: Any) -> Any:
    """Use a square twice."""
    a = x * x
    return a + a


def one_product(x: Any, y: Any) -> Any:
    """Multiply two numbers."""
    return x * y


def sum_of_products(x: Any, y: Any, z: Any) -> Any:
    """A chain without a branch, but for y."""
    return (x * y + z) * y


def used_three_times(x: Any, y: Any) -> Any:
    """x is used at three depths."""
    a = x * y
    b = a * x
    return b * x + a


def nested_diamonds(x: Any, y: Any) -> Any:
    """Each Value is used twice by what comes after it."""
    a = x * y + x
    b = a * a
    c = b + a * y
    return c * b


def short_and_long_path(x: Any, y: Any) -> Any:
    """a reaches the end directly, and by a long way round."""
    a = x * y
    b = a * y
    c = b * x
    d = c * y
    return a * d


def one_relu(x: Any, y: Any) -> Any:
    """A relu with something behind it."""
    return (x * y).relu() * x + y


def two_relus(x: Any, y: Any, z: Any) -> Any:
    """Two units of a layer that share their inputs."""
    return (x * y + z).relu() * z + (y * z).relu() * x


def one_sigmoid(x: Any) -> Any:
    """A sigmoid alone."""
    return x.sigmoid()


def small_net(x: Any, w: Any, v: Any) -> Any:
    """A neuron with a sigmoid, and another one behind it, squared."""
    p = ((x * w).sigmoid() * v + x).sigmoid()
    return p * p


def constants(x: Any, y: Any) -> Any:
    """Plain numbers on either side of + and *."""
    return 3 * x + 1.5 + (2 + y * 0.5) * (x + 4) * 2.5


def loss_of_a_neuron(x: Any, w: Any, b: Any) -> Any:
    """A squared error, with plain numbers."""
    error = (x * w + b).relu() + -0.75
    return 0.5 * error * error


def inside_of_diamonds(x: Any, y: Any) -> Any:
    """Return the end, and what is in between."""
    a = x * y
    b = a * a
    c = a + b * y
    return c * b, c, b, a


def two_ends(x: Any, y: Any) -> Any:
    """Two ends that share a product."""
    a = x * y
    b = a * a
    return b * x, b + a


def one_end_without_x(x: Any, y: Any) -> Any:
    """Two ends that share y; the second one is not made of x."""
    return x * y, y * y


def halved_and_doubled(x: Any, y: Any) -> Any:
    """Fifty diamonds in a row: more than 10**15 paths."""
    for _ in range(50):
        x = (x + x) * 0.5
    return x * y


def made_twice(x: Any, y: Any) -> Any:
    """Two products that are made apart, and hold the same number."""
    a, b = x * y, x * y
    return a * b + b * x


def _numbers(rng: np.random.Generator, count: int) -> Array:
    """Draw numbers that are off 0, 1 and each other."""
    return rng.permutation(np.array([1.3, -1.7, 2.3][:count])) * rng.uniform(0.95, 1.05, size=count)


PARTS = {"value": 0.0, "grads": 0.0}


@check(parts=PARTS, public=True, function="Value", driver=run)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Graph]:
    """gives 18 and 12 for a + a, where a = x * x and x = 3, and the derivatives of a product of two numbers"""
    yield square_twice, np.array([3.0])
    yield one_product, np.array([2.0, -5.0])


@check(parts={"value": 1, "grads": 1}, function="Value", driver=run)
def sums_and_products(rng: np.random.Generator) -> Iterator[Graph]:
    """goes back through sums and products"""
    yield one_product, _numbers(rng, 2)
    yield sum_of_products, _numbers(rng, 3)
    yield sum_of_products, 1e3 * _numbers(rng, 3)
    yield one_product, 1e-9 * _numbers(rng, 2)


@check(parts={"value": 0, "grads": 1.5}, function="Value", driver=run)
def used_more_than_once(rng: np.random.Generator) -> Iterator[Graph]:
    """adds up what comes back to a Value that was used more than once"""
    yield square_twice, _numbers(rng, 1)
    yield used_three_times, _numbers(rng, 2)
    yield used_three_times, -_numbers(rng, 2)


@check(parts={"value": 0, "grads": 0.5}, function="Value", driver=run)
def equal_numbers(rng: np.random.Generator) -> Iterator[Graph]:
    """keeps two Values apart that hold the same number and were made of the same Values"""
    yield made_twice, _numbers(rng, 2)
    yield made_twice, -_numbers(rng, 2)


@check(parts={"value": 0, "grads": 3}, function="Value", driver=run)
def diamonds(rng: np.random.Generator) -> Iterator[Graph]:
    """passes a gradient on when it is complete, and not before, whatever paths there are"""
    yield nested_diamonds, _numbers(rng, 2)
    yield short_and_long_path, _numbers(rng, 2)
    yield nested_diamonds, -_numbers(rng, 2)


@check(parts={"value": 0.5, "grads": 1}, function="Value", driver=run)
def relus(rng: np.random.Generator) -> Iterator[Graph]:
    """goes back through relus, active ones, dead ones, and one that is exactly at its kink"""
    for numbers in ([1.3, 0.7], [-1.3, 0.7], [-1.1, -1.9]):
        yield one_relu, np.array(numbers) * rng.uniform(0.95, 1.05)
    yield two_relus, np.array([1.3, -0.7, -1.6]) * rng.uniform(0.95, 1.05)
    yield two_relus, np.array([2.0, 0.5, -1.0])
    yield two_relus, np.array([-2.0, -1.5, -3.0])
    # A relu that is barely active is active: no tolerance is asked.
    yield one_relu, np.array([2.0**20, 2.0**-60]) * rng.uniform(0.95, 1.05)


@check(parts={"value": 0.5, "grads": 1}, function="Value", driver=run)
def sigmoids(rng: np.random.Generator) -> Iterator[Graph]:
    """goes back through sigmoids"""
    yield one_sigmoid, np.array([rng.uniform(0.3, 0.7)])
    yield one_sigmoid, np.array([-rng.uniform(0.7, 1.5)])
    yield small_net, _numbers(rng, 3)
    yield small_net, -_numbers(rng, 3)


@check(parts={"value": 0.5, "grads": 0.5}, function="Value", driver=run)
def saturated_sigmoids(rng: np.random.Generator) -> Iterator[Graph]:
    """is right where a sigmoid saturates, and where the exponential of its input overflows"""
    for number in (-20.0, 12.0, 36.0, 40.0, -1000.0, 1000.0):
        yield one_sigmoid, np.array([number])


@check(parts={"value": 0.5, "grads": 1}, function="Value", driver=run)
def plain_numbers(rng: np.random.Generator) -> Iterator[Graph]:
    """takes plain numbers on either side of + and *"""
    yield constants, _numbers(rng, 2)
    yield loss_of_a_neuron, np.abs(_numbers(rng, 3))


@check(points=0.5, function="Value", driver=run_inside)
def every_value_in_between(rng: np.random.Generator) -> Iterator[Graph]:
    """sets grad of the Values in between, too, and that of the last one to 1; of a new one it is 0"""
    yield inside_of_diamonds, _numbers(rng, 2)
    yield inside_of_diamonds, -_numbers(rng, 2)


@check(parts={"value": 0, "grads": 0.5}, function="Value", driver=run_twice)
def called_twice(rng: np.random.Generator) -> Iterator[Graph]:
    """leaves the same when backward is called a second time"""
    yield square_twice, _numbers(rng, 1)
    yield nested_diamonds, _numbers(rng, 2)


@check(points=0.5, function="Value", driver=run_from_two)
def two_values_with_a_part_in_common(rng: np.random.Generator) -> Iterator[Graph]:
    """sets grad anew when another Value that shares a part goes back, and that of no Value which this one was not made of"""
    for ends in (two_ends, one_end_without_x):
        yield ends, _numbers(rng, 2)
        yield ends, -_numbers(rng, 2)


@check(parts={"value": 0, "grads": 1}, function="Value", driver=run)
def many_paths(rng: np.random.Generator) -> Iterator[Graph]:
    """goes back through fifty diamonds in a row in good time, though there are more than 10**15 paths"""
    yield halved_and_doubled, _numbers(rng, 2)


class _Value:
    """The right engine, for wrong ones to start from: they change slopes, or the way back."""

    def __init__(self, data: float, made_of: Any = ()) -> None:
        self.data, self.grad, self.made_of = data, 0.0, made_of

    def product_slopes(self, other: "_Value") -> tuple[float, float]:
        return other.data, self.data

    def relu_slope(self) -> float:
        return float(self.data > 0)

    def sigmoid_slope(self) -> float:
        power = np.exp(-abs(self.data))
        return float(power / (1 + power) ** 2)

    def made(self, data: float, made_of: Any) -> "_Value":
        return type(self)(data, made_of)

    def __add__(self, other: Any) -> "_Value":
        if not isinstance(other, _Value):
            other = self.made(other, ())
        return self.made(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Any) -> "_Value":
        if not isinstance(other, _Value):
            other = self.made(other, ())
        mine, others = self.product_slopes(other)
        return self.made(self.data * other.data, ((self, mine), (other, others)))

    __radd__, __rmul__ = __add__, __mul__

    def relu(self) -> "_Value":
        return self.made(max(self.data, 0.0), ((self, self.relu_slope()),))

    def sigmoid(self) -> "_Value":
        power = np.exp(-abs(self.data))
        return self.made(float((power if self.data < 0 else 1.0) / (1 + power)), ((self, self.sigmoid_slope()),))

    def ordered(self) -> "list[_Value]":
        """Each Value after those that it was made of."""
        order: dict[int, _Value] = {}

        def visit(value: _Value) -> None:
            if id(value) not in order:
                for part, _ in value.made_of:
                    visit(part)
                order[id(value)] = value

        visit(self)
        return list(order.values())

    def begin(self) -> None:
        for value in self.ordered():
            value.grad = 0.0
        self.grad = 1.0

    def backward(self) -> None:
        self.begin()
        for value in reversed(self.ordered()):
            value.pass_on()

    def pass_on(self) -> None:
        for part, slope in self.made_of:
            part.grad += slope * self.grad


@misconception
class last_use_only(_Value):
    """A Value that was used twice gets what comes back from both uses: add to grad, += instead of =."""

    def pass_on(self) -> None:
        for part, slope in self.made_of:
            part.grad = slope * self.grad


@misconception
class passed_on_at_each_visit(_Value):
    """Each visit of a Value passes on all that has come back to it so far, the earlier parts once more: wait until its grad
    is complete, and pass it on once."""

    def backward(self) -> None:
        self.begin()
        visits = 0

        def push(value: _Value) -> None:
            nonlocal visits
            visits += 1
            if visits > 10_000:
                raise RecursionError
            for part, slope in value.made_of:
                part.grad += slope * value.grad
                push(part)

        push(self)


@misconception
class nearest_first(_Value):
    """You go back from the end by nearness, and a Value that is near and also far away passes its grad on too early: it has
    to wait for every Value that was made of it."""

    def backward(self) -> None:
        self.begin()
        queue, seen = [self], {id(self)}
        for value in queue:
            value.pass_on()
            for part, _ in value.made_of:
                if id(part) not in seen:
                    seen.add(id(part))
                    queue.append(part)


@misconception
class depth_first(_Value):
    """You pass on the grad of a Value as soon as you first come to it; on another path more may still come back to it: it has
    to wait for every Value that was made of it."""

    def backward(self) -> None:
        self.begin()
        seen = set[int]()

        def visit(value: _Value) -> None:
            if id(value) not in seen:
                seen.add(id(value))
                value.pass_on()
                for part, _ in value.made_of:
                    visit(part)

        visit(self)


@misconception
class equal_taken_for_the_same(_Value):
    """You take two Values for one where they hold the same number and were made of the same: `==` and `in` ask a dataclass (or an
    __eq__) whether it is equal, `is` and id() whether it is the same."""

    def ordered(self) -> list[_Value]:
        first: dict[Any, _Value] = {}
        found: dict[int, _Value] = {}
        for value in super().ordered():
            parts = tuple(id(found[id(part)]) for part, _ in value.made_of)
            found[id(value)] = first.setdefault((value.data, parts or id(value)), value)
        return list(first.values())


@misconception
class upstream_dropped(_Value):
    """What comes back to a Value is its slope alone in yours: the chain rule multiplies it by the grad of what it is in."""

    def pass_on(self) -> None:
        for part, slope in self.made_of:
            part.grad += slope


@misconception
class slopes_added(_Value):
    """Along a path the slopes are multiplied; you added them to the grad of what comes after."""

    def pass_on(self) -> None:
        for part, slope in self.made_of:
            part.grad += slope + self.grad


@misconception
class own_factor(_Value):
    """In a product you gave each factor its own value for its slope: raise x by 1, and by how much does x * y grow?"""

    def product_slopes(self, other: _Value) -> tuple[float, float]:
        return self.data, other.data


@misconception
class product_like_a_sum(_Value):
    """Your product passes its grad on as a sum does: each factor's slope is the other factor."""

    def product_slopes(self, other: _Value) -> tuple[float, float]:
        return 1.0, 1.0


@misconception
class begun_with_the_value(_Value):
    """You began with the value of y; the derivative of y with respect to itself is another number."""

    def backward(self) -> None:
        self.begin()
        self.grad = self.data
        for value in reversed(self.ordered()):
            value.pass_on()


@misconception
class never_set_anew(_Value):
    """A second call of backward adds to what the first one left: set every grad to 0 before you go back."""

    def begin(self) -> None:
        self.grad = 1.0


@misconception
class added_at_the_end(_Value):
    """A second call of backward adds to what the first one left: set every grad to 0 before you go back."""

    def backward(self) -> None:
        before = [(value, value.grad) for value in self.ordered()]
        super().backward()
        for value, grad in before:
            value.grad += grad


@misconception
class all_there_are_set_to_zero(_Value):
    """backward sets the grad of every Value that there is to 0 in yours: one that y was not made of stays as it was."""

    there_are: "weakref.WeakSet[_Value]" = weakref.WeakSet()

    def __init__(self, data: float, made_of: Any = ()) -> None:
        super().__init__(data, made_of)
        self.there_are.add(self)

    def begin(self) -> None:
        for value in self.there_are:
            value.grad = 0.0
        self.grad = 1.0


@misconception
class slope_cancelled(_Value):
    """Where the sigmoid is next to 1, 1 - s cancels, and the slope s * (1 - s) loses its digits: make it of the small
    exponential itself."""

    def sigmoid_slope(self) -> float:
        return float(sigmoid(self.data) * (1 - sigmoid(self.data)))


@misconception
class all_added_up(_Value):
    """A second call of backward adds to what the first one left, at the end as well: set every grad anew."""

    def begin(self) -> None:
        self.grad += 1.0


def _engine(mask: Callable[[Any], Any] | None = None, slope: Callable[[Any], Any] | None = None) -> type[_Value]:
    """An engine with a wrong slope of the relu or of the sigmoid."""

    class Wrong(_Value):
        def relu_slope(self) -> float:
            return super().relu_slope() if mask is None else float(mask(np.float64(self.data)))

        def sigmoid_slope(self) -> float:
            return super().sigmoid_slope() if slope is None else float(slope(np.float64(self.data)))

    return Wrong


def _with_mask(mask: Callable[[Array], Array], data: float) -> _Value:
    return _engine(mask=mask)(data)


def _with_slope(slope: Callable[[Any], Any], data: float) -> _Value:
    return _engine(slope=slope)(data)


wrong_masks = masks(_with_mask)
wrong_slopes = slopes(_with_slope)


class _Torch:
    """A number of PyTorch's with the names of Value's."""

    def __init__(self, torch: Any, number: Any, *made_of: Any) -> None:
        self.torch, self.number = torch, number
        self.numbers = {id(number): number}
        for part in made_of:
            self.numbers |= getattr(part, "numbers", {})

    @property
    def data(self) -> Any:
        return self.number.item()

    @property
    def grad(self) -> Any:
        return 0.0 if self.number.grad is None else self.number.grad.item()

    def __add__(self, other: Any) -> "_Torch":
        return self.made(self.number + getattr(other, "number", other), other)

    def __mul__(self, other: Any) -> "_Torch":
        return self.made(self.number * getattr(other, "number", other), other)

    __radd__, __rmul__ = __add__, __mul__

    def relu(self) -> "_Torch":
        return self.made(self.torch.relu(self.number))

    def sigmoid(self) -> "_Torch":
        # The slope of PyTorch's own sigmoid is s * (1 - s), which cancels where s is next to 1.
        return self.made(self.torch.exp(self.torch.nn.functional.logsigmoid(self.number)))

    def made(self, number: Any, *others: Any) -> "_Torch":
        number.retain_grad()
        return _Torch(self.torch, number, self, *others)

    def backward(self) -> None:
        for number in self.numbers.values():
            number.grad = None
        self.number.backward(retain_graph=True)


@oracle(function="Value")
def autograd(torch: Any, data: float) -> Any:
    """PyTorch's own engine."""
    return _Torch(torch, torch.tensor(data, dtype=torch.float64, requires_grad=True))


derivation = """
Each operation makes a Value of one or two others, and knows how fast its result changes with each of them:

    c = a + b            d c / d a = 1                  d c / d b = 1
    c = a * b            d c / d a = b                  d c / d b = a
    c = relu(a)          d c / d a = 1 where a > 0, else 0
    c = sigmoid(a)       d c / d a = c * (1 - c)

So a Value keeps the pairs (made of, slope). These numbers are at hand when it is made, and nothing else is needed later. The
chain rule for a Value v adds up over all the Values c that were made of it:

    d y / d v = sum over c of d c / d v * d y / d c

A path multiplies its slopes, and paths add up: `part.grad += slope * value.grad`. In `a * a` both pairs name the same a, and it
gets two contributions, as it should. The sum needs d y / d c complete, for each c. So a Value may pass its grad on only after
all that were made of it have done so. `visit` puts a Value into the list after all its parts: read from the end, each comes
before its parts. `seen` lets no Value in twice. Otherwise the visits would be as many as there are paths, and these double
with each a + a.

The grads are set to 0 first, so that a second call gives the same. That of y is 1, its derivative with respect to itself.

The sigmoid takes `power = e**-|a|`, which never overflows. Of its two factors c and 1 - c, the smaller one is
`power / (1 + power)`, and the other `1 / (1 + power)`. To subtract c from 1 would give exactly 0 for a large a.

The usual mistake is `=` for `+=`, which keeps one path alone. The second one is to pass a grad on as soon as something
arrives.

    >>> x = Value(3.0)
    >>> a = x * x
    >>> y = a + a
    >>> y.backward()
    >>> y.data, a.grad, x.grad
    (18.0, 2.0, 12.0)
    >>> for _ in range(100):
    ...     y = y + y
    >>> y.backward()
    >>> a.grad == 2.0**101, x.grad == 12 * 2.0**100
    (True, True)
"""
