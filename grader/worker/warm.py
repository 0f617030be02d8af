"""What every child would do for the first time, done before it is forked: caches filled here are copied by none of them.

Python rewrites a function's code as it learns what it works on, and remembers where attributes are found; the linker resolves a
function of a library at its first call. In a child each of these copies a page. What is run here is ours, and of no course.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import numpy as np

from grader.wire import messages as wire
from grader.wire.values import pack

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["look_at_processor", "warm"]

_TURNS = 24
"""After so many runs Python has rewritten all that it will."""

_SOURCE = '''\
"""Everyday numpy."""
import numpy as np
from numpy.typing import NDArray


def f(X: NDArray[np.float64], W: NDArray[np.float64], b: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], ...]:
    """A layer, there and back."""
    z = X @ W + b
    h = np.maximum(z, 0.0)
    p = 1 / (1 + np.exp(-h))
    s = p * (1 - p) * (z > 0)
    loss = float(np.sum((p - s) ** 2)) / X.shape[0]
    rows = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            rows[i, j] = 2.0 * b[j] if i != j else -b[i]
    dW, db = X.T @ s, s.sum(axis=0)
    J = np.diag(b[:n]) - np.outer(b, b) + np.eye(len(b))[:, None].reshape(len(b), -1)
    k = np.einsum("ni,ij->nj", X, W) + np.where(z > 0, z, np.zeros_like(z))
    a = np.array([[1.0, n], [n, 2.0]]).T.copy()
    m = z.mean(axis=1, keepdims=True), np.max(z, axis=1), np.abs(z).max(), np.log(p), np.sqrt(p), np.tanh(z), z.astype(float)
    return dW, db, J, k.ravel(), np.concatenate([a, a]), np.stack([b, b]), rows, loss


def g(x: float) -> float:
    """One number."""
    return {"a": x, "b": [x, x]}
'''


def warm(serve: Callable[[Callable[[int], bytes], Callable[[bytes], None]], None], *, turns: int = _TURNS) -> None:
    """Serve a program as a child does, so often that the next time changes nothing."""
    x = np.linspace(-1.0, 1.0, 12).reshape(4, 3)
    arguments = tuple(map(pack, (x, x[:3], x[0], 3)))
    requests: tuple[wire.Request, ...] = (
        wire.Load("warm", (wire.Chunk("warm.py", _SOURCE),), ("f", "g")),
        wire.Call("f", arguments), wire.Call("f", arguments, readonly=True), wire.Call("g", (pack(0.5),), strict=True),
    )  # fmt: skip
    frames = b"".join([wire.encode(each) for each in requests])
    main, path = sys.modules["__main__"], list(sys.meta_path)
    for _ in range(turns):
        serve(io.BytesIO(frames).read, _nobody)
        sys.meta_path[:] = path
        sys.modules["__main__"] = main
        del sys.modules["warm"]


def look_at_processor() -> None:
    """Have torch, where it is imported, run its first operation, for which it reads /proc/cpuinfo.

    In a child nobody can read that, and torch prints an error, which a student would take for the program's own.
    """
    if torch := sys.modules.get("torch"):
        torch.relu(torch.ones(1))


def _nobody(_: bytes) -> None:
    """Who is told what comes of it."""
