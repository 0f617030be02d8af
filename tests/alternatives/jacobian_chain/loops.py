"""The sum over the numbers in between, written out, in nested lists."""


def jacobian_chain(Jh, Jg):
    p, m = Jh.shape
    n = Jg.shape[1]
    return [[sum(float(Jh[i, k]) * float(Jg[k, j]) for k in range(m)) for j in range(n)] for i in range(p)]
