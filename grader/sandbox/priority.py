"""Which processes let others go first."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

__all__ = ["niceness", "patience", "step_back"]

_NICEST = 19
_ATTEMPTS = 5
_WAIT = 0.1
"""Seconds: Linux lets a user without rights change one session in so many, of all on the machine."""


def niceness() -> int:
    """That of this process: 0 unless it was started to let others go first."""
    return os.getpriority(os.PRIO_PROCESS, 0)


def patience(niceness: int) -> float:
    """How many times as long a process of a niceness may have to wait among others: each step gives these a quarter more (sched(7))."""
    return 1.25 ** max(niceness, 0)


def step_back(leader: int, to: int) -> None:
    """Let others go before a process that leads a session, and before all that it starts: nothing happens where it cannot be said.

    Linux may share processors among sessions first (sched(7), autogroup), and looks at a process's niceness only within its session:
    then each session has one as well.
    """
    to = min(to, _NICEST)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PGRP, leader, to)
    for _ in range(_ATTEMPTS):
        try:
            Path(f"/proc/{leader}/autogroup").write_text(str(to), encoding="ascii")
        except BlockingIOError:
            time.sleep(_WAIT)
        except OSError:
            return
        else:
            return
