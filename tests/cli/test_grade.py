"""`grader grade`: what a run on a class prints, writes and leaves with."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.grading import processes
from grader.sandbox import launch

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
RIGHT = (SAMPLE / "right-loops" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
INSTALLED = Path(sys.executable).with_name("grader")


@pytest.mark.slow
def test_a_class_is_graded_and_written(run, course: Path, submitted, tmp_path: Path, grades) -> None:
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
    provenance = report["exercises"][0]["provenance"]
    assert provenance["seed"] == 1
    assert provenance["limits"]["cpu_seconds"] == 1
    assert (
        report["submitted_at"]
        == report["exercises"][0]["submitted_at"]
        == found["bob", "manual_jacobian"]["submitted_at"]
    )
    page = (out / "feedback" / "bob" / "jacobians.html").read_text(encoding="utf-8")
    assert "Rows are outputs and columns are inputs" in page


@pytest.mark.slow
def test_grading_processes_are_started_for_what_is_new_alone(
    run, course: Path, submitted, tmp_path: Path, monkeypatch
) -> None:
    """One for each, and no more than jobs; a class in which nothing has changed starts none."""
    started = []

    class Noted(processes._Process):
        def __init__(self) -> None:
            super().__init__()
            started.append(self.process)

    monkeypatch.setattr(processes, "_Process", Noted)
    place = submitted("alice", manual_jacobian=RIGHT)
    for name, expected in (("alice", 2), ("alice", 0), ("bob", 2)):
        submitted(name, manual_jacobian=RIGHT)
        assert run("--course", course, "grade", place, "--out", tmp_path / "out", "--jobs", 2).code == 0
        assert len(started) == expected
        assert all(each.returncode is not None for each in started)
        started.clear()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_begins_while_the_class_is_read_and_ends(
    run, course: Path, submitted, tmp_path: Path, monkeypatch, jobs: int
) -> None:
    """The run itself launches one, also where nothing is new; none where a name is unknown."""
    begun = []
    launched = launch.launched

    def counted() -> launch.Launched:
        begun.append(launched())
        return begun[-1]

    monkeypatch.setattr(launch, "launched", counted)
    place = submitted("alice", manual_jacobian=RIGHT)
    command = ("--course", course, "grade", place, "--out", tmp_path / "out", "--jobs", jobs)
    for arguments, code in ((command, 0), (command, 0), ((*command, "--exercise", "unheard_of"), 2)):
        assert run(*arguments).code == code
        assert len(begun) == (code == 0)
        assert all(each.process.returncode is not None for each in begun)
        begun.clear()


@pytest.mark.slow
def test_json_is_the_machine_s_form_of_the_table(run, course: Path, submitted, tmp_path: Path) -> None:
    place = submitted("alice", manual_jacobian=RIGHT)
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out", "--json")
    found = json.loads(ran.out)
    assert [(line["exercise"], line["score"]) for line in found["grades"]] == [
        ("manual_jacobian", 5.0), ("predict_jacobian_shapes", 0.0),
    ]  # fmt: skip


@pytest.mark.slow
def test_of_a_seed_that_can_be_found_the_run_says_so(run, course: Path, submitted, tmp_path: Path) -> None:
    """A note and no fault: exit code 0; in --json too; of 63 random bits nothing is said."""
    place = submitted("alice", manual_jacobian=RIGHT)
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out")
    assert ran.code == 0
    assert "note: the hidden inputs are as good as public: 1 in course.yml" in ran.err
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out", "--json")
    assert any("secrets.randbits(63)" in notice for notice in json.loads(ran.out)["notices"])
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("seed: 1\n", "seed: 5182938110948216032\n"))
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out")
    assert (ran.code, "public" in ran.err) == (0, False)


def test_quiet_prints_nothing(run, course: Path, submitted, tmp_path: Path) -> None:
    place = submitted("alice", manual_jacobian=RIGHT)
    assert run("--course", course, "grade", place, "--out", tmp_path / "out", "--quiet") == (0, "", "")


@pytest.mark.slow
def test_a_run_on_a_part_is_merged(run, course: Path, submitted, tmp_path: Path, grades) -> None:
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


@pytest.mark.slow
def test_several_students_assignments_and_exercises_can_be_named(
    run, course: Path, submitted, tmp_path: Path, grades
) -> None:
    """All of them count, not the last alone; without a name, everything does."""
    for student in ("alice", "bob", "cy"):
        place = submitted(student, manual_jacobian=RIGHT)

    def graded(name: str, *options: str) -> set[tuple[str, str]]:
        new = ("--db", tmp_path / f"{name}.sqlite", "--out", tmp_path / name)
        assert run("--course", course, "grade", place, *new, "--quiet", *options).code == 0
        return set(grades(tmp_path / name))

    both = ("manual_jacobian", "predict_jacobian_shapes")
    everything = {(student, exercise) for student in ("alice", "bob", "cy") for exercise in both}
    assert graded("students", "--student", "cy", "--student", "alice") == {
        each for each in everything if each[0] != "bob"
    }
    assert graded("assignments", "--assignment", "shapes", "--assignment", "jacobians") == everything
    assert graded("exercises", "--exercise", both[1], "--exercise", both[0]) == everything
    assert graded("none") == everything
    narrow = ("--student", "bob", "--assignment", "jacobians", "--assignment", "shapes", "--exercise", both[0])
    assert graded("all", *narrow) == {("bob", both[0])}


@pytest.mark.parametrize(
    ("kind", "known", "wrong", "message"),
    [
        ("student", "alice", "bbo", "there is no student 'bbo'"),
        ("assignment", "shapes", "jacobian", "did you mean 'jacobians'?"),
        ("exercise", "manual_jacobian", "predict_shapes", "did you mean 'predict_jacobian_shapes'?"),
    ],
)
def test_one_unknown_name_of_several_grades_nothing(
    run, course: Path, submitted, tmp_path: Path, kind: str, known: str, wrong: str, message: str
) -> None:
    submitted("alice", manual_jacobian=RIGHT)
    place = submitted("bob", manual_jacobian=RIGHT)
    for names in ([known, wrong], [wrong, known]):
        options = [word for name in names for word in (f"--{kind}", name)]
        ran = run("--course", course, "grade", place, "--out", tmp_path / "out", *options)
        assert (ran.code, message in ran.err) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_terminal_shows_how_far_a_run_is(
    run, course: Path, submitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, so that what is printed stays whole; a pipe gets nothing, and --quiet says nothing."""
    place = submitted("alice", manual_jacobian=RIGHT)
    arguments = ("--course", course, "grade", place, "--out", tmp_path / "out", "--json")
    assert run(*arguments).err == ""
    monkeypatch.setenv("GRADER_DB", str(tmp_path / "new.sqlite"))
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = run(*arguments)
    assert "grading" in ran.err
    assert "2/2" in ran.err
    assert len(json.loads(ran.out)["grades"]) == 2
    assert run(*arguments, "--quiet").err == ""


