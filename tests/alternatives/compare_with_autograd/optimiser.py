import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    Xt, tt = torch.tensor(X), torch.tensor(t)
    w, v = torch.nn.Parameter(torch.tensor(W)), torch.nn.Parameter(torch.tensor(wout))
    optimiser = torch.optim.SGD([w, v], lr=1.0)
    optimiser.zero_grad()
    loss = ((torch.sigmoid(torch.relu(Xt @ w) @ v) - tt) ** 2).sum()
    loss.backward()
    difference = max(float((w.grad - torch.tensor(dW)).abs().max()), float((v.grad - torch.tensor(dwout)).abs().max()))
    return w.grad, v.grad, difference
