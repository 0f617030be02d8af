"""What the scripts that grade files in a bare process read; nothing but the standard library."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any


def load(folder: str, name: str) -> Any:
    """A module from its file."""
    spec = importlib.util.spec_from_file_location(name, Path(folder, f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asked(checks: str) -> dict[str, dict[str, float]]:
    """The points of each check, by exercise and name."""
    return json.loads(Path(checks, "checks.json").read_text(encoding="utf-8"))
