# exercise: unbroadcast
# points: 0
# told: EVERY axis


def unbroadcast(grad, shape):
    return grad if grad.shape == shape else grad.sum(axis=0)
