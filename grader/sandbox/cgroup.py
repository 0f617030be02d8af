"""Memory and process limits for a worker and all below it, where the system has delegated a cgroup (version 2) to us."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

__all__ = ["Group", "delegated"]

_MOUNT = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")
_CONTROLLERS = frozenset({"memory", "pids"})
_ASIDE = "grader.aside"
_PIDS = 64
_SLACK = 1024 * 2**20
"""What a worker and its packages may take beside a child's own limit, in bytes."""

_numbers = itertools.count()


def delegated(mount: Path = _MOUNT, membership: Path = _MEMBERSHIP) -> Path | None:
    """The folder of this process's own cgroup, if it has the controllers and may make groups in it; else None.

    Of a process that was moved aside it is the one above: grading processes, all of which one of them has moved, share it.
    """
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
        own = next(line.removeprefix("0::/") for line in lines if line.startswith("0::/"))
        folder = mount / own
        folder = folder.parent if folder.name == _ASIDE else folder
        controllers = set((folder / "cgroup.controllers").read_text(encoding="ascii").split())
    except (OSError, StopIteration):
        return None
    files = [folder / name for name in ("cgroup.procs", "cgroup.subtree_control")]
    may_write = os.access(folder, os.W_OK) and all(os.access(file, os.W_OK) for file in files)
    return folder if may_write and controllers >= _CONTROLLERS else None


class Group:
    """A cgroup for one worker. Its files are the kernel's; an OSError means that it did not take."""

    def __init__(self, parent: Path) -> None:
        """Make the group in `parent`, after moving this process aside: a cgroup holds processes or groups, not both."""
        aside = parent / _ASIDE
        aside.mkdir(exist_ok=True)
        for process in (parent / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(ProcessLookupError):
                (aside / "cgroup.procs").write_text(process, encoding="ascii")
        enabled = " ".join(f"+{name}" for name in sorted(_CONTROLLERS))
        (parent / "cgroup.subtree_control").write_text(enabled, encoding="ascii")
        self._folder = parent / f"grader-{os.getpid()}-{next(_numbers)}"
        self._folder.mkdir()
        self._memory = -1
        (self._folder / "pids.max").write_text(str(_PIDS), encoding="ascii")

    def add(self, process: int) -> None:
        """Put a process, and all that it will fork, into the group. Raises OSError."""
        (self._folder / "cgroup.procs").write_text(str(process), encoding="ascii")

    def allow(self, memory_bytes: int) -> None:
        """Set how much memory a child may use, if that changes. Raises OSError."""
        if memory_bytes != self._memory:
            (self._folder / "memory.max").write_text(str(memory_bytes + _SLACK), encoding="ascii")
            self._memory = memory_bytes

    def close(self) -> None:
        """Remove the group, once its processes have ended."""
        with contextlib.suppress(OSError):
            self._folder.rmdir()
