from collections import defaultdict


def embedding_backward(dout, ids, V):
    width = len(dout[0])
    sums = defaultdict(lambda: [0.0] * width)
    for word, row in zip(ids.tolist(), dout.tolist()):
        sums[word] = [a + b for a, b in zip(sums[word], row)]
    return [sums[word] for word in range(V)]
