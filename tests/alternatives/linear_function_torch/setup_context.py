"""The newer style: forward without ctx, and setup_context."""

import torch


class LinearFn(torch.autograd.Function):
    @staticmethod
    def forward(x, W, b):
        return torch.addmm(b, x, W)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, W, _ = inputs
        ctx.save_for_backward(x, W)

    @staticmethod
    def backward(ctx, grad_output):
        x, W = ctx.saved_tensors
        gradients = [None, None, None]
        if ctx.needs_input_grad[0]:
            gradients[0] = grad_output.mm(W.t())
        if ctx.needs_input_grad[1]:
            gradients[1] = x.t().mm(grad_output)
        if ctx.needs_input_grad[2]:
            gradients[2] = grad_output.sum(0)
        return tuple(gradients)
