"""The documents keep their word: examples run, links lead somewhere, commands exist."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from rich.text import Text

from grader.course.course_yml import load_course
from grader.verify.verify import verify
from picture import printed
from repository import ROOT, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.slow
def test_the_author_s_guide_adds_an_exercise_that_is_proven(tmp_path: Path) -> None:
    """The code of docs/author.md, put where it says, verifies with every mutant rejected."""
    reference, checks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "author.md").read_text(encoding="utf-8"), re.DOTALL
    )
    folder = tmp_path / "solutions" / "relu"
    folder.mkdir(parents=True)
    (folder / "leaky_relu_grad.py").write_text(reference, encoding="utf-8")
    (folder / "leaky_relu_grad_checks.py").write_text(checks, encoding="utf-8")
    (tmp_path / "course.yml").write_text(
        "title: T\nseed: 1\nassignments:\n  - id: relu\n    title: A\n    exercises: [leaky_relu_grad]\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "grader.cli", "--course", str(tmp_path), "release", str(tmp_path / "exercises")]
    subprocess.run(command, check=True, capture_output=True)
    course = load_course(tmp_path)
    (found,) = verify(course, course.exercises(), jobs=2)
    assert (found.result, found.faults) == ("proven", ())
    assert found.mutants == found.rejected > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    """Every relative link of a page is a file of the repository."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_documents_exist(page: Path) -> None:
    """`grader X` names a command of this version."""
    from grader.cli.main import command  # noqa: PLC0415

    named = set(re.findall(r"(?:^ {4}|`)grader ([a-z]+)\b", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= set(command.list_commands(click.Context(command)))


def test_the_commands_of_the_documents_are_the_makefile_s() -> None:
    """The first two commands of README.md are targets, and continuous integration calls the second; so are all others."""
    pages = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", ".ci/run")}
    commands = {name: re.findall(r"^ *make ([\w-]+)", page, re.MULTILINE) for name, page in pages.items()}
    assert commands["README.md"][:2] == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):(?!=)", makefile, re.MULTILINE))
    assert {name: set(found) - targets for name, found in commands.items()} == {name: set() for name in pages}
    assert "test" in commands[".ci/run"]
    assert shutil.which("make")


@pytest.mark.slow
def test_the_picture_in_the_readme_is_what_is_printed() -> None:
    """`make picture` draws it anew."""
    picture = (ROOT / "docs" / "grade.svg").read_text(encoding="utf-8")
    # Spaces are where a column begins; the words are what may be out of date.
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    shown = "".join(html.unescape("".join(texts)).split())
    text = Text.from_ansi(printed()).plain
    assert "transposed" in text
    assert "".join(text.split()) in shown


def test_what_the_demo_says_to_look_at_is_there() -> None:
    """README.md and the end of `make demo` name the same student, who is in the class that it grades."""
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    for text in (readme, makefile.replace("$(CLASS)", "results/class")):
        ((student, exercise, out),) = re.findall(r"grader explain (\S+) (\S+) --db ([^\s\"]+)/record.sqlite", text)
        (handed_in,) = (SAMPLE / "submitted" / student).rglob(f"{exercise}.py")
        assert f"{out}/feedback/{student}/{handed_in.parent.name}.html" in text
        assert "CLASS := results/class" in makefile
