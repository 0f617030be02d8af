"""A reason of a few words, and a letter with its statement."""


def jacobian_product_written():
    return {"choice": "(c) v^T J", "why": "backward(v) computes v^T J; here v is ones."}
