import numpy as np
import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    w = torch.tensor(W, dtype=torch.float64, requires_grad=True)
    v = torch.tensor(wout, dtype=torch.float64, requires_grad=True)
    for x, target in zip(X, t):
        # Each call adds to w.grad and v.grad, which is what a sum needs.
        ((torch.sigmoid(torch.relu(torch.tensor(x) @ w).dot(v)) - float(target)) ** 2).backward()
    w_grad, v_grad = np.array(w.grad), np.array(v.grad)
    return {"W_grad": w_grad, "wout_grad": v_grad, "error": np.max([np.max(abs(w_grad - dW)), np.max(abs(v_grad - dwout))])}
