# exercise: compare_with_autograd
# points: 3.5
# told: You computed in float32|W_grad, wout_grad are right, error is wrong
import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    X, t, dW, dwout = (torch.Tensor(each) for each in (X, t, dW, dwout))
    W = torch.Tensor(W).requires_grad_()
    wout = torch.Tensor(wout).requires_grad_()
    ((torch.sigmoid(torch.relu(X @ W) @ wout) - t) ** 2).sum().backward()
    return W.grad, wout.grad, float(max((dW - W.grad).abs().max(), (dwout - wout.grad).abs().max()))
