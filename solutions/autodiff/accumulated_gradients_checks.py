"""Hidden checks for accumulated_gradients(W, grads, lr, every): a W.grad to which each call of backward adds."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.float64]
Calls = tuple[Array, Array, float, int]
Result = tuple[Array, Array]

hints = [
    "Go through grads in a loop, with two things that you keep: W, and what is in W.grad now. What does one call do to each?",
    "Count the calls from 1: after calls every, 2 * every, and so on there is a step, and W.grad begins at zeros again. Build"
    " new arrays (W = W - ...), as W -= ... would write into the argument.",
]


def _calls(rng: np.random.Generator, shape: tuple[int, ...], count: int, every: int, lr: float = 0.1) -> Calls:
    """Draw gradients off 0 on average, so that sums differ from each of their terms."""
    return rng.normal(size=shape), rng.uniform(0.5, 3.0, size=(count, *shape)), lr, every


@check(parts={"Ws": 0, "grad": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Calls]:
    """gives ([[9.6]], [5]) for W = [10] and the gradients [1], [3], [5], also beside another weight"""
    yield np.array([10.0]), np.array([[1.0], [3.0], [5.0]]), 0.1, 2
    yield np.array([10.0, -1.0]), np.array([[1.0, 2.0], [3.0, 0.0], [5.0, -1.0]]), 0.1, 2


@check(parts={"Ws": 0.5, "grad": 0})
def a_step_after_each_call(rng: np.random.Generator) -> Iterator[Calls]:
    """clears W.grad after each step, where there is one after each call"""
    yield _calls(rng, (3,), 4, 1)
    yield _calls(rng, (2, 3), 5, 1, lr=0.25)


@check(parts={"Ws": 1, "grad": 0.5})
def several_calls_a_step(rng: np.random.Generator) -> Iterator[Calls]:
    """adds up several calls for each step, and keeps what is left over at the end"""
    yield _calls(rng, (3, 2), 7, 2)
    yield _calls(rng, (4,), 11, 3, lr=0.3)
    yield _calls(rng, (2, 3), 9, 4)


@check(parts={"Ws": 0.25, "grad": 0.25})
def nothing_left_over(rng: np.random.Generator) -> Iterator[Calls]:
    """leaves zeros where the last call is followed by a step, the only one too; for weights of one row or one number too"""
    yield _calls(rng, (3,), 6, 3)
    yield _calls(rng, (2, 2), 8, 2)
    yield _calls(rng, (4,), 3, 3)
    yield _calls(rng, (1, 3), 4, 2)
    yield _calls(rng, (1,), 6, 2)


@check(parts={"Ws": 0.25, "grad": 0.25}, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Calls]:
    """does not write into W or grads, and takes gradients of any magnitude"""
    for scale in (1e-9, 1e9):
        W, grads, lr, every = _calls(rng, (2, 3), 5, 2)
        yield scale * W, scale * grads, lr, every


def _loop(
    W: Array,
    grads: Array,
    lr: float,
    every: int,
    add: Callable[[Array, Array], Array] = lambda grad, new: grad + new,
    step: Callable[[Array, Array], Array] | None = None,
    after: Callable[[Array], Array] = np.zeros_like,
) -> Result:
    """The loop with wrong pieces in the place of some: `step` takes W and its grad, `after` what is in grad after a step."""
    steps, grad = [], np.zeros_like(W)
    for call, new in enumerate(grads, start=1):
        grad = add(grad, new)
        if call % every == 0:
            W = W - lr * grad if step is None else step(W, grad)
            steps.append(W)
            grad = after(grad)
    return np.array(steps), grad


@misconception
def never_cleared(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Your W.grad is never cleared, so each step goes along all gradients since the beginning: where is W.grad = None?"""
    return _loop(W, grads, lr, every, after=lambda grad: grad)


