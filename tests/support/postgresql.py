"""A PostgreSQL server of our own, for as long as it is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["binaries", "server"]


def binaries() -> Path | None:
    """Where a server is installed: Debian's is on nobody's path."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@contextmanager
def server(*settings: str) -> Iterator[str]:
    """Start one, on a socket, with such settings; the address of its databases, with {} for the name of one."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = tempfile.mkdtemp(prefix="pg-")  # a socket's path must be short
    as_user: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres" if _has_user("postgres") else "nobody")
        as_user = ["runuser", "-u", Path(folder).owner(), "--"]

    def call(name: str, *arguments: str) -> None:
        subprocess.run([*as_user, str(programs / name), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        call("initdb", "-D", f"{folder}/data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join([f"-k {folder}", *(f"-c {each}" for each in ("listen_addresses=''", *settings))])
        call("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://grader@/{{}}?host={folder}"
        finally:
            call("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _has_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False
