"""The command line, through its entry point and as installed: what it prints, writes and leaves with."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import grader
from repository import ROOT, write_course

SAMPLE = ROOT / "tests" / "classes" / "sample" / "submitted"
INSTALLED = Path(sys.executable).with_name("grader")

RIGHT = (SAMPLE / "right-loops" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")

COURSE = """\
title: A small course
seed: 1
limits: {cpu_seconds: 1, wall_seconds: 1}
assignments:
  - id: jacobians
    title: Jacobians
    exercises: [manual_jacobian]
  - id: shapes
    title: Shapes
    exercises: [predict_jacobian_shapes]
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with two of the real exercises."""
    return write_course(tmp_path / "course", COURSE)


@pytest.fixture
def submitted(tmp_path: Path):
    """Write what a student hands in: `submitted("alice", manual_jacobian=source)`; gives the class's folder."""
    assignments = {"manual_jacobian": "jacobians", "predict_jacobian_shapes": "shapes"}

    def write(student: str, **sources: str | bytes) -> Path:
        folder = tmp_path / "submitted" / student
        folder.mkdir(parents=True, exist_ok=True)
        for exercise, source in sources.items():
            path = folder / assignments[exercise] / f"{exercise}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return tmp_path / "submitted"

    return write


def grades(out: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {(line["student"], line["exercise"]): line for line in csv.DictReader(file)}


def test_help_names_every_command_with_examples(run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    for command in ("check", "explain", "grade", "release", "verify"):
        assert f"  {command} " in ran.out
        assert "Usage: grader" in run(command, "--help").out


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


def test_a_class_is_graded_and_written(run, course: Path, submitted, tmp_path: Path) -> None:
    """grades.csv, a report and a feedback page for each student and assignment, a table, exit code 0."""
    submitted("alice", manual_jacobian=RIGHT)
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    out = tmp_path / "out"
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 0
    assert "alice" in ran.out
    assert str(out / "grades.csv") in ran.out
    found = grades(out)
    assert found["alice", "manual_jacobian"]["score"] == "5.0"
    assert found["bob", "manual_jacobian"]["misconceptions"] == "transposed"
    assert found["bob", "predict_jacobian_shapes"]["verdict"] == "NOT_ATTEMPTED"
    report = json.loads((out / "reports" / "bob" / "jacobians.json").read_bytes())
    assert (report["student"], report["assignment"], report["score"], report["max_score"]) == (
        "bob",
        "jacobians",
        0.0,
        5.0,
    )
    assert report["provenance"]["seed"] == 1
    assert report["provenance"]["limits"]["manual_jacobian"]["cpu_seconds"] == 1
    page = (out / "feedback" / "bob" / "jacobians.html").read_text(encoding="utf-8")
    assert "Rows are outputs and columns are inputs" in page


def test_json_is_the_machine_s_form_of_the_table(run, course: Path, submitted, tmp_path: Path) -> None:
    place = submitted("alice", manual_jacobian=RIGHT)
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out", "--json")
    found = json.loads(ran.out)
    assert [(line["exercise"], line["score"]) for line in found["grades"]] == [
        ("manual_jacobian", 5.0), ("predict_jacobian_shapes", 0.0),
    ]  # fmt: skip


def test_quiet_prints_nothing(run, course: Path, submitted, tmp_path: Path) -> None:
    place = submitted("alice", manual_jacobian=RIGHT)
    assert run("--course", course, "grade", place, "--out", tmp_path / "out", "--quiet") == (0, "", "")


def test_a_run_on_a_part_is_merged(run, course: Path, submitted, tmp_path: Path) -> None:
    """--student and --exercise replace their lines and exercises; everything else stays."""
    submitted("alice", manual_jacobian=RIGHT, predict_jacobian_shapes="")
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    out = tmp_path / "out"
    run("--course", course, "grade", place, "--out", out, "--quiet")
    submitted("bob", manual_jacobian=RIGHT)
    assert (
        run("--course", course, "grade", place, "--out", out, "--student", "bob", "--exercise", "manual_jacobian").code
        == 0
    )
    found = grades(out)
    assert len(found) == 4
    assert found["bob", "manual_jacobian"]["score"] == "5.0"
    assert found["alice", "manual_jacobian"]["score"] == "5.0"


def test_names_as_they_come(run, course: Path, submitted, tmp_path: Path) -> None:
    """Spaces, Unicode, a leading dash, markup, and what a spreadsheet would run."""
    names = [
        "Ada Lovelace",
        "Zoë 数学",
        "-dash",
        "=cmd()",
        "[red]x",
        "<img src=x onerror=y>",
    ]
    for name in names:
        place = submitted(name, manual_jacobian=RIGHT)
    out = tmp_path / "out"
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 0
    assert all(name in ran.out for name in names)
    assert {student for student, _ in grades(out)} == {*names} - {"-dash", "=cmd()"} | {"'-dash", "'=cmd()"}
    assert "<img" not in (out / "feedback" / names[-1] / "jacobians.html").read_text(encoding="utf-8")
    assert run("--course", course, "grade", place, "--out", out, "--student=-dash", "--quiet").code == 0
    assert len(grades(out)) == 2 * len(names)


def test_strangers_are_listed_and_links_refused(run, course: Path, submitted, tmp_path: Path) -> None:
    """A file of no known exercise is named; a symlink and a huge source are FORBIDDEN; nothing handed in is a line."""
    submitted("alice", manual_jacobian=RIGHT)
    submitted("huge", manual_jacobian="x = 1\n" * 200_000)
    place = submitted("nothing")
    (place / "alice" / "jacobians" / "manual_jacobain.py").write_text("")
    (place / "link" / "jacobians").mkdir(parents=True)
    (place / "link" / "jacobians" / "manual_jacobian.py").symlink_to(
        place / "alice" / "jacobians" / "manual_jacobian.py"
    )
    out = tmp_path / "out"
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 0
    assert "manual_jacobain.py" in ran.err
    assert "did you mean 'manual_jacobian.py'?" in ran.err
    verdicts = {
        student: line["verdict"] for (student, exercise), line in grades(out).items() if exercise == "manual_jacobian"
    }
    assert verdicts == {"alice": "ACCEPTED", "huge": "FORBIDDEN", "link": "FORBIDDEN", "nothing": "NOT_ATTEMPTED"}


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
        (["grdae"], "No such command 'grdae'"),
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


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("course.yml", "title: A small", "titel: A small", "did you mean 'title'?"),
        ("course.yml", "id: shapes", "id: forms", "has no folder"),
    ],
)
def test_a_wrong_course_grades_nothing(
    run, course: Path, submitted, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    """course.yml is validated whole: exit code 1, the line, and nothing written."""
    path = course / file
    path.write_text(path.read_text().replace(old, new))
    out = tmp_path / "out"
    ran = run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", out)
    assert ran.code == 1
    assert message in ran.err
    assert "course.yml:" in ran.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("predict_jacobian_shapes_checks.py", "import nonsense\n", "does not import: ModuleNotFoundError"),
        ("predict_jacobian_shapes_checks.py", "x = 1\n", "has no checks"),
        ("predict_jacobian_shapes_checks.py", "def (", "SyntaxError"),
        (
            "predict_jacobian_shapes_checks.py",
            'from grader import check\n@check(points=-1)\ndef a(rng):\n    """x"""\n    yield 1\n',
            "negative points",
        ),
        (
            "predict_jacobian_shapes_checks.py",
            'from grader import check\n@check(points=1)\ndef a(rng):\n    """x"""\n    return ()\n',
            "yields no case",
        ),
        (
            "predict_jacobian_shapes.py",
            "def predict_jacobian_shapes(dims):\n    raise ValueError(3)\n",
            "the reference raises",
        ),
        ("predict_jacobian_shapes.py", "def predict_jacobian_shapes(dims):\n    return float('nan')\n", "nan"),
    ],
)
def test_a_fault_of_one_exercise_leaves_the_others_graded(
    run, course: Path, submitted, tmp_path: Path, file: str, text: str, message: str
) -> None:
    """The exercise is a JUDGE_ERROR with an empty score, the fault is named with its file, the exit code is 1."""
    (course / "solutions" / "shapes" / file).write_text(text)
    place = submitted("alice", manual_jacobian=RIGHT, predict_jacobian_shapes=RIGHT)
    out = tmp_path / "out"
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 1
    assert message in ran.err
    assert re.search(r"shapes/predict_jacobian_shapes(_checks)?\.py:\d*", ran.err)
    found = grades(out)
    assert found["alice", "manual_jacobian"]["score"] == "5.0"
    assert (found["alice", "predict_jacobian_shapes"]["score"], found["alice", "predict_jacobian_shapes"]["verdict"]) == (
        "", "JUDGE_ERROR",
    )  # fmt: skip


