"""Nothing comes back from behind a silent unit, so the loop may end there."""


def relu_chain(w, b, a0):
    a, product = a0, 1.0
    for weight, bias in zip(w.tolist(), b.tolist()):
        a = weight * a + bias
        if a <= 0:
            return 0.0
        product *= weight
    return product


def relu_chain_why():
    return dict(choice="(c)", why="激活单元的斜率是一,但是权重仍然相乘,而且一个沉默的单元会使导数恰好为零。")
