# exercise: compare_with_autograd
# points: 0
# told: One of p and t has the shape (N, 1) in yours, and the other (N,)
import torch
def compare_with_autograd(X, W, wout, t, dW, dwout):
    W_ = torch.tensor(W, requires_grad=True)
    w_ = torch.tensor(wout, requires_grad=True)
    h = torch.relu(torch.tensor(X) @ W_)
    p = torch.sigmoid(h @ w_.reshape(-1, 1))
    out = ((p - torch.tensor(t)) ** 2).sum()
    out.backward()
    e = max((W_.grad - torch.tensor(dW)).abs().max().item(), (w_.grad - torch.tensor(dwout)).abs().max().item())
    return W_.grad, w_.grad, e
