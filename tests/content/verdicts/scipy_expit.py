# exercise: sigmoid_stable
# points: 0
# told: scipy
from scipy.special import expit


def sigmoid_stable(z):
    return expit(z)
