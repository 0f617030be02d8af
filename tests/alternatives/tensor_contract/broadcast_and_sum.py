def tensor_contract(dEdY, dYdA):
    return (dEdY[..., None, None] * dYdA).sum(axis=0).sum(axis=0)
