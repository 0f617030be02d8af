"""What a test needs that a machine may not have."""

from __future__ import annotations

import importlib.util

import pytest

__all__ = ["needs_torch"]

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None,
    reason="torch is not installed, which an exercise of the course needs: pip install '.[torch]'",
)