@misconception
def overwritten(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Each call of backward ADDS to W.grad; yours puts its gradient in the place of what was there."""
    return _loop(W, grads, lr, every, add=lambda grad, new: new)


@misconception
def averaged(W: Array, grads: Array, lr: float, every: int) -> Result:
    """You step along the mean of the calls' gradients: W.grad holds their sum."""
    return _loop(W, grads, lr, every, step=lambda W, grad: W - lr * grad / every)


@misconception
def cleared_before_the_step(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Your W never moves: you cleared W.grad before the step that needs it."""
    return _loop(W, grads, lr, every, step=lambda W, grad: W + 0.0)


@misconception
def added_after_the_step(W: Array, grads: Array, lr: float, every: int) -> Result:
    """You step before you add: a step comes after the call that completes its group, and counts that one's gradient as well."""
    steps, grad = [], np.zeros_like(W)
    for call, new in enumerate(grads, start=1):
        if call % every == 0:
            W, grad = W - lr * grad, np.zeros_like(W)
            steps.append(W)
        grad = grad + new
    return np.array(steps), grad


@misconception
def from_the_first_W(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Each of your steps begins at the W that was given: it has to begin where the one before it ended."""
    return _loop(W, grads, lr, every, step=lambda _, grad: W - lr * grad)


@misconception
def uphill(W: Array, grads: Array, lr: float, every: int) -> Result:
    """A step of gradient descent takes the gradient OFF; yours adds it."""
    return _loop(W, grads, lr, every, step=lambda W, grad: W + lr * grad)


@misconception
def lr_ignored(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Your steps do not depend on lr: multiply W.grad by it."""
    return _loop(W, grads, lr, every, step=lambda W, grad: W - grad)


@misconception
def first_call_left_out(W: Array, grads: Array, lr: float, every: int) -> Result:
    """You cleared W.grad and then left the next call out: the first call after a step counts like all others."""
    kept = np.array([new * (0 if every > 1 and call and call % every == 0 else 1) for call, new in enumerate(grads)])
    return _loop(W, kept, lr, every)


@misconception
def stepped_with_the_rest(W: Array, grads: Array, lr: float, every: int) -> Result:
    """You take a step with what is left at the end, too: fewer than `every` calls make none, and stay in W.grad."""
    steps, grad = _loop(W, grads, lr, every)
    if len(grads) % every == 0:
        return steps, grad
    return np.concatenate([steps, [(steps[-1] if len(steps) else W) - lr * grad]]), np.zeros_like(grad)


@misconception
def last_W_only(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Return W after EACH step, with an axis for the steps in front: yours is the last W alone."""
    steps, grad = _loop(W, grads, lr, every)
    return steps[-1], grad


@misconception
def begun_with_W(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Your list begins with W as it was given: it is to begin after the first step."""
    steps, grad = _loop(W, grads, lr, every)
    return np.concatenate([np.asarray(W)[None], steps]), grad


@misconception
def total_returned(W: Array, grads: Array, lr: float, every: int) -> Result:
    """You return the sum of all gradients: at the end W.grad holds only what came after the last step."""
    return _loop(W, grads, lr, every)[0], grads.sum(axis=0)


@misconception
def counted_from_zero(W: Array, grads: Array, lr: float, every: int) -> Result:
    """Your first step comes after the first call, whatever `every` is: the calls are counted from 1, so that the last of each
    group is a multiple of it."""
    steps, grad = [], np.zeros_like(W)
    for call, new in enumerate(grads):
        grad = grad + new
        if call % every == 0:
            W, grad = W - lr * grad, np.zeros_like(W)
            steps.append(W)
    return np.array(steps), grad


@misconception
def one_array_for_all(W: Array, grads: Array, lr: float, every: int) -> Result:
    """All of your Ws are the last one: you put one and the same array into the list each time. Where do you make a new one?"""
    steps, grad = _loop(W, grads, lr, every)
    return np.repeat(steps[-1:], len(steps), axis=0), grad


@oracle
def autograd(torch: Any, W: Any, grads: Any, lr: float, every: int) -> Any:
    """PyTorch's own W.grad, with losses that are linear in W, and its own optimiser."""
    leaf = torch.as_tensor(W).clone().requires_grad_()
    descent = torch.optim.SGD([leaf], lr=lr)
    steps = []
    for call, new in enumerate(torch.as_tensor(grads), start=1):
        (leaf * new).sum().backward()
        if call % every == 0:
            descent.step()
            descent.zero_grad()
            steps.append(leaf.detach().clone())
    return torch.stack(steps), torch.zeros_like(leaf.detach()) if leaf.grad is None else leaf.grad


derivation = """
Each call of backward adds its gradient to what is there. After the calls 1, ..., every, beginning with zeros,

    W.grad = grads[0] + grads[1] + ... + grads[every - 1]

The derivative of a sum is the sum of the derivatives, so this is the gradient of the sum of the losses of these calls. All of
them have been computed at the same W, as no step lies between them. One step along it is the step of a batch that holds all
their samples:

    W = W - lr * W.grad,  and then  W.grad = 0

In the loop the calls are counted from 1, and there is a step where the count is a multiple of `every`. The order within a call
is: add, step, clear. The next step begins at the W of this one. What comes after the last step stays in W.grad, which is why
`grad` is returned beside the Ws.

`W = W - lr * grad` and `grad = grad + new` make new arrays. With `-=` W would be the array of the caller, and all entries of
the list one and the same array, which holds the last W. (If the losses are means, the sum of `every` gradients is `every`
times that of the mean of all: the step is longer, unless lr or the losses are divided.)

The usual mistake is never to clear W.grad: then each step goes along all gradients since the beginning.

    >>> W, grads = np.array([10.0]), np.array([[1.0], [3.0], [5.0], [-5.0], [2.0]])
    >>> Ws, grad = accumulated_gradients(W, grads, 0.5, 2)
    >>> Ws.tolist(), grad.tolist(), W.tolist()
    ([[8.0], [8.0]], [2.0], [10.0])
    >>> (Ws[0] - 0.5 * grads[:4].sum(axis=0)).tolist()          # the second step, without clearing
    [6.0]
"""
