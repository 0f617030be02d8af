"""Turned into Jacobians, chained, and turned back: not contiguous in memory."""


def denominator_layout_chain(Dg, Dh):
    return (Dh.T @ Dg.T).T
