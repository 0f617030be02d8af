"""Who grades, in threads: what is finished comes out, and no more is in flight than memory has room for."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from grader.grading.executor import as_finished

MIB = 2**20


def task(name, weight=MIB):
    return name, SimpleNamespace(name=name, weight=weight)


def finished(*arguments, **options):
    return as_finished(*arguments, **options)


def nothing() -> None:
    """What is done to abort what is not running."""


def test_one_that_takes_long_holds_up_no_other() -> None:
    """Nor does it keep what waits for its end from being begun."""
    late = threading.Event()

    def grade(one):
        if one.name == "loop":
            late.wait(30)
        return (one.name,)

    names = ["loop", *map(str, range(200))]
    found = finished(grade, map(task, names), 2, nothing)
    first = [next(found)[0] for _ in names[1:]]
    late.set()
    assert first == names[1:]
    assert list(found) == [("loop", ("loop",))]


@pytest.mark.parametrize("heavy", [1, 40, 1000])
def test_what_is_in_flight_is_bounded_by_its_weight(heavy: int) -> None:
    """Sixty-four mebibytes, and one more task, which may be larger by itself; what is finished is given before the next is taken."""
    going, taken = threading.Event(), []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield task(str(number), heavy * MIB)

    def grade(_):
        going.wait(30)
        return ()

    found = finished(grade, tasks(), 1, nothing, idle=going.set)
    next(found)
    assert len(taken) == 64 // heavy + 1
    assert len(list(found)) == 99


def test_what_runs_is_aborted_when_nobody_takes_what_comes_of_it() -> None:
    ended = threading.Event()

    def grade(one):
        if one.name == "loop":
            ended.wait(30)
        return ()

    found = finished(grade, map(task, ["right", "loop", "waits"]), 1, ended.set)
    assert next(found)[0] == "right"
    found.close()
    assert ended.is_set()


def test_a_fault_of_what_grades_ends_the_run() -> None:
    def grade(_):
        raise ValueError("of the grader's own")

    with pytest.raises(ValueError, match="of the grader's own"):
        list(finished(grade, [task("one")], 2, nothing))
