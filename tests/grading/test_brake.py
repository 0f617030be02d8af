"""When a search is given up: by what it uses of a processor, not by what passes while others use it."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from grader.grading import brake as brake_module
from grader.grading.brake import Brake, GivenUpError
from grader.sandbox.child import Child
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.workers import Zygote
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sandbox


class Clocks:
    """Seconds that pass, and seconds that the search's thread and its sandbox use; None where the system does not say."""

    def __init__(self) -> None:
        self.passed = self.own = 0.0
        self.theirs: float | None = 0.0

    def monotonic(self) -> float:
        return self.passed

    def thread_time(self) -> float:
        return self.own

    def cpu_seconds(self) -> float | None:
        return self.theirs


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    found = Clocks()
    monkeypatch.setattr(brake_module, "time", found)
    return found


@pytest.mark.parametrize(
    ("passed", "own", "theirs", "over"),
    [
        (19.0, 1.0, 18.0, False),
        (21.0, 1.0, 18.0, False),
        (200.0, 1.0, 18.0, False),
        (200.0, 2.0, 18.5, True),
        (301.0, 0.0, 0.0, True),
        (21.0, 1.0, None, True),
        (19.0, 1.0, None, False),
    ],
    ids=["in time", "busy", "very busy", "used up", "endless", "not counted", "not counted, in time"],
)
def test_a_search_is_over_when_it_has_used_its_seconds(
    clocks: Clocks, passed: float, own: float, theirs: float | None, *, over: bool
) -> None:
    """Its own thread's and the sandbox's together, of which none count that came before; and at last by the clock."""
    clocks.own, clocks.theirs = 5.0, 7.0
    brake = Brake(clocks, 20.0)  # type: ignore[arg-type]
    clocks.passed, clocks.own = passed, 5.0 + own
    clocks.theirs = None if theirs is None else 7.0 + theirs
    with pytest.raises(GivenUpError, match="20 seconds were too short") if over else contextlib.nullcontext():
        brake.look()


def test_three_stops_end_a_search(clocks: Clocks) -> None:
    """The third is not told any more."""
    brake = Brake(clocks, 20.0)  # type: ignore[arg-type]
    came: list[wire.Outcome] = []
    with pytest.raises(GivenUpError, match="a limit stopped 3 of the edits"):
        came.extend(brake.outcomes(iter([wire.Stopped("time"), wire.Raised("ValueError")] * 3)))
    assert len(came) == 4


BURNS = "import time\ndef f():\n    until = time.process_time() + {}\n    while time.process_time() < until:\n        pass\n"


def burn(sandbox: Sandbox, seconds: float) -> Child:
    """A child that has used so many seconds, and is still there."""
    child = Child(sandbox.start(), Limits(cpu_seconds=20, wall_seconds=60.0))
    child.load(wire.Load("f", (wire.Chunk("f.py", BURNS.format(seconds)),), ("f",)))
    child.ask(wire.Call("f", ()))
    return child


@pytest.mark.slow
def test_a_sandbox_counts_its_workers_and_their_children_while_they_run_and_when_they_have_ended() -> None:
    """Also those of a worker that was ended; a child that sleeps uses nothing."""
    with Sandbox() as sandbox:
        assert sandbox.cpu_seconds() == 0
        sandbox.start()
        begun = sandbox.cpu_seconds()
        child = burn(sandbox, 0.5)
        running = sandbox.cpu_seconds()
        child.close()
        burn(sandbox, 0.5).close()
        sandbox.close()
        ended = sandbox.cpu_seconds()
        sandbox.start()
        again = sandbox.cpu_seconds()
    assert begun is not None
    assert running is not None
    assert ended is not None
    assert again is not None
    assert begun + 0.45 < running
    assert running + 0.4 < ended < again


@pytest.fixture
def halted() -> Iterator[Sandbox]:
    """A sandbox whose processes do not run for three seconds: to them, a machine that is busy with others."""
    with Sandbox() as sandbox:
        worker = sandbox.start()
        assert isinstance(worker, Zygote)
        group = worker._process.pid
        os.killpg(group, signal.SIGSTOP)
        threading.Timer(3.0, os.killpg, (group, signal.SIGCONT)).start()
        yield sandbox


@pytest.mark.slow
def test_on_a_busy_machine_a_search_has_the_same_time(halted: Sandbox) -> None:
    """Three seconds have passed of one, which nobody used; then they are used."""
    brake = Brake(halted, 1.0)
    child = burn(halted, 0.1)
    brake.look()
    child.close()
    child = burn(halted, 1.1)
    with pytest.raises(GivenUpError, match="1 seconds were too short"):
        brake.look()
    child.close()
