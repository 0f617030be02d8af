"""Whether this kernel gives large folios to memory for which they are asked, and to what is there already."""

from __future__ import annotations

import platform
import re
from pathlib import Path

_ENABLED = Path("/sys/kernel/mm/transparent_hugepage/enabled")
LARGE_FOLIOS = _ENABLED.exists() and "[never]" not in _ENABLED.read_text(encoding="ascii")
COLLAPSES = LARGE_FOLIOS and tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (6, 1)
"""madvise(2), MADV_COLLAPSE."""
