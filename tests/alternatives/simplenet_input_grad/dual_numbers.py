"""Forward mode: the derivative by one input at a time."""


def simplenet_input_grad(params, x):
    gradient = []
    for direction in range(len(x)):
        a = [float(value) for value in x]
        da = [float(index == direction) for index in range(len(x))]
        for layer, (W, b) in enumerate(params):
            z = [sum(w * v for w, v in zip(row, a)) + c for row, c in zip(W.tolist(), b.tolist())]
            dz = [sum(w * v for w, v in zip(row, da)) for row in W.tolist()]
            last = layer == len(params) - 1
            a = [v if last or v > 0 else 0.0 for v in z]
            da = [d if last or v > 0 else 0.0 for v, d in zip(z, dz)]
        gradient.append(2 * a[0] * da[0])
    return gradient
