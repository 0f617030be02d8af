# exercise: logistic_hvp
# points: 0
# told: That is the Hessian of a squared error|a sum where a mean is asked
def logistic_hvp(X, w, v):
    return X.T @ (X @ v)
