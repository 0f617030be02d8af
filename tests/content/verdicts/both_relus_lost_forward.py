# exercise: simplenet_input_grad
# points: 2
# told: Your y is made of z2 itself
def simplenet_input_grad(params, x):
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = W1 @ x + b1
    z2 = W2 @ z1 + b2
    y = W3 @ z2 + b3
    d = 2 * y * W3
    d = (d * (z2 > 0)) @ W2
    d = (d * (z1 > 0)) @ W1
    return d.ravel()
