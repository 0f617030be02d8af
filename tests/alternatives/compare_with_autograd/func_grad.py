import numpy as np
import torch
from torch.func import grad


def compare_with_autograd(X, W, wout, t, dW, dwout):
    Xt, tt = torch.tensor(X), torch.tensor(t)

    def loss(w, v):
        return torch.sum((torch.sigmoid(torch.relu(Xt @ w) @ v) - tt) ** 2)

    gW, gwout = (each.numpy() for each in grad(loss, (0, 1))(torch.tensor(W), torch.tensor(wout)))
    return gW, gwout, max(np.max(np.abs(gW - dW)), np.max(np.abs(gwout - dwout)))
