"""What a child's lock is made of, where a system lacks a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.wire.messages import Spawn
from grader.worker import lock

if TYPE_CHECKING:
    import pytest


def test_a_system_without_limits_has_a_lock_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no module `resource`: student code runs there all the same, guarded by the clock."""
    monkeypatch.setattr(lock, "resource", None)
    monkeypatch.setattr(lock, "_libc", None)
    lock.ChildLock(b"").enter(Spawn(cpu_seconds=1, memory_bytes=2**20, output_bytes=1))
