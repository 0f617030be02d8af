# exercise: microbatch_gradient
# points: 2
# told: writes into its argument `grads`|line 7: work on a copy


def microbatch_gradient(grads, sizes):
    for k, size in enumerate(sizes): grads[k] = size * grads[k]
    return sum(grads) / sum(sizes)
