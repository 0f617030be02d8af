"""Keys as they are pressed, without waiting for the end of a line."""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

try:
    import termios
    import tty
except ImportError:  # Windows, which has another way
    import msvcrt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["REDRAW", "keys"]

REDRAW = "\x0c"
"""Ctrl-L, as in every program that draws in a terminal: what has been drawn may not be there any more."""

_AT_ONCE = 64
"""More bytes than a key sends, be it an arrow with a modifier: what a terminal sends of one key comes in one piece."""


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """A function that gives the letters typed since it was last asked; of keys that send no letter, none.

    A program that goes on after Ctrl-Z finds the terminal as its shell had it: it is set again, and REDRAW comes as if typed.
    The terminal is as it was afterwards, also after an exception.
    """
    if sys.platform == "win32":
        yield lambda: msvcrt.getwch() if msvcrt.kbhit() else ""
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    continued = False

    def goes_on(*_: object) -> None:
        nonlocal continued
        continued = True

    def pressed() -> str:
        nonlocal continued
        if continued:
            continued = False
            with suppress(termios.error):  # stopped again, for it was in the background: it comes here once more
                tty.setcbreak(terminal)
            return REDRAW
        if not select.select([terminal], [], [], 0)[0]:
            return ""
        typed = os.read(terminal, _AT_ONCE).decode(errors="replace")
        return "" if typed.startswith("\x1b") else typed or "q"  # the end of the input: nobody is there any more

    handler = signal.signal(signal.SIGCONT, goes_on)
    try:
        tty.setcbreak(terminal)
        yield pressed
    finally:
        signal.signal(signal.SIGCONT, handler)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
