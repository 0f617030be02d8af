"""Which process has a file locked, as far as Linux tells."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["holder_of_file"]

_UNKNOWN = "another process"
_SHOWN = 100
"""How many characters of a command tell which it is."""


def holder_of_file(path: Path) -> str:
    """The process that has a database of SQLite's locked, in words: its number and its command."""
    files = [path, path.with_name(f"{path.name}-shm"), path.with_name(f"{path.name}-wal")]
    for pid in (*_lockers(files), *_users(files)):
        if command := _command(pid):
            return f"process {pid} ({command})"
    return _UNKNOWN


def _lockers(files: list[Path]) -> list[int]:
    """Who holds a lock to write on one of the files."""
    nodes = set()
    for file in files:
        try:
            nodes.add(str(file.stat().st_ino))
        except OSError:
            continue
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    # 1: POSIX  ADVISORY  WRITE 4711 fd:01:131090 120 120
    fields = [line.split() for line in lines if "->" not in line]
    return [int(each[4]) for each in fields if each[3] == "WRITE" and each[5].rpartition(":")[2] in nodes]


def _users(files: list[Path]) -> list[int]:
    """Who else has one of the files open, among the processes that this one may look at."""
    names = {os.path.realpath(file) for file in files}
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if int(process.name) != os.getpid() and names & set(_open_files(process))
    ]


def _open_files(process: Path) -> list[str]:
    """The files that a process has open; none of one that has ended, or is somebody else's."""
    try:
        return [str(link.readlink()) for link in (process / "fd").iterdir()]
    except OSError:
        return []


def _command(pid: int) -> str:
    """What a process was started as; empty where there is none such."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    text = " ".join(b" ".join(words).decode(errors="replace").split())
    return "".join(letter for letter in text if letter.isprintable())[:_SHOWN]
