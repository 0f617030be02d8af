"""A check's own worker: what was found out of the machine is known to the next, for as long as the machine stays the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from grader.grading import own_worker
from grader.grading.kept import kept
from grader.grading.own_worker import begun, ended
from grader.sandbox import launch, seccomp
from grader.sandbox.layers import missing
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox
from grader.wire.messages import Call, Chunk, Load

if TYPE_CHECKING:
    from pathlib import Path

    from grader.sandbox.machine import Machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is begun where processes cannot fork"),
]


def checked() -> tuple[tuple[str, ...], Machine, object]:
    """A check with a worker of its own: its layers, what it was told of the machine, and what came of a program."""
    worker = begun(launch.launched())
    told = worker.machine
    with Sandbox(begun=worker) as box:
        load = Load("s", (Chunk("s.py", "import ssl, sqlite3\ndef f():\n    return 1.0\n"),), ("f",))
        run = box.run(load, [Batch("f", (Call("f", ()),))], Limits())
        layers = box.layers
    ended(worker)
    return layers, told, run.outcomes


@pytest.fixture(autouse=True)
def _kept_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_the_second_is_told_what_the_first_has_found_and_is_as_isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks for no library again, and gives the same; the filters are those that are made now."""
    layers, told, outcomes = checked()
    assert told.shared_objects == ()
    assert missing(layers) == ()
    monkeypatch.setattr(seccomp, "zygote_filter", None)  # not to be called
    again, known, same = checked()
    assert (again, same) == (layers, outcomes)
    assert known.shared_objects
    assert (known.zygote_filter, known.child_filter) == (told.zygote_filter, told.child_filter)


def test_on_a_machine_that_has_changed_it_is_found_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checked()
    monkeypatch.setattr(own_worker, "_state", lambda: "another Python")
    assert checked()[1].shared_objects == ()
    assert checked()[1].shared_objects


def test_what_is_damaged_is_found_out_again() -> None:
    checked()
    place = own_worker._place()
    assert place is not None
    place.write_bytes(place.read_bytes()[:100])
    assert checked()[1].shared_objects == ()
    assert kept(place, own_worker._Known)


def test_where_nothing_can_be_kept_each_finds_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_worker, "place_of", lambda *_: None)
    assert [checked()[1].shared_objects for _ in range(2)] == [(), ()]
