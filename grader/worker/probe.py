"""Finding something out in a child, which may be changed for good by it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["in_child"]


def in_child(find: Callable[[], str]) -> str | None:
    """What `find` gives, run in a child; None where it raises or the child ends otherwise.

    A child that is killed, for want of memory say, has found nothing out: it is done once more.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with open(write, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:  # noqa: PTH123  a descriptor
                file.write(find())
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with open(read, encoding="utf-8", errors="surrogateescape", newline="") as file:  # noqa: PTH123  a descriptor
        said = file.read()
    _, status = os.waitpid(child, 0)
    if status == signal.SIGKILL:
        return in_child(find)
    return said if status == 0 else None
