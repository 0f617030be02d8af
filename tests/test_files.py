"""A file is written whole or not at all; a lock on one has one holder at a time, and whoever died a moment ago is none."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.files import locked, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_what_cannot_be_written_is_named_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk's error names no file, and the temporary one says nothing to whoever reads it."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "grades.csv"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=r"No space left on device: '.*grades\.csv'"):
        write_atomically(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("grades.csv", b"old")]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is kept out there")
@pytest.mark.slow
def test_a_lock_that_is_let_go_of_in_a_moment_is_waited_for_and_no_other(tmp_path: Path) -> None:
    """As where its holder was killed while it started a process, which has the file too until it is another program."""
    path = tmp_path / "lock"
    for seconds, is_free in (("0.4", True), ("60", False)):
        with subprocess.Popen([sys.executable, "-c", HOLD, str(path), seconds], stdout=subprocess.PIPE) as holder:
            assert holder.stdout
            assert holder.stdout.readline() == b"held\n"
            try:
                if is_free:
                    with locked(path, "in use"):
                        assert holder.wait(10) == 0
                else:
                    with pytest.raises(UsageError, match="in use"), locked(path, "in use"):
                        pass
            finally:
                holder.kill()
