# exercise: relu_backward
# points: 0
# told: negative upstream gradients must pass


def relu_backward(dout, z):
    out = dout.copy()
    out[z < 0] = 0
    out[dout < 0] = 0
    return out
