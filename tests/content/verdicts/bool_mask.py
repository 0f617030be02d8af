# exercise: relu_grad
# points: 3
# told:


def relu_grad(z):
    return z > 0
