# exercise: relu_grad
# points: 0
# told: relu(z) itself


def relu_grad(z):
    if z > 0:
        return z
    return 0.0
