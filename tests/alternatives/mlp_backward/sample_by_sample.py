import numpy as np


def mlp_backward(params, X, y):
    gradients = [np.zeros(each.shape) for pair in params for each in pair]
    for x, label in zip(X, y):
        a, kept = x, []
        for layer, (W, b) in enumerate(params):
            a = np.maximum(a, 0) if layer else a
            kept.append(a)
            a = b + a @ W
        p = np.exp(a - max(a))
        delta = p / sum(p)
        delta[label] -= 1
        for layer in reversed(range(len(params))):
            gradients[2 * layer] += np.outer(kept[layer], delta) / len(X)
            gradients[2 * layer + 1] += delta / len(X)
            delta = np.where(kept[layer] > 0, params[layer][0] @ delta, 0)
    return gradients
