"""Whether this kernel gives large folios to memory for which they are asked."""

from __future__ import annotations

from pathlib import Path

_ENABLED = Path("/sys/kernel/mm/transparent_hugepage/enabled")
LARGE_FOLIOS = _ENABLED.exists() and "[never]" not in _ENABLED.read_text(encoding="ascii")
