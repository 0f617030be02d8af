# exercise: relu_backward
# points: 0
# told: opposite sign


def relu_backward(dout, z):
    dout *= -1
    dout[z <= 0] = 0
    return dout
