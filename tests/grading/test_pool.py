"""The one place that starts sandboxes: what it admits, and that nobody goes round it."""

from __future__ import annotations

import ast
import sys
import threading
from pathlib import Path

import pytest

import grader
from grader.errors import UsageError
from grader.grading import pool as pools
from grader.grading.pool import Pool
from grader.sandbox.layers import BASELINE, NOTHING
from grader.sandbox.sandbox import Sandbox, WorkerError

linux = pytest.mark.skipif(sys.platform != "linux", reason="layers of isolation are Linux's")


class FakeWorker:
    def __init__(self, layers: tuple[str, ...]) -> None:
        self.layers = layers


@pytest.fixture
def starting_with(monkeypatch: pytest.MonkeyPatch):
    """Let workers start with the given layers, one after the other; gives the sandboxes that were started, and closed."""

    def use(*offered: tuple[str, ...]):
        waiting = list(offered)
        started: list[FakeSandbox] = []

        class FakeSandbox(Sandbox):
            closed = False

            def start(self):
                started.append(self)
                worker = FakeWorker(waiting.pop(0))
                if [layer for layer in self.layers if layer not in worker.layers]:
                    raise WorkerError("a worker started without what others have")
                return worker

            def close(self) -> None:
                self.closed = True

        monkeypatch.setattr(pools, "Sandbox", FakeSandbox)
        return started

    return use


FULL = ("landlock:files", "seccomp", "rlimits")


def test_a_machine_without_what_is_required_grades_nothing_not_even_the_second_time(starting_with) -> None:
    started = starting_with(("rlimits",), ("rlimits",), ("rlimits",))
    with Pool(2, required=BASELINE) as pool:
        with pytest.raises(UsageError, match="landlock:files or mounts, seccomp missing"):
            pool.start()
        for packages in ((), ("torch",)):
            with pool.bench() as bench, pytest.raises(UsageError, match="does not isolate student code"):
                bench.sandbox(packages)
    assert len(started) == 3
    assert all(sandbox.closed for sandbox in started)


def test_every_worker_has_the_layers_that_the_run_began_with(starting_with) -> None:
    starting_with((*FULL, "mounts"), FULL, (*FULL, "mounts", "cgroup"))
    with Pool(required=BASELINE) as pool:
        assert pool.start() == (*FULL, "mounts")
        with pool.bench() as bench:
            with pytest.raises(WorkerError, match="without what others have"):
                bench.sandbox(("scipy",))
            bench.sandbox(("scipy",))
        assert pool.layers == (*FULL, "mounts")


def test_where_nothing_is_required_any_worker_is_admitted(starting_with) -> None:
    starting_with(())
    with Pool(required=NOTHING) as pool:
        assert pool.start() == ()


def test_a_bench_keeps_its_workers_and_no_two_threads_share_one(starting_with) -> None:
    starting_with(*[FULL] * 4)
    found = []
    both = threading.Barrier(2)
    with Pool(2) as pool:

        def work() -> None:
            with pool.bench() as bench:
                both.wait(10)
                found.append((bench, bench.sandbox(()), bench.sandbox(())))

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    (one, first, again), (other, second, _) = found
    assert first is again
    assert one is not other
    assert first is not second


@linux
def test_an_aborted_pool_fails_at_once() -> None:
    with Pool() as pool:
        pool.start()
        pool.abort()
        with pool.bench() as bench, pytest.raises(WorkerError, match="aborted"):
            bench.sandbox(()).start()


def test_nothing_but_the_pool_starts_a_sandbox() -> None:
    """A worker that has begun runs nothing before a pool has admitted it."""
    package = Path(grader.__file__).parent
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("Sandbox", "Zygote", "Single")
    }
    assert users == {"grading/pool.py", "grading/own_worker.py", "sandbox/sandbox.py"}


def test_what_an_aborted_run_would_still_begin_fails_at_once() -> None:
    """A thread that had no sandbox yet when the run was interrupted would start one, and go on for minutes."""
    with Pool(2) as pool:
        pool.start()
        pool.abort()
        with pool.bench(), pool.bench() as late, pytest.raises(WorkerError, match="the run was aborted"):
            late.sandbox(("math",))
