"""What a program gets does not depend on what else the machine does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.sandbox import workers
from grader.sandbox.child import Child
from grader.sandbox.limits import Limits
from grader.sandbox.priority import step_back
from grader.sandbox.sandbox import Batch, Sandbox
from grader.sandbox.workers import Zygote
from grader.wire.messages import BY_THE_CLOCK, Call, Chunk, Load, Raised, Returned, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.wire.messages import Outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how long a process waits is Linux's to say")

FILLS = "kept = []\ndef f():\n    try:\n        while True: kept.append(bytearray(2**20))\n    finally:\n        kept.clear()\n"
"""Fills memory; a fifth of a second of CPU time for 200 MiB where pages are slow to come."""


@pytest.fixture
def crowded() -> Iterator[None]:
    """One processor for this process and its children, which three others keep busy."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    # Each in a session of its own, as a worker is: some systems share a processor among sessions.
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True) for _ in range(3)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
        os.sched_setaffinity(0, before)


def program(source: str) -> Load:
    return Load("s", (Chunk("s.py", source),), ("f",))


def run(source: str, limits: Limits, batches: tuple[int, ...] = (1,)) -> tuple[tuple[Outcome, ...], ...]:
    """The outcomes of batches of as many calls of `f`."""
    with Sandbox() as sandbox:
        return sandbox.run(
            program(source), [Batch("f", (Call("f", ()),) * calls) for calls in batches], limits
        ).outcomes


def test_memory_that_ran_out_ends_the_check_and_not_the_time_of_the_next() -> None:
    """Ten cases that each fill it would use up the time of one child, and get its verdict, after some of them."""
    outcomes = run(FILLS, Limits(cpu_seconds=1, wall_seconds=10.0, memory_mb=200), (10, 10, 10))
    assert [len(each) for each in outcomes] == [1, 1, 1]
    assert all(isinstance(got, Raised) and got.kind == "MemoryError" for (got,) in outcomes)


def used(process: subprocess.Popen[bytes]) -> float:
    """The seconds that a process has run, as the kernel counts them."""
    return int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e9


def until(reached: Callable[[], bool]) -> None:
    """Wait for it, a minute at most."""
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
def test_who_steps_back_lets_others_go_first_also_those_of_another_session() -> None:
    """A tenth is left to it by niceness; without one, or with one that counts in its own session alone, they would share alike."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        spinning = [sys.executable, "-S", "-E", "-c", "while True: pass"]
        first, last = (subprocess.Popen(spinning, start_new_session=True) for _ in range(2))
    finally:
        os.sched_setaffinity(0, before)
    try:
        step_back(last.pid, 10)
        until(lambda: min(used(first), used(last)) > 0.1)
        ahead, behind = used(first), used(last)
        until(lambda: used(first) > ahead + 1)
        assert used(last) - behind < 1 / 3
    finally:
        for process in (first, last):
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("crowded")
def test_the_kernel_says_how_long_a_program_waited_for_a_processor() -> None:
    """Hardly at all where it slept; longer than it ran, where it ran among three others."""
    waited = {}
    with Sandbox() as sandbox:
        worker = sandbox.start()
        for name, wait in (("sleeps", "time.sleep(0.5)"), ("computes", "while time.process_time() < 0.5: pass")):
            child = Child(worker, Limits(cpu_seconds=5, wall_seconds=60.0))
            child.load(program(f"import time\n{wait}\ndef f(): pass\n"))
            waited[name], waits = worker.kept_waiting()
            child.close()
            assert not waits
    assert waited["computes"] > max(0.5, 2 * waited["sleeps"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("waited", "seconds", "in_time"),
    [((0.0, False), 30, False), ((1.9, False), 1.5, True), ((0.0, True), 1.5, True), ((1000.0, False), 1.5, True),
     ((1.9, False), 30, False), ((0.0, True), 30, False), ((1000.0, False), 30, False)],
)  # fmt: skip
def test_a_program_is_out_of_time_but_for_what_it_waited(
    waited: tuple[float, bool], seconds: float, *, in_time: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes as many seconds, with a limit of one: what it waited does not count, up to twice the limit."""
    monkeypatch.setattr(Zygote, "kept_waiting", lambda _: waited)
    ((got,),) = run(f"import time\ndef f():\n    time.sleep({seconds})\n    return 1.0\n", Limits(wall_seconds=1.0))
    assert isinstance(got, Returned) if in_time else got == Stopped("time", BY_THE_CLOCK)


@pytest.mark.slow
@pytest.mark.parametrize(("nicer", "in_time"), [(0, False), (10, True)])
def test_a_program_that_lets_others_go_first_may_wait_for_longer(
    nicer: int, *, in_time: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has to: among others it gets a tenth of what it would have had."""
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    monkeypatch.setattr(workers, "niceness", lambda: mine + nicer)
    monkeypatch.setattr(Zygote, "kept_waiting", lambda _: (1000.0, False))
    ((got,),) = run("import time\ndef f():\n    time.sleep(5)\n    return 1.0\n", Limits(wall_seconds=1.0))
    assert isinstance(got, Returned) if in_time else got == Stopped("time", BY_THE_CLOCK)
