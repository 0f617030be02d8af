import numpy as np


def corrected(average, beta, t):
    # The weights of the average, added up one by one.
    total = sum((1 - beta) * beta**k for k in range(min(t, 60_000)))
    return average / total


def adam_step(W, g, m, v, t, lr, beta1, beta2, eps):
    m_next = g + beta1 * (m - g)
    v_next = g * g + beta2 * (v - g * g)
    size = corrected(v_next, beta2, t) ** 0.5
    return [(W + corrected(m_next, beta1, t) * (-lr) / (size + eps)).tolist(), m_next.tolist(), v_next.tolist()]
