# exercise: dead_units
# points: 4
# told: the values are not
def dead_units(X, W, b):
    return (X @ W + b > 0).mean(axis=0) < 0.01
