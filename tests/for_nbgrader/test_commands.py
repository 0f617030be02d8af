"""`grader nbgrader`: its commands, by the names and words in which it lists them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from grader.for_nbgrader.cli import _COMMANDS, group

if TYPE_CHECKING:
    from pathlib import Path

_AUTOGRADE = """
import json, sys
from grader.cli.main import main
from grader.sandbox import launch
workers, launched = [], launch.launched

def counted():
    workers.append((launched(), "nbgrader.converters" in sys.modules))
    return workers[-1][0]

launch.launched = counted
sys.argv = ["grader", "nbgrader", "autograde", "no-assignment", "--course-dir", sys.argv[1]]
try:
    main()
except SystemExit as ended:
    code = ended.code
converted, grammar = ("nbgrader.converters" in sys.modules, "rfc3987_syntax" in sys.modules)
import rfc3987_syntax
print(json.dumps([
    code, converted, grammar, [(worker.process.returncode is None, late) for worker, late in workers]
]))
"""


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The list is drawn without importing them, so its words stand twice."""
    found = group.get_command(click.Context(group), name)
    assert found is not None
    assert found.name == name
    assert " ".join((found.help or "").split()).startswith(_COMMANDS[name][1])


@pytest.mark.parametrize(
    ("name", "jobs"),
    [("autograde", "one for each core"), ("pull", "one for each hundred answers, at most one for each core")],
)
def test_help_says_how_many_are_graded_at_once(name: str, jobs: str) -> None:
    """What is pulled is counted first, what nbgrader has is not."""
    found = group.get_command(click.Context(group), name)
    assert found is not None
    (text,) = (
        option.help or "" for option in found.params if isinstance(option, click.Option) and option.name == "jobs"
    )
    assert f"[default: {jobs}]" in text


def test_autograde_begins_a_worker_before_nbgrader_is_imported_and_makes_no_grammar(tmp_path: Path) -> None:
    """The worker has ended with the command; whoever needs the grammar later can import it."""
    done = subprocess.run(
        [sys.executable, "-c", _AUTOGRADE, str(tmp_path)], capture_output=True, check=True, text=True, cwd=tmp_path
    )
    code, imported, grammar, workers = json.loads(done.stdout)
    assert (code, imported, grammar) == (1, True, False), done.stderr
    still_runs, begun_late = False, False
    assert workers == [[still_runs, begun_late]]
