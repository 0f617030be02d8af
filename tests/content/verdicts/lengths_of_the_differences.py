# exercise: compare_with_autograd
# points: 2.5
# told: the length of all differences
import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    X, t = torch.from_numpy(X), torch.from_numpy(t)
    W = torch.from_numpy(W).requires_grad_()
    wout = torch.from_numpy(wout).requires_grad_()
    loss = (torch.sigmoid(torch.relu(X @ W) @ wout) - t).pow(2).sum()
    loss.backward()
    e1 = torch.norm(W.grad - torch.from_numpy(dW))
    e2 = torch.norm(wout.grad - torch.from_numpy(dwout))
    return W.grad, wout.grad, float(max(e1, e2))
