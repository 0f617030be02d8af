def tensor_contract(dEdY, dYdA):
    return (dEdY.ravel() @ dYdA.reshape(dEdY.size, -1)).reshape(dYdA.shape[2:])
