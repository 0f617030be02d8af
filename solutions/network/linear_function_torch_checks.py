"""Hidden checks for LinearFn: y = x @ W + b as a torch.autograd.Function, with its own backward pass.

The drivers run it forward and backward in the child, on tensors made of the arrays that a case gives, and return plain
values. What gradcheck compares (each row of the Jacobians) is compared here, with the reference's rows.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Layer = tuple[Array, Array, Array]
Needs = tuple[bool, ...]

hints = [
    "The backward pass is the one you know from a linear layer on arrays: three products and sums whose shapes are "
    "those of x, W and b. Which tensors of the forward pass do they need?",
    "In forward, ctx.save_for_backward keeps those tensors; in backward, ctx.saved_tensors gives them back, in the "
    "same order. The derivatives with respect to x and W each take grad_output and one of them, transposed; that with"
    " respect to b is a "
    "sum.",
    "Unpack ctx.needs_input_grad into three booleans, and compute each gradient only where its boolean is True; "
    "else put None in its place. The tuple has three entries in any case.",
]


# The source of a driver travels: it may use its arguments, builtins and np alone, so each imports torch itself. They go
# back from a scalar, as nets do: with a gradient of one's own, torch imports packages that the worker does not have.


def passes(function: Any, x: "Array", W: "Array", b: "Array", grad_output: "Array") -> Any:
    """Return (y, dx, dW, db)."""
    import torch

    inputs = [torch.tensor(each, requires_grad=True) for each in (x, W, b)]
    y = function.apply(*inputs)
    loss = (y * torch.tensor(grad_output)).sum()
    return y, *torch.autograd.grad(loss, inputs, allow_unused=True)


def passes_with_strides(function: Any, x: "Array", W: "Array", b: "Array", grad_output: "Array") -> Any:
    """Return (y, dx, dW, db), computed on tensors of which none is contiguous."""
    import torch

    inputs = [torch.tensor(each.T.copy()).T for each in (x, W)] + [torch.tensor(np.repeat(b, 2))[::2]]
    y = function.apply(*[each.requires_grad_() for each in inputs])
    # The way back through .T makes grad_output the transpose of a contiguous tensor.
    loss = (y.T * torch.tensor(grad_output.T.copy())).sum()
    return y, *torch.autograd.grad(loss, inputs, allow_unused=True)


def passes_for_some(function: Any, x: "Array", W: "Array", b: "Array", grad_output: "Array", needs: "Needs") -> Any:
    """Return for which inputs backward gives None, the shapes that it gives for the others, and all entries of those."""
    import torch

    given = []

    class Recorded(function):
        @staticmethod
        def backward(ctx: Any, *grads: Any) -> Any:
            given.append(function.backward(ctx, *grads))
            return given[-1]

    inputs = [torch.tensor(each, requires_grad=need) for each, need in zip((x, W, b), needs, strict=True)]
    loss = (Recorded.apply(*inputs) * torch.tensor(grad_output)).sum()
    needed = [each for each, need in zip(inputs, needs, strict=True) if need]
    gradients = torch.autograd.grad(loss, needed, allow_unused=True, materialize_grads=True)
    # Autograd sums what backward returns to the shape of the input, where that is what broadcasting would undo.
    shapes = [str(tuple(getattr(each, "shape", ()))) for each, need in zip(given[0], needs, strict=True) if need]
    nones = np.array([int(each is None) for each in given[0]])
    return nones, ", ".join(shapes), torch.cat([each.flatten() for each in gradients])


def passes_of_two(function: Any, x: "Array", W: "Array", b: "Array", grad_output: "Array", other: "Array") -> Any:
    """Return (dx, dother, dW, db) where one layer is used for x and for other before either goes back."""
    import torch

    inputs = [torch.tensor(each, requires_grad=True) for each in (x, other, W, b)]
    outputs = [function.apply(each, *inputs[2:]) for each in inputs[:2]]
    loss = ((outputs[0] + outputs[1]) * torch.tensor(grad_output)).sum()
    return torch.autograd.grad(loss, inputs, allow_unused=True)


def jacobians(function: Any, x: "Array", W: "Array", b: "Array") -> Any:
    """Return (dy/dx, dy/dW, dy/db), one backward pass for each entry of y."""
    import torch

    inputs = [torch.tensor(each, requires_grad=True) for each in (x, W, b)]
    entries = function.apply(*inputs).flatten()
    rows = [torch.autograd.grad(entry, inputs, retain_graph=True) for entry in entries]
    return tuple(torch.stack(row) for row in zip(*rows, strict=True))


def _layer(rng: np.random.Generator, N: int, D: int, H: int) -> Layer:
    return rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=H)


def _upstream(rng: np.random.Generator, N: int, H: int) -> Array:
    # Off 0 on average: sums that happen to be near 0 would be alike. And off 1.
    return rng.uniform(-0.5, 1.5, size=(N, H)) * 2


@check(parts={"y": 0, "dx": 0, "dW": 0, "db": 0}, public=True, function="LinearFn", driver=passes)
def example_on_paper(rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    """gives y and the three gradients for two samples that can be done on paper"""
    yield (
        np.array([[1.0, 2.0], [3.0, -1.0]]),
        np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]]),
        np.array([1.0, 0.0, -1.0]),
        np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]),
    )


@check(parts={"y": 1, "dx": 2, "dW": 2, "db": 1}, function="LinearFn", driver=passes)
def any_sizes(rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    """gives y and the three gradients for any sizes, a batch of one and equal sizes included"""
    for N, D, H in [(5, 3, 4), (2, 6, 3), (1, 3, 4), (3, 3, 3)]:
        yield *_layer(rng, N, D, H), _upstream(rng, N, H)
    x, W, b = _layer(rng, 4, 2, 3)
    yield 1e4 * x, 1e3 * W, 1e5 * b, 1e3 * _upstream(rng, 4, 3)
    yield *_layer(rng, 2, 2, 2), _upstream(rng, 2, 2)


@check(points=0.5, function="LinearFn", driver=jacobians)
def every_row_of_the_jacobians(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the right Jacobians, one backward pass for each entry of y (what gradcheck looks at), for one input or output too"""
    for N, D, H in [(2, 3, 4), (3, 1, 2), (3, 2, 1)]:
        yield _layer(rng, N, D, H)


