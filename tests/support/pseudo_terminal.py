"""A command in a terminal as a person has one: keys go in, and what a terminal would show comes out as lines."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["Terminal", "terminal"]

_PATIENCE = 60.0


class Terminal:
    """One command in one terminal."""

    def __init__(
        self, process: subprocess.Popen[bytes], master: int, before: list[Any], columns: int, rows: int
    ) -> None:
        self.process, self._master = process, master
        self._before = before
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.sent = b""
        """All that the command has written."""

    def lines(self) -> list[str]:
        """What the screen shows."""
        return [line.rstrip() for line in self._screen.display]

    def until(self, seen: Callable[[str], bool]) -> list[str]:
        """Wait until the screen is as it should be; its lines then."""
        deadline = time.monotonic() + _PATIENCE
        while not seen("\n".join(self.lines())):
            assert time.monotonic() < deadline, "\n".join(self.lines())
            self._read(0.1)
        return self.lines()

    def until_text(self, *texts: str) -> list[str]:
        """Wait until the screen shows all of these."""
        return self.until(lambda screen: all(text in screen for text in texts))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self._screen.resize(rows, columns)
        set_size(self._master, columns, rows)
        self.process.send_signal(signal.SIGWINCH)

    def stop_and_go_on(self) -> None:
        """What Ctrl-Z and `fg` do: a shell has the terminal meanwhile, with its own settings and on another screen."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)
        termios.tcsetattr(self._master, termios.TCSANOW, self._before)
        self._screen.reset()
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """Wait for the end of the command; its exit code."""
        deadline = time.monotonic() + _PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "\n".join(self.lines())
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.sent += data
        self._stream.feed(data)
        return bool(data)


def set_size(descriptor: int, columns: int, rows: int) -> None:
    """Give a terminal a size."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@contextmanager
def terminal(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int = 80, rows: int = 24
) -> Iterator[Terminal]:
    """Run a command in a terminal of a size; at the end the terminal must be as it was."""
    master, slave = pty.openpty()
    set_size(slave, columns, rows)
    before = termios.tcgetattr(slave)
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True
    )
    try:
        yield Terminal(process, master, before, columns, rows)
        assert termios.tcgetattr(slave) == before
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)
