"""What a process finds out in a child: what it says, that it failed, and not that somebody killed it."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.worker import lock, namespaces
from grader.worker.probe import in_child

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no children here")


@pytest.mark.slow
@settings(max_examples=15)  # a process each
@given(st.binary())
def test_what_is_found_out_is_said_whatever_bytes_names_are_made_of(said: bytes) -> None:
    assert in_child(lambda: os.fsdecode(said)) == os.fsdecode(said)


def raises() -> str:
    raise OSError("denied")


def test_what_fails_or_ends_otherwise_is_nothing_found_out() -> None:
    assert in_child(raises) is None
    assert in_child(lambda: sys.exit("leaving")) is None
    assert in_child(lambda: os._exit(3)) is None
    assert in_child(lambda: str(os.kill(os.getpid(), signal.SIGSYS))) is None  # type: ignore[func-returns-value]


def killed_once(mark: Path) -> None:
    """Kill this process, unless that was done before."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_child_that_was_killed_is_asked_once_more(tmp_path: Path) -> None:
    def find() -> str:
        killed_once(tmp_path / "killed")
        return "found"

    assert in_child(find) == "found"
    assert (tmp_path / "killed").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")
def test_a_kill_takes_no_layer_and_no_shared_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is told so by chance would be isolated less than the others of its run."""
    for module, name, ask in (
        (namespaces, "_unshare", namespaces.available), (lock, "_loaded_objects", lambda: sorted(lock.shared_objects())),
    ):  # fmt: skip
        undisturbed = ask()
        asked = getattr(module, name)

        def unlucky(asked=asked, name=name):
            killed_once(tmp_path / name)
            return asked()

        monkeypatch.setattr(module, name, unlucky)
        assert ask() == undisturbed
        assert (tmp_path / name).exists()
