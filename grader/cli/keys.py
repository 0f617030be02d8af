"""Keys as they are pressed, without waiting for the end of a line."""

from __future__ import annotations

import os
import select
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

try:
    import termios
    import tty
except ImportError:  # Windows, which has another way
    import msvcrt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["keys"]

_AT_ONCE = 64
"""More bytes than a key sends, be it an arrow with a modifier: what a terminal sends of one key comes in one piece."""


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """A function that gives the letters typed since it was last asked; of keys that send no letter, none.

    The terminal is as it was afterwards, also after an exception.
    """
    if sys.platform == "win32":
        yield lambda: msvcrt.getwch() if msvcrt.kbhit() else ""
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def pressed() -> str:
        if not select.select([terminal], [], [], 0)[0]:
            return ""
        typed = os.read(terminal, _AT_ONCE).decode(errors="replace")
        return "" if typed.startswith("\x1b") else typed or "q"  # the end of the input: nobody is there any more

    try:
        tty.setcbreak(terminal)
        yield pressed
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
