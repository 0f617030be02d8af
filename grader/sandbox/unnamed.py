"""A file without a name."""

from __future__ import annotations

import os

__all__ = ["unnamed_file"]

if hasattr(os, "memfd_create"):

    def unnamed_file() -> int:
        """Its descriptor: it is in memory. Raises OSError."""
        return os.memfd_create("unnamed", os.MFD_CLOEXEC)

else:  # and there alone, because that takes longer to import than a process to start
    import tempfile

    def unnamed_file() -> int:
        """Its descriptor. Raises OSError."""
        with tempfile.TemporaryFile() as file:
            return os.dup(file.fileno())
