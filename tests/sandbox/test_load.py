"""What a program gets does not depend on what else the machine does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox
from grader.wire.messages import Call, Chunk, Load, Raised, Returned, Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.wire.messages import Outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how long a process waits is Linux's to say")

FILLS = "kept = []\ndef f():\n    try:\n        while True: kept.append(bytearray(2**20))\n    finally:\n        kept.clear()\n"
"""Fills memory; a fifth of a second of CPU time for 200 MiB where pages are slow to come."""

COMPUTES = "import time\ndef f():\n    while time.process_time() < 0.2: pass\n    return 1.0\n"
SLEEPS = "import time\ndef f():\n    time.sleep(30)\n"


@pytest.fixture
def crowded() -> Iterator[None]:
    """One processor for this process and its children, which three others keep busy."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
        os.sched_setaffinity(0, before)


def run(source: str, limits: Limits, batches: tuple[int, ...] = (1,)) -> tuple[tuple[Outcome, ...], ...]:
    """The outcomes of batches of as many calls of `f`."""
    load = Load("s", (Chunk("s.py", source),), ("f",))
    with Sandbox() as sandbox:
        sandbox.start()
        return sandbox.run(load, [Batch("f", (Call("f", ()),) * calls) for calls in batches], limits).outcomes


def test_memory_that_ran_out_ends_the_check_and_not_the_time_of_the_next() -> None:
    """Ten cases that each fill it would use up the time of one child, and get its verdict, after some of them."""
    outcomes = run(FILLS, Limits(cpu_seconds=1, wall_seconds=10.0, memory_mb=200), (10, 10, 10))
    assert [len(each) for each in outcomes] == [1, 1, 1]
    assert all(isinstance(got, Raised) and got.kind == "MemoryError" for (got,) in outcomes)


@pytest.mark.usefixtures("crowded")
def test_a_program_that_waits_for_a_processor_is_not_out_of_time() -> None:
    """It needs half of its time, and gets its turn a fourth of it."""
    ((got,),) = run(COMPUTES, Limits(cpu_seconds=1, wall_seconds=0.4))
    assert isinstance(got, Returned)


@pytest.mark.usefixtures("crowded")
def test_a_program_that_sleeps_is_out_of_time_however_crowded_it_is() -> None:
    began = time.monotonic()
    assert run(SLEEPS, Limits(cpu_seconds=1, wall_seconds=0.5)) == ((Stopped("time"),),)
    assert time.monotonic() - began < 20
