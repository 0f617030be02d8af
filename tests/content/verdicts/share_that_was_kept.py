# exercise: dropout_backward
# points: 0
# told: You divided by the share that happened to be kept in this batch
def dropout_backward(dout, mask, p):
    return dout * mask / mask.mean() if mask.any() else 0 * dout
