# exercise: softmax_vjp
# points: 0
# told: plain mean of dout
def softmax_vjp(p, dout):
    return p * (dout - dout.mean(axis=1, keepdims=True))
