"""The one module that starts processes."""

from __future__ import annotations

import subprocess
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["connected", "ended", "piped"]


def connected(
    command: Sequence[str], descriptor: int, *, errors: IO[bytes] | None = None, folder: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """A process in a session of its own, which is given a descriptor and has no standard input or output."""
    return subprocess.Popen(  # noqa: S603  our own module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        cwd=folder, env=environment, pass_fds=[descriptor], start_new_session=True,
    )  # fmt: skip


def piped(command: Sequence[str], output: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A process behind pipes, whose errors go to `output`."""
    return subprocess.Popen(  # noqa: S603  our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, env=environment, bufsize=0
    )


def ended(process: subprocess.Popen[bytes], seconds: float) -> int:
    """How a process ended, that was told to; killed where it has not in so many seconds."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
