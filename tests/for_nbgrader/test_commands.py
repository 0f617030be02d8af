"""`grader nbgrader`: its commands, by the names and words in which it lists them."""

from __future__ import annotations

import click
import pytest

from grader.for_nbgrader.cli import _COMMANDS, group


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The list is drawn without importing them, so its words stand twice."""
    found = group.get_command(click.Context(group), name)
    assert found is not None
    assert found.name == name
    assert " ".join((found.help or "").split()).startswith(_COMMANDS[name][1])