def test_results_of_another_kind_are_not_overwritten(run, course: Path, submitted, tmp_path: Path) -> None:
    """A run refuses to write over a grades.csv or a report that is not one, before it grades anything."""
    place = submitted("alice", manual_jacobian=RIGHT)
    out = tmp_path / "out"
    out.mkdir()
    (out / "grades.csv").write_text("name,mark\nalice,1\n")
    ran = run("--course", course, "grade", place, "--out", out, "--student", "alice", "--quiet")
    assert ran.code == 2
    assert "is not a grades.csv of this grader" in ran.err
    assert not (out / "reports").exists()
    path = out / "reports" / "alice" / "jacobians.json"
    (out / "grades.csv").unlink()
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    ran = run("--course", course, "grade", place, "--out", out, "--student", "alice", "--quiet")
    assert ran.code == 2
    assert "is not a report of this grader" in ran.err


def test_explain_shows_the_instructor_the_hidden_cases(run, course: Path, submitted, tmp_path: Path) -> None:
    """Inputs, expected and returned values, and what the student was told, from the last run's place."""
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    out = tmp_path / "out"
    run("--course", course, "grade", place, "--out", out, "--quiet")
    ran = run("--course", course, "explain", "bob", "manual_jacobian", "--out", out)
    assert ran.code == 0
    for text in (
        "misconception: transposed",
        "(hidden)",
        "x = ",
        "expected",
        "returned",
        "the student was told: Rows are",
    ):
        assert text in ran.out


