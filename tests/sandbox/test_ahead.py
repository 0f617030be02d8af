"""The child that is forked before it is asked for: it is the next program's, and was there beside no other's."""

from __future__ import annotations

import sys
import time

import pytest
from msgspec.structs import replace

from grader.sandbox import workers
from grader.sandbox.child import Child
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.wire import messages as wire
from grader.wire.values import Tuple, pack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is below a worker is told on Linux")

LIMITS = Limits(cpu_seconds=3, wall_seconds=3.0, memory_mb=200, output_bytes=20_000)
SOURCE = """\
import resource
def f():
    return tuple(resource.getrlimit(each)[0] for each in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE))
"""


def children_of(worker):
    """The processes that the worker has forked and not seen end."""
    return workers._children(worker._zygote)


def the_one_that_waits(worker, after=0):
    """The worker's child, once it is another than the one before."""
    until = time.monotonic() + 20
    while not (found := [each for each in children_of(worker) if each != after]):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found[0]


def limits_in(child):
    """The limits that a program finds."""
    child.load(wire.Load("s", (wire.Chunk("s.py", SOURCE),), ("f",)))
    return child.ask(wire.Call("f", ()))


def test_the_next_child_waits_and_is_used_under_its_limits_alone():
    """Of other limits it is ended unused, and another has those; neither its end nor that leaves a descriptor or a process."""
    with Sandbox() as box:
        worker = box.start()
        assert isinstance(worker, workers.Zygote)
        assert children_of(worker) == []
        first = Child(worker, LIMITS)
        running = the_one_that_waits(worker)
        first.close()
        waiting = the_one_that_waits(worker, running)
        second = Child(worker, LIMITS)
        assert children_of(worker) == [waiting]
        assert limits_in(second) == wire.Returned(Tuple((pack(3), pack(20_000))))
        second.close()
        waiting = the_one_that_waits(worker, waiting)
        other = Child(worker, replace(LIMITS, cpu_seconds=2, output_bytes=10_000))
        assert limits_in(other) == wire.Returned(Tuple((pack(2), pack(10_000))))
        assert waiting not in children_of(worker)
        other.close()


def test_a_child_that_is_forked_ahead_comes_after_the_end_of_the_last():
    """What a program has left behind, and whatever it does as it ends, the next one's process was not there for."""
    with Sandbox() as box:
        worker = box.start()
        assert isinstance(worker, workers.Zygote)
        child = Child(worker, LIMITS)
        running = the_one_that_waits(worker)
        child.close()
        seen = set()
        until = time.monotonic() + 20
        while running in (there := children_of(worker)) or not there:
            assert time.monotonic() < until
            seen.add(len(there))
        assert seen <= {0, 1}
