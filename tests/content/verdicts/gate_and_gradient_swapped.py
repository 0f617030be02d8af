# exercise: relu_backward
# points: 0
# told: change places


def relu_backward(dout, z):
    return z * (dout > 0)
