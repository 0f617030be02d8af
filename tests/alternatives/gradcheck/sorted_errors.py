import numpy as np


def gradcheck(f, grad, x, h, tol):
    def slope(index):
        def moved(step):
            point = np.copy(x)
            point[index] += step
            return f(point)

        return (moved(h) - moved(-h)) / (2 * h)

    a = grad(x)
    errors = []
    for number, index in enumerate(np.ndindex(x.shape)):
        n = slope(index)
        finite = bool(np.isfinite(a[index]))
        error = abs(a[index] - n) / max(1e-8, abs(a[index]) + abs(n)) if finite else float("inf")
        errors.append((-error, number, index))
    error, _, index = min(errors)
    return {"ok": bool(-error <= tol), "worst": list(index)}


def bug_inputs():
    rng = np.random.default_rng(7)
    return np.stack([-rng.uniform(1, 2, (2, 3)), rng.choice([-7.0, 7.0], (2, 3)), rng.integers(0, 2, (2, 3)) * 1.0])
