import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    X, t, dW, dwout = (torch.from_numpy(each.copy()) for each in (X, t, dW, dwout))
    parameters = [torch.from_numpy(each.copy()).requires_grad_() for each in (W, wout)]
    loss = ((torch.sigmoid(torch.clamp(X @ parameters[0], min=0) @ parameters[1]) - t) ** 2).sum()
    grads = torch.autograd.grad(loss, parameters)
    away = torch.cat([(mine - grad).abs().flatten() for mine, grad in zip((dW, dwout), grads)])
    return grads[0], grads[1], away.max()
