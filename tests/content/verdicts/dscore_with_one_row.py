# exercise: backprop_shapes
# points: 3.5
# told: row for every sample
def backprop_shapes(N, D, H, K):
    s = {
        "score": (N, K),
        "dA": (N, H),
        "dZ": (N, H),
        "dW1": (D, H),
        "db1": (H,),
        "dW2": (H, K),
        "db2": (K,),
        "dX": (N, D),
    }
    s["dscore"] = (1, K)
    return s