@check(parts={"use of None": 1, "shapes": 2, "values": 1}, function="LinearFn", driver=passes_for_some)
def only_what_is_needed(rng: np.random.Generator) -> Iterator[tuple[Array | Needs, ...]]:
    """returns None for the inputs that need no gradient, and for the others gradients that have their inputs' shapes"""
    for needs in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1)]:
        yield *_layer(rng, 3, 2, 4), _upstream(rng, 3, 4), tuple(map(bool, needs))


@check(points=0.5, function="LinearFn", driver=passes_of_two)
def used_twice(rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    """can be called twice before it goes back, as in any net with more than one layer"""
    for N, D, H in [(3, 2, 4), (2, 3, 2)]:
        x, W, b = _layer(rng, N, D, H)
        yield x, W, b, _upstream(rng, N, H), rng.normal(size=(N, D))


@check(points=0.5, function="LinearFn", driver=passes_with_strides)
def any_memory_layout(rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    """takes tensors that are not contiguous, grad_output included"""
    yield *_layer(rng, 4, 2, 3), _upstream(rng, 4, 3)


@check(points=0.5, function="LinearFn", driver=passes)
def single_precision(rng: np.random.Generator) -> Iterator[tuple[NDArray[np.float32], ...]]:
    """takes float32 tensors, and is as accurate as they are"""
    # Multiples of 1/4: float32 holds their products and sums exactly.
    yield tuple((rng.integers(-8, 9, size=shape) / 4).astype(np.float32) for shape in [(4, 3), (3, 2), (2,), (4, 2)])


class _Right(torch.autograd.Function):
    """The right forward pass, for wrong backward passes to start from."""

    @staticmethod
    def forward(ctx: Any, x: Any, W: Any, b: Any) -> Any:
        ctx.save_for_backward(x, W)
        return x @ W + b


def _wanted(ctx: Any, *gradients: Any) -> tuple[Any, ...]:
    return tuple(each if need else None for each, need in zip(gradients, ctx.needs_input_grad, strict=True))


@misconception
class dx_with_the_forward_W(_Right):
    """The forward W maps D inputs to H outputs; going back, dx needs its transpose."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W, x.T @ grad_output, grad_output.sum(0))


@misconception
class dW_transposed(_Right):
    """dW must have the shape of W, (D, H): the transposed x comes first."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, grad_output.T @ x, grad_output.sum(0))


@misconception
class db_over_outputs(_Right):
    """For db, sum over the samples (dim 0), not over the outputs."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output, grad_output.sum(1))


@misconception
class db_not_summed(_Right):
    """b is used once for each sample, so db adds up over them; yours has a row for each sample."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output, grad_output)


@misconception
class dW_not_summed(_Right):
    """dW adds up over the samples; yours keeps a matrix for each of them."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x[:, :, None] * grad_output[:, None, :], grad_output.sum(0))


@misconception
class W_with_outputs_first(torch.autograd.Function):
    """Here W has the shape (D, H), inputs first, and y is x @ W + b; torch.nn.Linear keeps its weight the other way."""

    @staticmethod
    def forward(ctx: Any, x: Any, W: Any, b: Any) -> Any:
        ctx.save_for_backward(x, W)
        return x @ W.T + b

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W, grad_output.T @ x, grad_output.sum(0))


@misconception
class db_mean(_Right):
    """db is a sum over the batch; a 1/N belongs to the loss, not to the layer."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output, grad_output.mean(0))


@misconception
class parameters_averaged(_Right):
    """dW and db are sums over the batch: a 1/N belongs to the loss, and reaches the layer inside grad_output."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output / len(x), grad_output.mean(0))


@misconception
class upstream_ignored(_Right):
    """You returned the gradients of the sum of y: use grad_output, which is not all ones."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        ones = torch.ones_like(grad_output)
        return _wanted(ctx, ones @ W.T, x.T @ ones, ones.sum(0))


@misconception
class bias_forgotten(_Right):
    """y is x @ W + b: your forward leaves b out."""

    @staticmethod
    def forward(ctx: Any, x: Any, W: Any, b: Any) -> Any:
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output, grad_output.sum(0))


@misconception
class needs_ignored(_Right):
    """You compute all three gradients, whether needed or not: return None where ctx.needs_input_grad is False."""

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = ctx.saved_tensors
        return grad_output @ W.T, x.T @ grad_output, grad_output.sum(0)


_LAST: list[Any] = []


@misconception
class kept_on_the_class(_Right):
    """Keep what backward needs on ctx: what is kept in one place for all calls is that of the last call only."""

    @staticmethod
    def forward(ctx: Any, x: Any, W: Any, b: Any) -> Any:
        _LAST[:] = x, W
        return x @ W + b

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        x, W = _LAST
        return _wanted(ctx, grad_output @ W.T, x.T @ grad_output, grad_output.sum(0))


derivation = """
The formulas are those of a linear layer. With y[n, k] = sum over j of x[n, j] * W[j, k] + b[k] and G for grad_output:

    dx[n, j] = sum over k of G[n, k] * W[j, k]      G @ W.T           x[n, j] feeds all outputs of its sample
    dW[j, k] = sum over n of x[n, j] * G[n, k]      x.T @ G           W[j, k] is used by all samples
    db[k]    = sum over n of G[n, k]                G.sum(dim=0)      b[k] is used by all samples

The rest is what PyTorch asks of a Function. `forward` and `backward` are static: they have no `self`, and what one has to tell
the other goes over `ctx`. PyTorch makes a new ctx for every call of `apply`. So a net may use the function three times before
it goes back, and each backward finds the x and the W of its own call. `ctx.save_for_backward` is the place for tensors: PyTorch
can then notice if one of them was overwritten. b is not saved, since no formula needs it.

`backward` returns one entry for each argument of `forward`, in that order. Where `ctx.needs_input_grad` says False, nobody
will use the entry: return None, and leave the product out. (A batch of data needs no dx.)

The usual mistake is to keep x and W on the class, or in a global variable. With one layer that works. With two, the second
call overwrites what the first has kept, and the first backward takes the wrong x.

    >>> x, W, b = (torch.ones(size, requires_grad=True) for size in [(2, 3), (3, 4), (4,)])
    >>> LinearFn.apply(x, W, b).sum().backward()
    >>> [tuple(each.grad.shape) for each in (x, W, b)], b.grad.tolist()
    ([(2, 3), (3, 4), (4,)], [2.0, 2.0, 2.0, 2.0])
"""
