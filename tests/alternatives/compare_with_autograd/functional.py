import torch


def compare_with_autograd(X, W, wout, t, dW, dwout):
    def loss(W, wout):
        return torch.nn.functional.mse_loss(
            torch.sigmoid(torch.relu(torch.tensor(X) @ W) @ wout), torch.tensor(t), reduction="sum"
        )

    W_grad, wout_grad = torch.autograd.functional.jacobian(loss, (torch.tensor(W), torch.tensor(wout)))
    largest = max(float(abs(W_grad.numpy() - dW).max()), float(abs(wout_grad.numpy() - dwout).max()))
    return [W_grad.tolist(), wout_grad.tolist(), largest]
