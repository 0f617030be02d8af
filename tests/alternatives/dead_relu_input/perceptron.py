"""Step against the weights of a unit that is still alive until there is none, in pure Python."""


def dead_relu_input(W, b):
    weights, biases = W.tolist(), b.tolist()
    x = [0.0] * len(weights[0])
    while True:
        z = [
            sum(w * value for w, value in zip(row, x, strict=True)) + bias
            for row, bias in zip(weights, biases, strict=True)
        ]
        worst = max(range(len(z)), key=z.__getitem__)
        if z[worst] < 0:
            return [x, [[0.0] * len(x) for _ in z]]
        row = weights[worst]
        step = (z[worst] + 1) / sum(w * w for w in row)
        x = [value - step * w for value, w in zip(x, row, strict=True)]
