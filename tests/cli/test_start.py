"""Where `grader` starts: what begins before the command line is imported."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.cli import start

HELD = """
import sys
from grader.cli import start

def loaded(place):
    print(place, *sorted({"click", "msgspec", "numpy", "rich", "yaml"} & set(sys.modules)))
    return {
        "launched": lambda: "a process", "begun": lambda process: f"a worker of {process}", "main": print, "ended": print,
    }[place.partition(":")[2]]

start.loaded = loaded
start.start()
"""


def said(*arguments: str) -> list[str]:
    ran = subprocess.run([sys.executable, "-c", HELD, *arguments], capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is begun where processes cannot fork")
def test_a_checks_worker_begins_before_anything_else_is_imported() -> None:
    """And ends in the end, whoever took it."""
    assert said("check", "relu") == [
        "grader.sandbox.launch:launched", "grader.grading.own_worker:begun", "grader.cli.main:main", "a worker of a process",
        "grader.grading.own_worker:ended", "a worker of a process",
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", [(), ("--help",), ("hint", "check")])
def test_for_other_commands_nothing_begins(arguments: tuple[str, ...]) -> None:
    assert said(*arguments) == ["grader.cli.main:main", "None"]


def test_where_no_process_can_be_started_the_command_begins_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def none():
        raise OSError

    monkeypatch.setattr(start, "loaded", lambda _: none)
    assert start._begun() is None


@pytest.mark.parametrize("command", ["check", "status"])
def test_a_package_that_is_missing_is_named_with_what_brings_it(command: str) -> None:
    """Somebody has taken it out of the environment, or runs another Python than the one that it was installed in."""
    without = "import sys; sys.modules['numpy'] = None; from grader.cli.start import start; start()"
    ran = subprocess.run([sys.executable, "-c", without, command], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(
        f"grader: the package numpy is missing in {sys.executable}; install the grader there again"
    )
    assert ran.stderr.count("\n") == 1
    ran = subprocess.run(
        [sys.executable, "-c", without, "--debug", command], capture_output=True, text=True, check=False
    )
    assert "Traceback" in ran.stderr


@pytest.mark.parametrize(("given", "kept"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_numpy_multiplies_on_one_thread_unless_somebody_wants_more(given: dict[str, str], kept: str) -> None:
    """A second one would take a core from the worker, which starts meanwhile."""
    asks = HELD.replace("print(place", 'print(__import__("os").environ["OPENBLAS_NUM_THREADS"], place')
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, env=clean | given)
    assert ran.stdout.split()[0] == kept
