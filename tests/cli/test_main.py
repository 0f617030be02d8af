"""The command line as a whole, through its entry point and as installed: help, usage, exit codes, options of all commands."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import grader
from grader.cli.main import _COMMANDS, command, main

INSTALLED = Path(sys.executable).with_name("grader")


def test_help_names_every_command_with_examples(run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    for name in ("check", "explain", "grade", "release", "verify"):
        assert f"  {name} " in ran.out
        assert "Usage: grader" in run(name, "--help").out


def test_version_is_the_package_s(run) -> None:
    assert run("--version").out == f"grader, version {grader.__version__}\n"


def test_the_installed_command_is_this_one() -> None:
    ran = subprocess.run([INSTALLED, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"grader, version {grader.__version__}\n"


def test_help_does_not_import_numpy() -> None:
    """`grader --help` is there at once."""
    code = "import sys; sys.argv = ['grader', '--help']\nfrom grader.cli.main import main\ntry: main()\nexcept SystemExit: print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("False\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "missing"], "missing"),
        (["grade", "empty"], "empty"),
        (["grade", "class", "--student", "alcie"], "did you mean 'alice'?"),
        (["grade", "class", "--exercise", "manual_jacobain"], "did you mean 'manual_jacobian'?"),
        (["grade", "class", "--assignment", "jacobian"], "did you mean 'jacobians'?"),
        (["grade", "class", "--jobs", "0"], "--jobs"),
        (["grade"], "Missing argument 'SUBMITTED'"),
        (["grdae"], "No such command 'grdae'; did you mean 'grade'?"),
        (["grade", "class", "--out", "/dev/null/x"], "--out /dev/null/x cannot be written"),
        (["explain", "alice", "manual_jacobian"], "run `grader grade SUBMITTED"),
        (["verify", "nonsense"], "there is no exercise 'nonsense'"),
        (["check", "missing.py"], "missing.py does not exist"),
        (["release", "class"], "not an earlier release"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_to_do(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "class" / "alice").mkdir(parents=True)
    ran = run("--course", course, *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "results" / "grades.csv").exists()


def test_without_a_course_the_message_says_what_one_is(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("verify")
    assert ran.code == 1
    assert "course.yml" in ran.err
    assert "--course DIR" in ran.err


@pytest.mark.slow
def test_the_command_is_called_grader_however_it_is_started() -> None:
    for program in ([INSTALLED], [sys.executable, "-m", "grader.cli"]):
        ran = subprocess.run([*program, "grade", "--help"], capture_output=True, text=True, check=True)
        assert ran.stdout.startswith("Usage: grader grade [OPTIONS] SUBMITTED\n")


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The list is drawn without importing them, so its words stand twice."""
    found = command.get_command(click.Context(command), name)
    assert found is not None
    assert found.name == name
    assert " ".join((found.help or "").split()).startswith(_COMMANDS[name][1])


@pytest.mark.parametrize("arguments", ["", "--help", "--version", "nonsense"])
def test_no_command_is_imported_before_it_is_called(arguments: str) -> None:
    code = """
import json, sys
from grader.cli.main import main
if sys.argv[1:]:
    try: main()
    except SystemExit: pass
print(json.dumps(sorted(name for name in sys.modules if name.startswith("grader.") or name in {"numpy", "rich", "yaml"})))
"""
    ran = subprocess.run([sys.executable, "-c", code, *arguments.split()], capture_output=True, text=True, check=True)
    assert set(json.loads(ran.stdout.splitlines()[-1])) == {
        "grader.cli", "grader.cli.exit_codes", "grader.cli.later", "grader.cli.main", "grader.cli.start", "grader.cli.width",
        "grader.errors", "grader.log", "grader.names",
    }  # fmt: skip


def test_a_command_imports_no_other() -> None:
    code = "import sys, grader.cli.hint; print([name for name in sys.modules if name.startswith('grader.cli.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "['grader.cli.common', 'grader.cli.hint']\n"


@pytest.mark.slow
def test_verbose_says_how_much_there_is_in_a_course(run, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    quiet = run("release", course.parent / "tree")
    assert (quiet.code, quiet.err) == (0, "")
    for option in ("-v", "--verbose", "--debug"):
        said = run(option, "release", course.parent / "tree").err
        assert f"grader.cli.common: course {course}: A small course, 2 exercises\n" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["verify", "nonsense"], "grader.errors.UsageError: there is no exercise 'nonsense'"),
        (["--course", "nowhere", "verify"], "grader.errors.CourseError: nowhere/course.yml: it cannot be read"),
    ],
)
def test_debug_shows_where_an_error_was_raised(course: Path, arguments: list[str], kind: str) -> None:
    """Its traceback, where it is one line otherwise."""
    ran = subprocess.run([INSTALLED, *arguments], capture_output=True, text=True, check=False, cwd=course)
    assert ran.returncode in (1, 2)
    assert ran.stderr.startswith("grader: ")
    assert ran.stderr.count("\n") == 1
    ran = subprocess.run([INSTALLED, "--debug", *arguments], capture_output=True, text=True, check=False, cwd=course)
    assert ran.returncode == 1
    assert "Traceback (most recent call last):" in ran.stderr
    assert f"\n{kind}" in ran.stderr


def test_an_error_of_the_system_is_one_line_too_and_raised_with_debug(
    run, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_: object, out: Path, *__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(out))

    monkeypatch.setattr("grader.cli.release.write", write)
    monkeypatch.chdir(course)
    ran = run("release", "tree")
    assert (ran.code, ran.err) == (1, "grader: tree: No space left on device; make room or choose another place\n")
    monkeypatch.setattr("sys.argv", ["grader", "--debug", "release", "tree"])
    with pytest.raises(OSError, match="No space left"):
        main()


def test_a_message_cannot_drive_a_terminal_whatever_was_named(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own lines stay lines."""
    folder = tmp_path / "a\x1b[2J\u202eb"
    folder.mkdir()
    (folder / "course.yml").write_text("title: ''\nseed: x\n")
    monkeypatch.chdir(tmp_path)
    ran = run("--course", folder.name, "verify")
    assert ran.err.count("a\\x1b[2J\\u202eb/course.yml:") > 1
    assert ran.err.count("\n") > 1
    assert ran.err.replace("\n", "").isprintable()
