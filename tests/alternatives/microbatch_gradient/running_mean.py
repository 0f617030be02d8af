def microbatch_gradient(grads, sizes):
    mean, seen = 0.0, 0
    for grad, size in zip(grads, sizes):
        seen += size
        mean = mean + (grad - mean) * size / seen
    return mean
