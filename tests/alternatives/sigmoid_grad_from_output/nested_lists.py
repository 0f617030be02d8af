"""Numbers and nested lists, by recursion."""


def sigmoid_grad_from_output(a):
    def grad(entry):
        return [grad(item) for item in entry] if isinstance(entry, list) else entry * (1 - entry)

    return grad(a if isinstance(a, float) else a.tolist())