@pytest.mark.slow
def test_verbose_says_where_the_results_are(run, course: Path, submitted, tmp_path: Path) -> None:
    place, out = submitted("alice", manual_jacobian=RIGHT), tmp_path / "out"
    ran = run("-v", "--course", course, "grade", place, "--out", out, "--quiet")
    assert f"grader.cli.grade: 2 results in {out / 'grades.csv'}\n" in ran.err


@pytest.mark.slow
def test_names_as_they_come(run, course: Path, submitted, tmp_path: Path, grades) -> None:
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


@pytest.mark.slow
def test_strangers_are_listed_and_links_refused(run, course: Path, submitted, tmp_path: Path, grades) -> None:
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


@pytest.mark.slow
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
    run, course: Path, submitted, tmp_path: Path, file: str, text: str, message: str, grades
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
    """A run refuses to write over a grades.csv or a report that no record has, before it grades anything."""
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
    assert f"has reports that no record has, of an earlier version of the grader: take them in with `grader record import {out}`" in ran.err  # fmt: skip
    assert path.read_text() == "{}"
    ran = run("--course", course, "record", "import", out)
    assert (ran.code, "is not a report of this grader" in ran.err) == (2, True)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_keeps_whole_files_and_says_130(course: Path, submitted, tmp_path: Path, grades) -> None:
    """Ctrl-C while a student's code sleeps: what was finished is in grades.csv, no file is cut off, no process is left."""
    (course / "course.yml").write_text(
        (course / "course.yml").read_text().replace("wall_seconds: 1", "wall_seconds: 60")
    )
    submitted("alice", manual_jacobian=RIGHT)
    place = submitted("zzz", manual_jacobian="import time\ntime.sleep(60)\n")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [INSTALLED, "--course", course, "grade", place, "--out", out, "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    # However long a busy machine takes to get there; what sleeps goes on for a minute after it.
    while not (out / "reports" / "alice" / "jacobians.json").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=50)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert ("alice", "manual_jacobian") in grades(out)
    for path in out.rglob("*.json"):
        json.loads(path.read_bytes())
    assert not list(out.rglob("*.tmp"))


