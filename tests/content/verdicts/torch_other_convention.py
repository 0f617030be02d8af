# exercise: linear_function_torch
# points: 0
# told: torch.nn.Linear
import torch


class LinearFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W.T + b

    @staticmethod
    def backward(ctx, g):
        x, W = ctx.saved_tensors
        need = ctx.needs_input_grad
        return (g @ W if need[0] else None, g.T @ x if need[1] else None, g.sum(0) if need[2] else None)
