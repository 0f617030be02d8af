"""The documents keep their word: examples run, links lead somewhere, commands exist."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from rich.text import Text

import reference
from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.verify.verify import verify
from picture import STUDENTS, printed
from quoted import code_of, commands_in, every_command, options_in, options_of, problem_of
from repository import ROOT, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 1000000000063352, 1000000000229651, 1000000000269246])
def test_the_author_s_guide_adds_an_exercise_that_is_proven(tmp_path: Path, seed: int) -> None:
    """The code of docs/author.md, put where it says, verifies with every mutant rejected, whatever seed the author has drawn.

    With each of these but the first something once passed by luck.
    """
    reference, checks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "author.md").read_text(encoding="utf-8"), re.DOTALL
    )
    folder = tmp_path / "solutions" / "relu"
    folder.mkdir(parents=True)
    (folder / "leaky_relu_grad.py").write_text(reference, encoding="utf-8")
    (folder / "leaky_relu_grad_checks.py").write_text(checks, encoding="utf-8")
    (tmp_path / "course.yml").write_text(
        f"title: T\nseed: {seed}\nassignments:\n  - id: relu\n    title: A\n    exercises: [leaky_relu_grad]\n",
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


QUOTING = [*(page for page in PAGES if page.name != "CHANGELOG.md"), ROOT / "exercises" / "README.md"]
"""The texts that quote commands of this version; CHANGELOG.md tells of earlier ones too."""
OF_OTHERS = {"--no-execute"}
"""What is an option of `nbgrader autograde`."""


@pytest.mark.parametrize("page", QUOTING, ids=lambda page: page.name)
def test_commands_and_options_in_documents_exist(page: Path) -> None:
    """Every `grader ...` in the code of a page is a command of this version with its options; so is an option alone."""
    code = list(code_of(page.read_text(encoding="utf-8")))
    commands = [words for line in code for words in commands_in(line)]
    assert [problem for words in commands if (problem := problem_of(words))] == []
    assert {option for line in code for option in options_in(line)} - options_of(command) - OF_OTHERS == set()
    assert commands or page.name in {"syllabus.md", "reference.md"}


def test_commands_in_help_and_in_templates_exist() -> None:
    """The examples below each command's help, and what a new course says to do."""
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "grader" / "building" / "templates").iterdir()]
    texts = [*(each.epilog or "" for each in every_command()), *templates]
    commands = [words for text in texts for line in text.split("\n") for words in commands_in(line)]
    assert [problem for words in commands if (problem := problem_of(words))] == []
    assert len(commands) > 40


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("grader grade submitted --out results  # a class", ""),
        ("$ grader --course DIR -v verify a b && grader nope", "grader has no command nope"),
        ("python -m grader.cli check --wach", "check has no option --wach"),
        ("grader export canvas --into=Grades.csv --from x", "canvas has no option --from"),
        ("grader export FORMAT [--roster CSV]", ""),
        ("grader export FORMAT --rooster CSV", "no command of export has an option --rooster"),
        ("grader COMMAND --help", ""),
        ("grader grade --student --jobs", ""),
    ],
)
def test_what_is_no_command_is_seen(line: str, problem: str) -> None:
    found = [problem_of(words) for words in commands_in(line)]
    assert [each for each in found if each] == [problem] * bool(problem)


def test_the_commands_of_the_documents_are_the_makefile_s() -> None:
    """The first two commands of README.md are targets, and continuous integration calls the second; so are all others."""
    pages = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (*QUOTING, ROOT / ".ci" / "run")
    }
    code = {name: page.split("\n") if name == ".ci/run" else list(code_of(page)) for name, page in pages.items()}
    commands = {name: re.findall(r"^ *make ([\w-]+)", "\n".join(lines), re.MULTILINE) for name, lines in code.items()}
    assert commands["README.md"][:2] == ["demo", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):(?!=)", makefile, re.MULTILINE))
    assert {name: set(found) - targets for name, found in commands.items()} == {name: set() for name in pages}
    assert "test" in commands[".ci/run"]
    assert shutil.which("make")


@pytest.mark.long
def test_the_picture_in_the_readme_is_what_is_printed() -> None:
    """`make picture` draws it anew."""
    picture = (ROOT / "docs" / "grade.svg").read_text(encoding="utf-8")
    # Spaces are where a column begins; the words are what may be out of date.
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    shown = "".join(html.unescape("".join(texts)).split())
    text = Text.from_ansi(printed()).plain
    assert "transposed" in text
    assert "".join(text.split()) in shown


def test_the_reference_is_what_the_code_says() -> None:
    """`make reference` writes it anew; every option has its meaning there, and every key."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert text == reference.page()
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    assert all(meaning.strip(" |") for *_, meaning in rows)
    assert len(rows) > 60


def test_what_the_demo_says_to_look_at_is_there() -> None:
    """README.md and the end of `make demo` name the same student, who is in the class that it grades; so is who is in the picture."""
    assert {*STUDENTS} <= {path.name for path in (SAMPLE / "submitted").iterdir()}
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    for text in (readme, makefile.replace("$(CLASS)", "results/class")):
        ((student, exercise, out),) = re.findall(r"grader explain (\S+) (\S+) --db ([^\s\"]+)/record.sqlite", text)
        (handed_in,) = (SAMPLE / "submitted" / student).rglob(f"{exercise}.py")
        assert f"{out}/feedback/{student}/{handed_in.parent.name}.html" in text
        assert f"grader report --db {out}/record.sqlite --results {out}" in text
        assert f"grader summary --db {out}/record.sqlite" in text
        assert "CLASS := results/class" in makefile
