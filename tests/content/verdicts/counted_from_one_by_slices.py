# exercise: gradient_is_a_row
# points: 1.3
# told: Outputs are counted from 0 here
def gradient_is_a_row(J, i):
    return J[i - 1], J[i - 1 : i], J.sum(axis=0)
