"""A worker that was begun before anything else was imported: it is the first one, or it ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from grader.grading.pool import Pool
from grader.sandbox import launch
from grader.sandbox.workers import WorkerError, Zygote

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is begun where processes cannot fork")


@pytest.fixture
def begun() -> Iterator[Zygote]:
    found = Zygote((), launch.launched())
    yield found
    found.close()


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that workers start themselves."""
    found = []
    before = launch.launched

    def counted():
        made = before()
        found.append(made.process.pid)
        return made

    monkeypatch.setattr(launch, "launched", counted)
    return found


def test_it_is_the_pools_first_worker(begun: Zygote, launched: list[int]) -> None:
    """No other is started for numpy; its layers are those of the run; a pool that needs one more starts it."""
    with Pool(2, begun=begun) as pool:
        assert pool.start() == begun.layers
        assert launched == []
        with pool.bench() as first, pool.bench() as second:
            first.sandbox(())
            second.sandbox(())
        assert len(launched) == 1


def test_one_that_died_is_replaced(begun: Zygote, launched: list[int]) -> None:
    begun.kill()
    with Pool(begun=begun) as pool:
        assert pool.start()
        assert len(launched) == 1


def test_one_that_nobody_takes_ends() -> None:
    """Whether it was ready by then or not, and once is enough."""
    for ready in (True, False):
        found = Zygote((), launch.launched())
        if ready:
            found.wait()
        found.close()
        found.close()
        assert found._process.poll() is not None


def test_one_that_cannot_start_says_why(begun: Zygote) -> None:
    begun._errors.write(b"no numpy here")
    begun.kill()
    with pytest.raises(WorkerError, match=r"the worker .*: no numpy here"):
        begun.wait()
