"""What a command takes of this machine: seconds, processor seconds of all that it starts, and memory."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import busy, memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Taken", "about", "counter", "peak", "run"]

_GROUPS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took."""

    seconds: float
    processor: float
    """The processor seconds of the command and of all that it started, whoever waited for it."""


@contextlib.contextmanager
def counter() -> Iterator[Path | None]:
    """A group of processes of which the kernel counts the processor time (a cgroup, version 2); None where none can be made."""
    for above in _GROUPS:
        with contextlib.suppress(OSError):
            group = Path(tempfile.mkdtemp(prefix="peers-", dir=above))
            if (group / "cpu.stat").exists():
                try:
                    yield group
                finally:
                    for each in sorted(group.glob("**/"), reverse=True):
                        with contextlib.suppress(OSError):
                            each.rmdir()
                return
            group.rmdir()
    yield None


def run(command: Sequence[str], folder: Path, group: Path | None) -> Taken:
    """Run a command. Without a group the whole machine's processor time is taken: it has to be quiet then."""
    joined = ["sh", "-c", 'echo $$ > "$0"/cgroup.procs && exec "$@"', str(group), *command] if group else command
    before, start = _used(group), time.perf_counter()
    done = subprocess.run(joined, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    taken = Taken(time.perf_counter() - start, _used(group) - before)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return taken


def _used(group: Path | None) -> float:
    if group is None:
        return busy()
    words = (group / "cpu.stat").read_text(encoding="ascii").split()
    return int(words[words.index("usage_usec") + 1]) / 1e6


def peak(command: Sequence[str], folder: Path) -> float:
    """The most memory in MiB that a command and all below it had, in a run of its own; shared pages are shared out."""
    return sum(memory(command, folder).values())


def about() -> str:
    """The machine in a line, without its name."""
    cpus = [
        line for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if line.startswith("model name")
    ]
    model = cpus[0].partition(":")[2].strip() if cpus else platform.machine()
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores of {model}, {pages:.0f} GiB, Linux {platform.release().split('-')[0]},"
        f" Python {platform.python_version()}"
    )
