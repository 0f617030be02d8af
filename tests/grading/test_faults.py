"""Faults of our own: what is killed at any moment is made good by a rerun, and costs nobody a result."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy as sa

from grader.cli.main import main
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.record.database import Database
from grader.reports.report import Report
from grader.reports.store import Results
from grader.sandbox.sandbox import Sandbox
from repository import course_text, reference, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

RIGHT = reference("jacobians/manual_jacobian")
COURSE = course_text("jacobians/manual_jacobian", limits="{cpu_seconds: 1, wall_seconds: 4}")
COURSE += "repair: {variants: 60, seconds: 600}\n"
STUDENTS = {
    "ada": RIGHT,
    "bo": "import numpy as np\ndef manual_jacobian(x, y): return np.zeros((3, 2))\n",
    "cy": "import time\n" + RIGHT.replace("### BEGIN SOLUTION", "time.sleep(0.02)"),
    "di": "def manual_jacobian(x, y): return x / 0\n",
    "ed": "import os\ndef manual_jacobian(x, y): os._exit(1)\n",
    "flo": RIGHT.replace("[y, x]", "[x, y]"),
}
KILLS, SHARES = 50, 5
"""How often something is killed, and in how many tests, so that they can run side by side."""

DRIVER = """
import json, os, sys
import grader.cli.grade
from grader.cli.main import main
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        sys.argv = json.loads(line)
        try:
            main()
        except SystemExit as leaving:
            os._exit(leaving.code)
        os._exit(99)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs the command again and again in processes of its own that need not import everything anew."""


class Grading:
    """A class and a driver that grades it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.course, self.submitted = folder, folder / "course", folder / "submitted"
        write_course(self.course, COURSE)
        for student, source in STUDENTS.items():
            path = self.submitted / student / "jacobians" / "manual_jacobian.py"
            path.parent.mkdir(parents=True)
            path.write_text(source, encoding="utf-8")
        self.errors = folder / "stderr"
        with self.errors.open("w", encoding="utf-8") as errors:
            self.driver = subprocess.Popen(
                [sys.executable, "-c", DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def arguments(self, out: Path, place: str = "", jobs: int = 1) -> list[str]:
        options = ["--out", str(out), "--db", place or f"{out}.sqlite", "--jobs", str(jobs), "--quiet"]
        return ["grader", "--course", str(self.course), "grade", str(self.submitted), *options]

    def begin(self, out: Path, place: str = "", jobs: int = 1) -> int:
        """Start a run; gives its process."""
        assert self.driver.stdin
        assert self.driver.stdout
        self.driver.stdin.write(json.dumps(self.arguments(out, place, jobs)) + "\n")
        self.driver.stdin.flush()
        return int(self.driver.stdout.readline())

    def end(self) -> int:
        """Wait for a run; gives its exit code, negative for a signal."""
        assert self.driver.stdout
        return int(self.driver.stdout.readline())

    def close(self) -> None:
        assert self.driver.stdin
        self.driver.stdin.close()
        self.driver.wait(30)
        if self.driver.stdout:
            self.driver.stdout.close()


@pytest.fixture(scope="module")
def grading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grading]:
    made = Grading(tmp_path_factory.mktemp("faults"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(grading: Grading) -> dict[str, bytes]:
    """What an undisturbed run writes."""
    grading.begin(grading.folder / "undisturbed")
    assert grading.end() == 0
    found = written(grading.folder / "undisturbed")
    assert len(found) == 2 * len(STUDENTS) + 1
    return found


def written(out: Path) -> dict[str, bytes]:
    """The results by their path; what a killed run has not finished writing is hidden, and no result."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def results(place: str, which: str) -> Counter[str]:
    """How many results the record has of each student."""
    rows = "FROM result JOIN attempt ON attempt.id = result.attempt JOIN judgement ON judgement.id = result.judgement"
    with closing(Database(place)) as database, database.reading() as connection:
        return Counter(connection.execute(sa.text(f"SELECT student {rows} WHERE {which}")).scalars().all())


def unjudged(place: str) -> list[str]:
    """Why answers could not be judged, as the record has it."""
    with closing(Database(place)) as database, database.reading() as connection:
        found = connection.execute(sa.text("SELECT result FROM judgement WHERE verdict = 'JUDGE_ERROR'")).scalars()
        return [msgspec.json.decode(each, type=ExerciseResult).fault for each in found]


def children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                found.setdefault(int(parent), []).append(int(folder.name))
    return found


def below(process: int) -> list[int]:
    """The living processes below one, each before its own children."""
    tree, found = children(), []
    waiting = [process]
    while waiting:
        below_it = tree.get(waiting.pop(0), [])
        found += below_it
        waiting += below_it
    return found


def choose(target: str, main_process: int, grader: int | None) -> int | None:
    """The process to kill: the run itself, a grading process, the worker that it started or its zygote, or a child of student code.

    `grader` says of which grading process, where there are several.
    """
    if target == "main":
        return main_process
    if grader is not None:
        graders = children().get(main_process, [])
        if len(graders) <= grader or target == "grader":
            return graders[grader] if len(graders) > grader else None
        main_process = graders[grader]
    found = below(main_process)
    # The worker, in namespaces of its own, is the child of a process that waits for it; below it is a student's code.
    if target == "child":
        return found[-1] if len(found) > 2 or (len(found) == 2 and not _waits(found[0])) else None
    return found[min(len(found) - 1, 1 if target == "zygote" else 0)] if found else None


def _waits(process: int) -> bool:
    """Whether a process and its only child are in different process namespaces: then it waits for the worker."""
    try:
        for_children, own = (Path(f"/proc/{process}/ns/{name}").readlink() for name in ("pid_for_children", "pid"))
    except OSError:
        return False
    return for_children != own


@pytest.fixture(scope="module")
def seconds(grading: Grading, undisturbed: dict[str, bytes]) -> float:
    """How long a run takes on this machine, so that kills fall into all of it."""
    began = time.monotonic()
    grading.begin(grading.folder / "timed")
    assert grading.end() == 0
    assert written(grading.folder / "timed") == undisturbed
    return time.monotonic() - began


@pytest.mark.long
@pytest.mark.parametrize(("kind", "jobs"), [("sqlite", 1), ("sqlite", 2), ("postgresql", 2)])
@pytest.mark.parametrize("share", range(SHARES))
def test_after_a_kill_at_any_moment_a_rerun_makes_everything_good(
    kind: str,
    jobs: int,
    share: int,
    grading: Grading,
    undisturbed: dict[str, bytes],
    seconds: float,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """Fifty kills, by seed: each leaves whole files only and no process, and the rerun one result for each submission.

    A run that was not killed itself goes on to its end.
    """
    killed = 0
    for seed in range(share * KILLS // SHARES, (share + 1) * KILLS // SHARES):
        chance = random.Random(seed)  # noqa: S311  a moment, no secret
        target = chance.choice(["main", "worker", "zygote", "child", "child", *["grader"] * (jobs - 1)])
        grader = chance.randrange(jobs) if jobs > 1 else None
        moment = chance.uniform(0, seconds * 0.9)
        out = tmp_path / str(seed)
        place = f"{out}.sqlite" if kind == "sqlite" else request.getfixturevalue("new_database")()
        process = grading.begin(out, place, jobs)
        began = time.monotonic()
        everything: set[int] = set()
        victim = None
        while victim is None and process in living():
            everything |= set(below(process))
            if time.monotonic() - began >= moment:
                victim = kill(choose(target, process, grader))
        killed += victim is not None
        code, said = grading.end(), (seed, target, moment)
        errors = grading.errors.read_text()[-2000:]
        assert code in ({-signal.SIGKILL, 0} if victim == process else {0}), (*said, errors, unjudged(place))
        for name, data in written(out).items():
            if name.startswith("reports/"):
                msgspec.json.decode(data, type=Report)
        assert ended(everything - {process})

        grading.begin(out, place, jobs)
        assert grading.end() == 0, (*said, grading.errors.read_text()[-2000:], unjudged(place))
        assert written(out) == undisturbed, said
        # What a killed child gave is judged once more, and recorded beside it; all else is there once.
        once = results(place, "identity IS NOT NULL") if victim != process else results(place, "1 = 1")
        assert once == dict.fromkeys(STUDENTS, 1), said
        shutil.rmtree(out)
    assert killed >= KILLS // SHARES // 2


def kill(process: int | None) -> int | None:
    """The process, if it could be killed; a child may be quicker to end."""
    if process is None:
        return None
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return None
    return process


def living() -> set[int]:
    return {process for found in children().values() for process in found}


def ended(processes: set[int]) -> bool:
    """Whether processes end within a moment: what is below a killed one is ended by the kernel."""
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{process}").exists() and not _is_zombie(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_worker_that_dies_three_times_on_one_submission_costs_that_one_alone(
    grading: Grading, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch, capsys
) -> None:
    """A JUDGE_ERROR with the reason, no score, exit code 1; all other results are those of an undisturbed run."""
    died = []
    run = Sandbox._run

    def unlucky(self, load, batches, limits):
        if "time.sleep" in load.chunks[0].source:
            died.append(self.start())
            os.kill(died[-1]._process.pid, signal.SIGKILL)
        return run(self, load, batches, limits)

    monkeypatch.setattr(Sandbox, "_run", unlucky)
    monkeypatch.setattr("sys.argv", grading.arguments(tmp_path / "out"))
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 1
    assert "1 answer to manual_jacobian could not be judged" in capsys.readouterr().err
    assert len(set(map(id, died))) == 3
    found = written(tmp_path / "out")
    report = msgspec.json.decode(found.pop("reports/cy/jacobians.json"), type=Report)
    assert report.exercises[0].verdict is Verdict.JUDGE_ERROR
    assert "worker" in report.exercises[0].fault
    assert "worker" not in report.exercises[0].checks[0].feedback
    assert "not your fault" in report.exercises[0].checks[0].feedback
    (line,) = [line for line in found.pop("grades.csv").decode().splitlines() if line.startswith("cy,")]
    assert line.split(",")[3] == ""
    others = {name for name in undisturbed if not name.startswith(("reports/cy", "feedback/cy", "grades.csv"))}
    assert {name: found[name] for name in others} == {name: undisturbed[name] for name in others}

    monkeypatch.undo()
    grading.begin(tmp_path / "out")
    assert grading.end() == 0
    assert written(tmp_path / "out") == undisturbed


def test_a_run_that_dies_before_it_has_written_the_grades_is_made_good(
    grading: Grading, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch, capsys
) -> None:
    """The reports that it leaves are its own, not those of an earlier version."""

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    monkeypatch.setattr(Results, "write_grades", die)
    monkeypatch.setattr("sys.argv", grading.arguments(tmp_path / "out"))
    with pytest.raises(Killed):
        main()
    assert len(written(tmp_path / "out")) == 2 * len(STUDENTS)

    monkeypatch.undo()
    monkeypatch.setattr("sys.argv", grading.arguments(tmp_path / "out"))
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 0, capsys.readouterr().err
    assert written(tmp_path / "out") == undisturbed


@pytest.mark.parametrize("twice", [1, 2])
def test_a_worker_that_dies_once_or_twice_costs_nothing(
    twice: int, grading: Grading, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch
) -> None:
    """The submission is run again in a new worker."""
    died: list[int] = []
    run = Sandbox._run

    def unlucky(self, load, batches, limits):
        if "time.sleep" in load.chunks[0].source and len(died) < twice:
            died.append(self.start()._process.pid)
            os.kill(died[-1], signal.SIGKILL)
        return run(self, load, batches, limits)

    monkeypatch.setattr(Sandbox, "_run", unlucky)
    monkeypatch.setattr("sys.argv", grading.arguments(tmp_path / "out"))
    with pytest.raises(SystemExit) as leaving:
        main()
    assert (leaving.value.code, len(died)) == (0, twice)
    assert written(tmp_path / "out") == undisturbed
