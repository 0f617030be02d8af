"""einsum; saves only what will be needed; and once_differentiable."""

import torch
from torch.autograd.function import once_differentiable


class LinearFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        needs_x, needs_W, _ = ctx.needs_input_grad
        ctx.save_for_backward(x if needs_W else None, W if needs_x else None)
        return torch.einsum("nd,dh->nh", x, W).add_(b)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        x, W = ctx.saved_tensors
        dx = None if W is None else torch.einsum("nh,dh->nd", grad_output, W)
        dW = None if x is None else torch.einsum("nd,nh->dh", x, grad_output)
        return dx, dW, torch.ones(len(grad_output), dtype=grad_output.dtype) @ grad_output if ctx.needs_input_grad[2] else None
