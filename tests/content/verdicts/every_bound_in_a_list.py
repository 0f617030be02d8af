# exercise: vanishing_chain
# points: 2
# told: different numbers in it, and at most twenty are read: say in one to three sentences which one is meant.
def vanishing_chain(w, a0, L):
    return 0.0


def vanishing_chain_why(w, L):
    every = ((w / 40) ** L for w in range(8, 33) for L in range(2, 9))
    return {"choice": "b", "why": " ".join(f"{each:.3g}" for each in every)}