@pytest.mark.slow
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


def test_a_worker_that_cannot_start_is_one_message(
    run, course: Path, submitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 and the worker's own last words, before anything is written."""
    from grader.sandbox import launch  # noqa: PLC0415

    monkeypatch.setattr(launch, "COMMAND", [sys.executable, "-c", "raise SystemExit('no numpy here')"])
    ran = run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", tmp_path / "out")
    assert ran.code == 1
    assert "no numpy here" in ran.err
    assert not (tmp_path / "out" / "grades.csv").exists()


@pytest.mark.slow
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
    (course / "course.yml").write_text((course / "course.yml").read_text() + "isolation: best-effort\n")
    ran = run("--course", course, "grade", place, "--out", out)
    assert ran.code == 0
    assert "graded without seccomp" in ran.err
    report = json.loads((out / "reports" / "alice" / "jacobians.json").read_bytes())
    isolation = report["exercises"][0]["provenance"]["isolation"]
    assert "seccomp" not in isolation
    assert "rlimits" in isolation
    assert run("--course", course, "doctor").code == 1


def test_a_package_that_an_exercise_needs_is_named(run, course: Path, submitted, tmp_path: Path) -> None:
    """Where it is not installed nothing is run: a judge error that says what to install, and exit code 1."""
    path = course / "course.yml"
    path.write_text(
        (course / "course.yml").read_text().replace("title: A small", "imports: [not_installed_here]\ntitle: A small")
    )
    out = tmp_path / "out"
    ran = run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", out)
    assert ran.code == 1
    report = (out / "reports" / "alice" / "jacobians.json").read_text(encoding="utf-8")
    assert "needs not_installed_here, not installed here: pip install not_installed_here" in report
    page = (out / "feedback" / "alice" / "jacobians.html").read_text(encoding="utf-8")
    assert "pip install" not in page
    assert "costs you nothing" in page


def test_explain_says_why_there_is_no_verdict(run, course: Path, submitted, tmp_path: Path) -> None:
    path = course / "course.yml"
    path.write_text(path.read_text().replace("title: A small", "imports: [not_installed_here]\ntitle: A small"))
    out = tmp_path / "out"
    run("--course", course, "grade", submitted("alice", manual_jacobian=RIGHT), "--out", out, "--quiet")
    ran = run("--course", course, "explain", "alice", "manual_jacobian")
    assert "fault: manual_jacobian needs not_installed_here, not installed here: pip install" in ran.out


def test_a_package_that_is_not_installed_is_no_fault_of_a_check(run, course: Path, tmp_path: Path) -> None:
    """A student's own machine need not have torch: a line, counted apart, and what was checked decides the exit code."""
    text = (course / "course.yml").read_text()
    needs = "exercises: [{id: manual_jacobian, imports: [not_installed_here]}]"
    (course / "course.yml").write_text(text.replace("exercises: [manual_jacobian]", needs))
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    path = tree / "jacobians" / "manual_jacobian.py"
    ran = run("check", path)
    assert "manual_jacobian  needs not_installed_here: pip install not_installed_here" in ran.out
    assert "1 of 1 exercise not checked" in ran.out
    assert "JUDGE_ERROR" not in ran.out
    assert ran.code == 1
