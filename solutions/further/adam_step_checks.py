"""Hidden checks for adam_step(W, g, m, v, t, lr, beta1, beta2, eps): the weights and the averages after one step of Adam."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.float64]
Step = tuple[Array, Array, Array, int, float, float, float, float]
Result = tuple[Array, Array, Array]

hints = [
    "Update m and v first: the step uses the new ones. What does each of them come to at t = 1, where the old ones are 0?",
    "Corrected at t = 1, m is g itself and v its square: so the first step has the length lr in every weight, whatever g is, but"
    " for eps. Check your code with that.",
]


class Call(NamedTuple):
    """The arguments of a call, by their names."""

    W: Any
    g: Any
    m: Any
    v: Any
    t: int
    lr: float
    beta1: float
    beta2: float
    eps: float


def _call(rng: np.random.Generator, shape: tuple[int, ...], t: int, eps: float = 0.1) -> Call:
    """Draw a step in which m, v and g are alike in size, so that each of them shows, and an eps that does."""
    g = rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    beta1, beta2 = rng.uniform(0.6, 0.8), rng.uniform(0.85, 0.95)
    m = rng.uniform(0.2, 0.9, size=shape) * rng.choice([-1.0, 1.0], size=shape) * (1 - beta1 ** (t - 1))
    v = rng.uniform(0.5, 2.0, size=shape) * (1 - beta2 ** (t - 1))
    while t > 1 and np.abs(beta1 * m + (1 - beta1) * g).min() < 0.05:
        m = rng.uniform(0.2, 0.9, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return Call(rng.normal(size=shape), g, m, v, t, rng.uniform(0.1, 0.5), beta1, beta2, eps)


@check(parts={"W": 0, "m": 0, "v": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Call]:
    """gives ([0.8], [1], [1]) for the first step on paper, and the right arrays for the second, whose gradient is [-4]"""
    first = Call(np.array([1.0]), np.array([2.0]), np.zeros(1), np.zeros(1), 1, 0.3, 0.5, 0.75, 1.0)
    yield first
    yield first._replace(W=np.array([0.8]), g=np.array([-4.0]), m=np.ones(1), v=np.ones(1), t=2)


@check(parts={"W": 2, "m": 0.5, "v": 0.5})
def any_shape(rng: np.random.Generator) -> Iterator[Call]:
    """gives the new weights and averages in the shape of W, a few steps after the start, and of a large gradient"""
    for shape, t in [((5,), 2), ((2, 3), 3), ((3, 3), 5), ((4, 1), 4), ((1,), 7)]:
        yield _call(rng, shape, t)
    call = _call(rng, (2, 2), 3)
    yield call._replace(g=1e4 * call.g)


@check(parts={"W": 1, "m": 0, "v": 0})
def first_step(rng: np.random.Generator) -> Iterator[Call]:
    """gives the new weights for the first step, which has about the length lr in every weight, whatever the gradient is"""
    yield _call(rng, (4,), 1, eps=1e-8)
    call = _call(rng, (2, 3), 1, eps=1e-8)
    yield call
    yield call._replace(g=1e5 * call.g)
    yield call._replace(g=1e-4 * call.g)


@check(parts={"W": 0.5, "m": 0, "v": 0})
def late_steps(rng: np.random.Generator) -> Iterator[Call]:
    """gives the new weights many steps after the start, with the betas that are in use"""
    for t in (20, 1000, 100_000):
        yield _call(rng, (2, 4), t)._replace(beta1=0.9, beta2=0.999, eps=1e-8)


@check(parts={"W": 1, "m": 0, "v": 0}, float64_only=True)
def tiny_gradients(rng: np.random.Generator) -> Iterator[Call]:
    """gives the new weights for gradients as small as eps, and leaves a weight alone whose gradients were all 0"""
    for t, scale in ((1, 1e-7), (1, 1e-9), (3, 1e-8)):
        call = _call(rng, (3,), t, eps=1e-8)
        yield call._replace(W=call.W / 100, g=scale * call.g, m=scale * call.m, v=scale**2 * call.v)
    used = np.array([1.0, 0.0, 1.0, 0.0])
    call = _call(rng, (4,), 4, eps=1e-8)
    yield call._replace(g=used * call.g, m=used * call.m, v=used * call.v)


@check(parts={"W": 0.5, "m": 0, "v": 0}, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Call]:
    """does not write into its arguments, and takes weights and learning rates of any magnitude"""
    call = _call(rng, (3, 2), 2)
    yield call
    yield call._replace(W=1e6 * call.W, lr=1e6 * call.lr)
    yield call._replace(W=1e-8 * call.W, lr=1e-8 * call.lr)


def _averages(call: Call) -> tuple[Array, Array]:
    """Return the new m and v."""
    return call.beta1 * call.m + (1 - call.beta1) * call.g, call.beta2 * call.v + (1 - call.beta2) * call.g**2


def _stepped(call: Call, m: Array, v: Array) -> Array:
    """Return the new weights, from the corrected averages."""
    return call.W - call.lr * m / (np.sqrt(v) + call.eps)


def _corrected(call: Call, m: Array, v: Array, t: float | None = None) -> tuple[Array, Array]:
    t = call.t if t is None else t
    with np.errstate(divide="ignore", invalid="ignore"):
        return m / np.float64(1 - call.beta1**t), v / np.float64(1 - call.beta2**t)


def _with_averages(call: Call, m: Array, v: Array) -> Result:
    """Return what a right step makes of wrong averages."""
    with np.errstate(invalid="ignore"):
        return _stepped(call, *_corrected(call, m, v)), m, v


def _with_step(call: Call, W: Array) -> Result:
    """Return right averages beside wrong weights."""
    return W, *_averages(call)


@misconception
def eps_not_corrected(*call: Any) -> Result:
    """You took the correction of v out of the root and into the learning rate, and left eps as it was: it is added to the root of the
    CORRECTED v."""
    step = Call(*call)
    return _with_averages(step._replace(eps=step.eps / np.sqrt(1 - step.beta2**step.t)), *_averages(step))


@misconception
def not_corrected(*call: Any) -> Result:
    """Your step takes m and v as they are kept, not corrected: in the first steps they are far too small, and not equally so."""
    step = Call(*call)
    return _with_step(step, _stepped(step, *_averages(step)))


@misconception
def m_alone_corrected(*call: Any) -> Result:
    """Your step corrects m, and not v, which begins with zeros as well."""
    step = Call(*call)
    m, v = _averages(step)
    return _with_step(step, _stepped(step, _corrected(step, m, v)[0], v))


@misconception
def v_alone_corrected(*call: Any) -> Result:
    """Your step corrects v, and not m, which begins with zeros as well."""
    step = Call(*call)
    m, v = _averages(step)
    return _with_step(step, _stepped(step, m, _corrected(step, m, v)[1]))


@misconception
def counted_from_0(*call: Any) -> Result:
    """Your corrections are those of the step before: t is 1 for the first step, so that nothing is divided by 0."""
    step = Call(*call)
    with np.errstate(invalid="ignore"):
        return _with_step(step, _stepped(step, *_corrected(step, *_averages(step), step.t - 1)))


@misconception
def counted_from_2(*call: Any) -> Result:
    """Your corrections are those of the step after this one: t is the number of this step already."""
    step = Call(*call)
    return _with_step(step, _stepped(step, *_corrected(step, *_averages(step), step.t + 1)))


@misconception
def corrected_as_at_first(*call: Any) -> Result:
    """Your corrections are those of the first step whatever t is: the sums of the weights grow with every step."""
    step = Call(*call)
    return _with_step(step, _stepped(step, *_corrected(step, *_averages(step), 1)))


@misconception
def corrected_averages_kept(*call: Any) -> Result:
    """You return the corrected averages: the correction is for the step alone, and the next one needs them as they are kept."""
    step = Call(*call)
    m, v = _corrected(step, *_averages(step))
    return _stepped(step, m, v), m, v


@misconception
def corrections_exchanged(*call: Any) -> Result:
    """Each average has its own beta, and its correction has the same one: you exchanged the corrections."""
    step = Call(*call)
    exchanged = step._replace(beta1=step.beta2, beta2=step.beta1)
    return _with_step(step, _stepped(step, *_corrected(exchanged, *_averages(step))))


@misconception
def betas_exchanged(*call: Any) -> Result:
    """You exchanged the betas: beta1 belongs to m, and beta2 to v."""
    step = Call(*call)
    exchanged = step._replace(beta1=step.beta2, beta2=step.beta1)
    return _with_averages(exchanged, *_averages(exchanged))


@misconception
def shares_exchanged(*call: Any) -> Result:
    """A beta is the share of the OLD average: the new gradient changes it by little."""
    step = Call(*call)
    m = (1 - step.beta1) * step.m + step.beta1 * step.g
    return _with_averages(step, m, (1 - step.beta2) * step.v + step.beta2 * step.g**2)


@misconception
def sums_for_averages(*call: Any) -> Result:
    """Your m and v are sums, not averages: the new gradient has a share, too, what beta lacks to 1."""
    step = Call(*call)
    return _with_averages(step, step.beta1 * step.m + step.g, step.beta2 * step.v + step.g**2)


@misconception
def square_of_m(*call: Any) -> Result:
    """Your v averages the squares of m: it is an average of the squares of the gradients."""
    step = Call(*call)
    m, _ = _averages(step)
    return _with_averages(step, m, step.beta2 * step.v + (1 - step.beta2) * m**2)


@misconception
def gradients_not_squared(*call: Any) -> Result:
    """Your v averages sizes: it is an average of SQUARES."""
    step = Call(*call)
    m, _ = _averages(step)
    return _with_averages(step, m, step.beta2 * step.v + (1 - step.beta2) * np.abs(step.g))


@misconception
def one_size_for_all(*call: Any) -> Result:
    """Your v has the mean square of all weights in it: each weight has an average of its own, of its own gradients."""
    step = Call(*call)
    m, _ = _averages(step)
    return _with_averages(step, m, step.beta2 * step.v + (1 - step.beta2) * np.mean(step.g**2))


@misconception
def gradient_in_place_of_m(*call: Any) -> Result:
    """You step along the gradient of this step alone: Adam steps along the average m."""
    step = Call(*call)
    return _with_step(step, _stepped(step, step.g, _corrected(step, *_averages(step))[1]))


@misconception
def old_averages_used(*call: Any) -> Result:
    """Your step uses the old m and v: update them first, or the gradient of this step counts for nothing."""
    step = Call(*call)
    return _with_step(step, _stepped(step, *_corrected(step, step.m, step.v)))


@misconception
def eps_below_the_root(*call: Any) -> Result:
    """eps stands below your root, where it counts far more: it is added to the root."""
    step = Call(*call)
    m, v = _corrected(step, *_averages(step))
    return _with_step(step, step.W - step.lr * m / np.sqrt(v + step.eps))


@misconception
def eps_lost(*call: Any) -> Result:
    """Where is eps? Without it a weight whose gradients were all 0 becomes nan, and small gradients make long steps."""
    step = Call(*call)
    with np.errstate(invalid="ignore"):
        return _with_step(step, _stepped(step._replace(eps=0.0), *_corrected(step, *_averages(step))))


@misconception
def corrected_behind_the_root(*call: Any) -> Result:
    """You divided the root of v by the sum of the weights: v itself is too small by it, so correct it below the root."""
    step = Call(*call)
    m, v = _averages(step)
    size = np.sqrt(v) / (1 - step.beta2**step.t)
    return _with_step(step, step.W - step.lr * _corrected(step, m, v)[0] / (size + step.eps))


@misconception
def root_lost(*call: Any) -> Result:
    """You divided by v without its root: v is an average of squares, and the root makes it as large as a gradient is."""
    step = Call(*call)
    m, v = _corrected(step, *_averages(step))
    return _with_step(step, step.W - step.lr * m / (v + step.eps))


@misconception
def not_divided(*call: Any) -> Result:
    """You step along m, which is momentum: divide by how large the gradients usually are."""
    step = Call(*call)
    return _with_step(step, step.W - step.lr * _corrected(step, *_averages(step))[0])


@misconception
def uphill(*call: Any) -> Result:
    """Your weights go up the loss: the step is taken off."""
    step = Call(*call)
    return _with_step(step, _stepped(step._replace(lr=-step.lr), *_corrected(step, *_averages(step))))


@misconception
def step_alone(*call: Any) -> Result:
    """Your first part is the step: return the weights after it."""
    step = Call(*call)
    return _with_step(step, _stepped(step, *_corrected(step, *_averages(step))) - step.W)


@misconception
def product_with_t(*call: Any) -> Result:
    """The old average loses the share beta with EVERY step: so beta to the power t is lost after t steps, not t times beta."""
    step = Call(*call)
    m, v = _averages(step)
    with np.errstate(invalid="ignore"):
        return _with_step(step, _stepped(step, m / (1 - step.beta1 * step.t), v / (1 - step.beta2 * step.t)))


@oracle
def optimizer(torch: Any, W: Any, g: Any, m: Any, v: Any, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    """PyTorch's own Adam, with the averages put in by hand."""
    weights = W.clone().requires_grad_()
    weights.grad = g.clone()
    adam = torch.optim.Adam([weights], lr=lr, betas=(beta1, beta2), eps=eps)
    adam.state[weights] = {"step": torch.tensor(t - 1.0), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    adam.step()
    state = adam.state[weights]
    return weights.detach(), state["exp_avg"], state["exp_avg_sq"]


derivation = """
Begin with m = 0 and write the first steps out, for gradients g1, g2, g3:

    m1 = (1 - beta) * g1
    m2 = (1 - beta) * (beta * g1 + g2)
    m3 = (1 - beta) * (beta**2 * g1 + beta * g2 + g3)

So m is a sum of all gradients, in which those of long ago count less. After t steps its weights have the sum

    (1 - beta) * (1 + beta + ... + beta**(t - 1)) = 1 - beta**t

since the terms cancel in pairs. An average has weights with the sum 1: that is why m and v are divided by 1 - beta**t. It is the
step that needs an average. What goes on to the next step is the sum as it is, or the line above would no longer hold.

Now let all gradients be alike, g. Then the corrected m is g and the corrected v is g**2, whatever t is, and the step is

    lr * g / (sqrt(g**2) + eps), about lr * sign(g)

The root brings v back to the size of a gradient, so the units cancel: multiply the loss by 1000, and Adam takes the same steps. eps
is there for weights whose gradients are 0. It is added to the root: below it, it would count as its own root, 1e-4 in place of 1e-8.

The usual mistake is to leave the corrections out. With the betas in use, 0.9 and 0.999, the first step is then longer by the factor
0.1 / sqrt(0.001), which is 3.2:

    >>> W, g, zero = np.array([1.0]), np.array([5.0]), np.zeros(1)
    >>> W1, m, v = adam_step(W, g, zero, zero, 1, 0.01, 0.9, 0.999, 1e-8)
    >>> W1.round(6).tolist(), (W - 0.01 * m / (np.sqrt(v) + 1e-8)).round(6).tolist()
    ([0.99], [0.968377])
"""
