# exercise: compare_with_autograd
# points: 3.5
# told: an entry that is too large counts for nothing
import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    X, t = torch.tensor(X), torch.tensor(t)
    W = torch.tensor(W, requires_grad=True)
    wout = torch.tensor(wout, requires_grad=True)
    p = torch.sigmoid(torch.relu(X @ W) @ wout)
    ((p - t) ** 2).sum().backward()
    err = max((W.grad - torch.tensor(dW)).max().item(), (wout.grad - torch.tensor(dwout)).max().item())
    return W.grad, wout.grad, err
