"""A private view of the machine for the worker: Linux namespaces, and a file system of only what Python needs.

Two steps, because packages are imported between them: `enter` gives the process namespaces of its own (users, mounts,
processes, network, IPC, host name), `hide_files` then leaves it a root with the given paths alone, read-only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from grader.worker.probe import in_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["available", "enter", "hide_files"]

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_ALL = _NEWNS | _NEWUTS | _NEWIPC | _NEWUSER | _NEWPID | _NEWNET
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_MNT_DETACH = 2
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_SETATTR = 442  # the same number on every architecture
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41}

_MOST_COVERED = 16
"""How many folders are covered at most in one that is shown whole."""

_PLACES = ("/mnt", "/media", "/srv", "/opt", "/var/tmp", "/tmp", "/run")  # noqa: S108  mount points, not files
"""Folders that most systems have: the new root is put together on one that holds nothing of what it shows."""


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), what)


def _mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2). Raises OSError."""
    if _libc is None:
        raise OSError("no mounts here")
    encoded = [text.encode() if text is not None else None for text in (source, target, kind, data)]
    _check(_libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), target)


def _unshare() -> None:
    """New namespaces, in which this process keeps its user and group. Raises OSError."""
    if _libc is None:
        raise OSError("no namespaces here")
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(_ALL), "unshare")
    # Without this, an unprivileged process may not map its group.
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE)


def available() -> bool:
    """Whether this process may have namespaces and mount in them, found by doing so in a child.

    Some systems allow the one and deny the other, which only a real mount shows.
    """
    if _libc is None or platform.machine() not in _PIVOT_ROOT:
        return False
    return in_child(_try) is not None


def _try() -> str:
    _unshare()
    _mount("none", "/proc", "tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    return ""


def enter(keep: int, meanwhile: Callable[[], None] = lambda: None) -> bool:
    """Go on in new namespaces, as their first process; False where there are none to be had.

    The calling process stays behind, without descriptor `keep`, does what is to be done `meanwhile`, and ends as its
    successor does. As the first
    of its process namespace the successor takes all that is forked below it along when it ends.
    """
    if not available():
        return False
    _unshare()
    successor = os.fork()
    if successor:
        os.close(keep)
        with contextlib.suppress(Exception):
            meanwhile()
        _, status = os.waitpid(successor, 0)
        os._exit(min(abs(os.waitstatus_to_exitcode(status)), 255))
    return True


def hide_files(visible: Sequence[Path]) -> None:
    """Leave a root file system that holds the `visible` paths alone, none of which lies in another, read-only. Raises OSError."""
    if _libc is None:
        raise OSError("no mounts here")
    root = _free_place(visible)
    _mount("none", root, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4m,mode=755")
    entries: defaultdict[str, list[str]] = defaultdict(list)
    for path in visible:
        entries[os.path.dirname(path)].append(str(path))  # noqa: PTH120  a path's parent takes ten times as long
    found = {folder: _covered(folder, shown) for folder, shown in entries.items()}
    whole = {folder: covered for folder, covered in found.items() if covered is not None}
    for folder in whole:
        _show(Path(folder), root)
    covers = [f"{root}{path}" for covered in whole.values() for path in covered]
    for cover in covers:
        _mount("none", cover, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4m,mode=755")
    for folder in entries.keys() - whole.keys():
        for entry in entries[folder]:
            _show(Path(entry), root)
    for place in (*covers, root):
        _set_attributes(place, 0, _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV)
    os.chdir(root)
    # The old root ends up on top of the new one, and is then let go of (pivot_root(2), "pivot_root(., .)").
    _check(_libc.syscall(_PIVOT_ROOT[platform.machine()], b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", _MNT_DETACH), "umount")
    os.chdir("/")


def _show(path: Path, root: str) -> None:
    """Mount what is at a path at the same one below a root, read-only. Raises OSError."""
    target = Path(f"{root}{path}")
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(str(path), str(target), None, _MS_BIND | _MS_REC)
    nodev = 0 if path.is_relative_to("/dev") else _ATTR_NODEV
    _set_attributes(str(target), _AT_RECURSIVE, _ATTR_RDONLY | _ATTR_NOSUID | nodev)


def _covered(folder: str, shown: Sequence[str]) -> list[str] | None:
    """What to cover in a folder that is shown whole: all but what is to be seen of it; None where its entries are shown one by one.

    The standard library's has hundreds of entries, each of which would take a mount, and a few folders that are not part of it.
    """
    if len(shown) <= _MOST_COVERED:
        return None
    seen, hidden = frozenset(shown), []
    with os.scandir(folder) as entries:
        for entry in entries:
            # A link leads nowhere that is not shown.
            if entry.path not in seen and not entry.is_symlink():
                hidden.append(entry.path)
                if len(hidden) > _MOST_COVERED or not entry.is_dir():
                    return None
    return hidden


def _set_attributes(path: str, flags: int, attributes: int) -> None:
    """mount_setattr(2): add attributes to a mount, and with AT_RECURSIVE to all mounted below it. Raises OSError."""
    request = struct.pack("<QQQQ", attributes, 0, 0, 0)
    if _libc is not None:
        _check(_libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path.encode(), flags, request, len(request)), path)


def _free_place(visible: Iterable[Path]) -> str:
    """A folder to build the new root on. Raises OSError where there is none."""
    for place in _PLACES:
        if Path(place).is_dir() and not any(f"{path}/".startswith(f"{place}/") for path in visible):
            return place
    raise OSError("no folder to put a new root on")
