"""# A linear layer as a PyTorch function

PyTorch records a forward pass and calls a backward for each of its steps. Write both for a linear layer, y = x @ W +
b, as a `torch.autograd.Function`, so that `LinearFn.apply(x, W, b)` can be used in any net.

- `x` is a tensor of shape (N, D), `W` (D, H) and `b` (H,); N may be 1. `forward` returns y, shape (N, H).
- `backward` gets grad_output, the derivative of a loss with respect to y, shape (N, H), and returns a tuple (dx, dW,
  db): one entry for each input, in their order and with their shapes.
- `ctx.needs_input_grad` is a tuple of three booleans. For an input whose gradient nobody needs, return None in its
  place.
- What backward needs is kept on ctx, not on the class: a net may call `LinearFn.apply` many times before it goes
  back.
- Leave all tensors as they were. grad_output may be any tensor, also one whose memory is not contiguous.
- Arrays may be float32: then an answer as accurate as that is enough.

On paper: with N = 2, grad_output = [[1], [3]] and W = [[5]], dx is [[5], [15]].
"""

from typing import Any

import torch


class LinearFn(torch.autograd.Function):
    """y = x @ W + b, with its own backward pass."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """Return y, and keep on ctx what backward needs."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return (dx, dW, db), with None for each input that needs no gradient."""
        raise NotImplementedError
