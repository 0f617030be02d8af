"""What one process of student code may use, and the most that a course may let it."""

from __future__ import annotations

import msgspec

__all__ = ["MAX_LIMITS", "Limits"]

MAX_LIMITS = {"cpu_seconds": 600, "wall_seconds": 3600, "memory_mb": 65536, "output_bytes": 2**24}


class Limits(msgspec.Struct, frozen=True):
    """What one process of student code may use."""

    cpu_seconds: int = 2
    wall_seconds: float = 4.0
    memory_mb: int = 512
    output_bytes: int = 65536