def test_a_student_checks_without_the_solutions(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grader check` works in the released tree alone; exit code 1 until every answer is accepted."""
    tree = tmp_path / "tree"
    assert run("--course", course, "release", tree).code == 0
    shutil.rmtree(course)
    monkeypatch.chdir(tree)
    ran = run("check")
    assert ran.code == 1
    assert "manual_jacobian  NOT_ATTEMPTED" in ran.out
    (tree / "jacobians" / "manual_jacobian.py").write_text(TRANSPOSED)
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 1
    assert "manual_jacobian(x=1.0, y=2.0):" in ran.out
    (tree / "jacobians" / "manual_jacobian.py").write_text(
        RIGHT.replace("\n    ", "\n    print('\\x1b[2Jhello')\n    ", 1)
    )
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 0
    assert "?[2Jhello" in ran.out
    assert "\x1b" not in ran.out
    found = json.loads(run("check", "jacobians", "--json").out)
    assert [exercise["verdict"] for exercise in found["exercises"]] == ["ACCEPTED"]


def test_check_works_without_fork_and_says_so(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a process cannot fork, each program gets a plain process."""
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    (tree / "jacobians" / "manual_jacobian.py").write_text(RIGHT)
    monkeypatch.delattr(os, "fork")
    ran = run("check", tree / "jacobians" / "manual_jacobian.py")
    assert ran.code == 0
    assert "cannot fork" in ran.err


def test_check_names_what_it_does_not_know(run, course: Path, tmp_path: Path) -> None:
    """A file of another name, a folder without exercises, damaged examples, and commands that need the whole course."""
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    (tree / "jacobians" / "manual_jacobian2.py").write_text(RIGHT)
    ran = run("check", tree / "jacobians" / "manual_jacobian2.py")
    assert (ran.code, "did you mean 'manual_jacobian'?" in ran.err) == (2, True)
    (tmp_path / "tree" / "other").mkdir()
    ran = run("check", tree / "other")
    assert (ran.code, "holds no exercise of this course" in ran.err) == (2, True)
    (tree / "jacobians" / "manual_jacobian.examples.json").write_text("{")
    ran = run("check", tree / "jacobians" / "manual_jacobian.py")
    assert (ran.code, "get the exercises again" in ran.err) == (2, True)
    ran = run("--course", tree, "grade", tree)
    assert (ran.code, "is a student's tree, without solutions/" in ran.err) == (2, True)


def test_an_interrupted_run_keeps_whole_files_and_says_130(course: Path, submitted, tmp_path: Path) -> None:
    """Ctrl-C while a student's code sleeps: what was finished is in grades.csv, no file is cut off, no process is left."""
    (course / "course.yml").write_text(COURSE.replace("wall_seconds: 1", "wall_seconds: 60"))
    submitted("alice", manual_jacobian=RIGHT)
    place = submitted("zzz", manual_jacobian="import time\ntime.sleep(60)\n")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [INSTALLED, "--course", course, "grade", place, "--out", out, "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not (out / "reports" / "alice" / "shapes.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert ("alice", "manual_jacobian") in grades(out)
    for path in out.rglob("*.json"):
        json.loads(path.read_bytes())
    assert not list(out.rglob("*.tmp"))


def test_a_full_disk_is_one_message(course: Path, submitted, tmp_path: Path) -> None:
    """On a file system without room: exit code 1, the reason, and no file cut off."""
    place = submitted("alice", manual_jacobian=RIGHT)
    out = tmp_path / "out"
    out.mkdir()
    inside = f"mount -t tmpfs -o size=12k none {out} && {INSTALLED} --course {course} grade {place} --out {out} --quiet; code=$?; ls -AR {out}; exit $code"
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("a small file system needs unprivileged mount namespaces, which this machine does not offer")
    ran = subprocess.run([unshare, "-rm", "sh", "-c", inside], capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ".tmp" not in ran.stdout


def test_hints_come_one_at_a_time(run, course: Path, tmp_path: Path) -> None:
    """From the first to the last, which then stays; without hints there is a sentence."""
    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    text = re.sub(r"^hints = \[.*?^\]\n", "", checks.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    checks.write_text(text + '\nhints = ["look at rows", "look at columns"]\n', encoding="utf-8")
    shapes = course / "solutions" / "shapes" / "predict_jacobian_shapes_checks.py"
    shapes.write_text(shapes.read_text(encoding="utf-8") + "\nhints = []\n", encoding="utf-8")
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    shown = [run("--course", tree, "hint", "manual_jacobian").out for _ in range(3)]
    assert shown == [
        "manual_jacobian, hint 1 of 2: look at rows\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
    ]
    assert json.loads(run("--course", tree, "hint", "manual_jacobian", "--json").out)["total"] == 2
    assert "there is no hint" in run("--course", tree, "hint", "predict_jacobian_shapes").out
    assert run("--course", tree, "hint", "manual_jacobain").code == 2


def test_a_worker_that_cannot_start_is_one_message(
    run, course: Path, submitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 and the worker's own last words, before anything is written."""
    from grader.sandbox import workers  # noqa: PLC0415

    monkeypatch.setattr(workers, "_COMMAND", [sys.executable, "-c", "raise SystemExit('no numpy here')"])
    ran = run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", tmp_path / "out")
    assert ran.code == 1
    assert "no numpy here" in ran.err
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_a_machine_without_the_baseline_refuses_or_says_so(
    run, course: Path, submitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`isolation: required`, the default, refuses with exit code 2; best-effort grades, with a note and in the Report."""
    from grader.sandbox import seccomp  # noqa: PLC0415

    monkeypatch.setattr(seccomp, "zygote_filter", lambda: b"")
    place, out = submitted("alice", manual_jacobian=RIGHT), tmp_path / "out"
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 2
    assert "does not isolate student code: seccomp missing" in ran.err
    assert "best-effort" in ran.err
    (course / "course.yml").write_text(COURSE + "isolation: best-effort\n")
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 0
    assert "graded without seccomp" in ran.err
    report = json.loads((out / "reports" / "alice" / "jacobians.json").read_bytes())
    assert "seccomp" not in report["provenance"]["isolation"]
    assert "rlimits" in report["provenance"]["isolation"]
    assert run("--course", course, "doctor").code == 1


def test_a_package_that_an_exercise_needs_is_named(run, course: Path, submitted, tmp_path: Path) -> None:
    """Where it is not installed nothing is run: a judge error that says what to install, and exit code 1."""
    path = course / "course.yml"
    path.write_text(COURSE.replace("title: A small", "imports: [not_installed_here]\ntitle: A small"))
    out = tmp_path / "out"
    ran = run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", out)
    assert ran.code == 1
    page = (out / "feedback" / "alice" / "jacobians.html").read_text(encoding="utf-8")
    assert "needs not_installed_here, not installed here; pip install not_installed_here" in page
