def accumulated_gradients(W, grads, lr, every):
    if len(grads) < every:
        return [], sum(grads) + 0 * W
    stepped = W - lr * sum(grads[:every])
    rest, grad = accumulated_gradients(stepped, grads[every:], lr, every)
    return [stepped, *rest], grad
