import numpy as np


def embedding_backward(dout, ids, V):
    table = np.zeros((V, dout.shape[1]))
    for word, gradient in zip(ids, dout):
        table[word] = table[word] + gradient
    return table
