# exercise: unbroadcast
# points: 3.5
# told: reshape


def unbroadcast(grad, shape):
    return grad.reshape(-1, *shape).sum(axis=0)
