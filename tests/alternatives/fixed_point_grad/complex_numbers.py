import cmath


def settled(w, c):
    a = 0.5
    for _ in range(250):
        a = 1 / (1 + cmath.exp(-w * a - c))
    return a


def fixed_point_grad(w, c):
    h = 1e-40
    return settled(w, c).real, settled(w + 1j * h, c).imag / h, settled(w, c + 1j * h).imag / h
