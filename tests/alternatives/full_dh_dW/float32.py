import numpy as np


def full_dh_dW(x, H):
    return x.astype(np.float32)[None, :, None] * np.eye(H, dtype=np.float32)[:, None, :]
