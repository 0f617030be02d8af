from math import exp, sqrt


def product(A, B):
    columns = list(zip(*B))
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in A]


def transposed(A):
    return [list(column) for column in zip(*A)]


def attention_backward(Q, K, V, dout):
    Q, K, V, dout = Q.tolist(), K.tolist(), V.tolist(), dout.tolist()
    root = sqrt(len(Q[0]))
    P, dS = [], []
    for scores, g in zip(product(Q, transposed(K)), product(dout, transposed(V))):
        largest = max(scores)
        powers = [exp((score - largest) / root) for score in scores]
        total = sum(powers)
        p = [power / total for power in powers]
        mean = sum(a * b for a, b in zip(p, g))
        P.append(p)
        dS.append([a * (b - mean) / root for a, b in zip(p, g)])
    return product(dS, K), product(transposed(dS), Q), product(transposed(P), dout)
