"""What a second job gains: a class graded with one job and with two, in turns, and what is used of the machine meanwhile.

By `grader grade`, into a new record each time, and by `grader nbgrader autograde`. The processor time of all of its processes is
counted; and of the whole machine, which has to be quiet for it, since that has in it what the kernel does later. Then, in a run that is
not timed, the most memory that a job had.

With `--against`, the folder of another checkout with an environment in its .venv: `grader grade --jobs 1` of both instead, in turns, on that
checkout's exercises.

    python benchmarks/jobs.py [--students N] [--notebooks N] [--rounds N] [--only grade|nbgrader] [--sample SEED]
    python benchmarks/jobs.py [--students N] [--rounds N] --against FOLDER
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from for_nbgrader import ANSWERS, hand_in
from sampling import sample_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Command = Callable[[int], Sequence[str]]
    """What is run in a turn."""

ROOT = Path(__file__).parents[1]
GRADER = str(Path(sys.executable).with_name("grader"))
EXERCISES = ("jacobians/manual_jacobian", "relu/relu_jacobian", "backprop/backprop_batch")
WRONG = {  # one answer in six, as in a class that has been told what it did wrong
    "relu_jacobian": "import numpy as np\ndef relu_jacobian(z):\n    return np.diag(z)\n",
}
WRONG_IN = 6
PR_SET_CHILD_SUBREAPER = 36
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, in seconds: of time, of a processor by its processes, of all processors by whatever ran."""

    seconds: float
    used: float
    busy: float


def adopt_orphans() -> None:
    """Be the parent of whoever loses theirs below this process: a worker ends so, and what it used is then told here."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def used() -> float:
    """The processor seconds of all processes below this one that have ended."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    times = os.times()
    return times.children_user + times.children_system


def busy() -> float:
    """The processor seconds that the machine has been at work, all cores together."""
    fields = list(map(int, Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]))
    user, nice, system, _, _, interrupts, soft = fields[:7]
    return (user + nice + system + interrupts + soft) / TICK


def run(command: Sequence[str], folder: Path) -> Taken:
    """Run a command."""
    before, at_work, start = used(), busy(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return Taken(seconds, used() - before, busy() - at_work)


def memory(command: Sequence[str], folder: Path) -> dict[str, float]:
    """The most memory that a command's processes had at once, in MiB, by what they are: pages that some share are shared out."""
    most: dict[str, float] = {}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    while process.poll() is None:
        now: dict[str, float] = {}
        for pid in [process.pid, *below(process.pid)]:
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                line = next(
                    x for x in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if x.startswith("Pss:")
                )
            except (OSError, StopIteration):
                continue
            kind = next(
                (kind for kind in ("grader.worker", "grader.grading.process") if kind.encode() in words), "the run"
            )
            now[kind] = now.get(kind, 0.0) + int(line.split()[1]) / 1024
        most = {kind: max(most.get(kind, 0.0), now.get(kind, 0.0)) for kind in {*most, *now}}
        time.sleep(0.1)
    return most


def below(process: int) -> list[int]:
    """The processes below one."""
    try:
        found = [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        for task in Path(f"/proc/{process}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split() if int(word) not in found]
    except OSError:
        return []
    return found + [each for child in found for each in below(child)]


def a_class(place: Path, students: int, root: Path = ROOT) -> Path:
    """Students who hand in three exercises of those in a checkout; gives the course's folder."""
    course = place / "course"
    lines = []
    for name in EXERCISES:
        assignment, exercise = name.split("/")
        lines.append(f"  - {{id: {assignment}, title: {assignment}, exercises: [{exercise}]}}\n")
        for suffix in (".py", "_checks.py"):
            target = course / "solutions" / assignment / f"{exercise}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(*root.glob(f"solutions/*/{exercise}{suffix}"), target)
    for shared in (root / "solutions").glob("*.py"):
        shutil.copy(shared, course / "solutions")
    (course / "course.yml").write_text(f"title: Benchmark\nseed: 1\nassignments:\n{''.join(lines)}", encoding="utf-8")
    for number in range(students):
        for name in EXERCISES:
            assignment, exercise = name.split("/")
            path = place / "submitted" / f"student-{number:05}" / assignment / f"{exercise}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            right = (course / "solutions" / assignment / f"{exercise}.py").read_text(encoding="utf-8")
            source = WRONG.get(exercise, right) if number % WRONG_IN == 0 else right
            # No two alike: of the same bytes the record knows the result.
            path.write_text(f"{source}\n# {number}\n", encoding="utf-8")
    return course


def notebooks(place: Path, students: int) -> Path:
    """Students who hand in a notebook; gives nbgrader's course directory."""
    nb = hand_in(place)
    shutil.rmtree(nb / "submitted")
    kinds = list(ANSWERS)
    text = nbformat.read(nb / "release" / "activations" / "activations.ipynb", as_version=4)
    for number in range(students):
        answers = iter(ANSWERS[kinds[number % len(kinds)]])
        for cell in text.cells:
            if cell.metadata.nbgrader.solution:
                cell.source = f"{next(answers)}\n# {number}\n"
        path = nb / "submitted" / f"student-{number:05}" / "activations" / "activations.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(text, path)
    return nb


def in_turns(title: str, students: int, rounds: int, commands: Mapping[str, Command], folder: Path) -> None:
    """Run two commands in turns, and print a table."""
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for turn in range(rounds):
        for name in commands if turn % 2 else reversed(commands):
            taken[name].append(run(commands[name](turn), folder))
    print(
        f"\n{title}, {students} students, {rounds} rounds, {os.cpu_count()} cores; CPU of its processes, and of the machine"
    )
    print(f"{'':8}{'s':>8}{'ms a student':>14}{'CPU ms a student':>18}{'cores busy':>12}{'machine ms':>12}{'busy':>6}")
    for name, each in taken.items():
        seconds, own, all_ = (
            statistics.median(getattr(one, field) for one in each) for field in ("seconds", "used", "busy")
        )
        print(
            f"{name:8}{seconds:8.2f}{1e3 * seconds / students:14.2f}{1e3 * own / students:18.2f}{own / seconds:12.2f}"
            f"{1e3 * all_ / students:12.2f}{all_ / seconds:6.2f}"
        )
    (first, one), (second, other) = taken.items()
    pairs = list(zip(one, other, strict=True))
    faster, cost, of_all = (
        statistics.median(ratio(before, after) for before, after in pairs)
        for ratio in (
            lambda before, after: before.seconds / after.seconds,
            lambda before, after: after.used / before.used,
            lambda before, after: after.busy / before.busy,
        )
    )
    print(
        f"{second} beside {first}, medians of the rounds: {faster:.2f} times as fast, at {cost:.2f} times the processor time, "
        f"{of_all:.2f} of the machine's"
    )


def told_memory(name: str, command: Sequence[str], folder: Path) -> None:
    """Print the most memory that the processes of a command have."""
    parts = sorted(memory(command, folder).items())
    print(f"{name}, MiB at most: {', '.join(f'{kind} {most:.0f}' for kind, most in parts)}")


def grade(grader: str | Path, course: Path, out: Path, *options: str) -> list[str]:
    """The command that grades a class from the beginning."""
    submitted = course.with_name("submitted")
    return [str(grader), "--course", str(course), "grade", str(submitted), "--quiet", "--out", str(out), *options]


def ours(course: Path, out: Path, jobs: int) -> list[str]:
    """The same with this grader."""
    return grade(GRADER, course, out, "--jobs", str(jobs), "--db", f"{out}.sqlite", "--no-repair")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--notebooks", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["grade", "nbgrader"])
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    sample_option(parser)
    asked = parser.parse_args()
    if asked.sample is not None:
        asked.students, asked.notebooks, asked.rounds = 60, 20, 1
    adopt_orphans()
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    with tempfile.TemporaryDirectory() as above:
        place = Path(above)
        if asked.against:
            course, theirs = a_class(place, asked.students, asked.against), asked.against / ".venv" / "bin" / "grader"
            commands: dict[str, Command] = {
                "theirs": lambda turn: grade(theirs, course, place / f"theirs-{turn}", "--jobs", "1"),
                "ours": lambda turn: ours(course, place / f"ours-{turn}", 1),
            }
            in_turns("grader grade --jobs 1", asked.students, asked.rounds, commands, place)
            return
        if asked.only != "nbgrader":
            course = a_class(place, asked.students)
            commands = {
                "1 job": lambda turn: ours(course, place / f"out-1-{turn}", 1),
                "2 jobs": lambda turn: ours(course, place / f"out-2-{turn}", 2),
            }
            in_turns("grader grade", asked.students, asked.rounds, commands, place)
            for name, command in commands.items():
                told_memory(name, command(asked.rounds), place)
        if asked.only != "grade":
            nb = notebooks(place / "for-nbgrader", asked.notebooks)
            shutil.copy(nb / "gradebook.db", place / "gradebook.db")

            def autograde(jobs: int) -> list[str]:
                shutil.rmtree(nb / "autograded", ignore_errors=True)
                shutil.copy(place / "gradebook.db", nb / "gradebook.db")
                return [GRADER, "nbgrader", "autograde", "activations", "--jobs", str(jobs)]

            commands = {"1 job": lambda _: autograde(1), "2 jobs": lambda _: autograde(2)}
            in_turns("grader nbgrader autograde", asked.notebooks, asked.rounds, commands, nb)
            for name, command in commands.items():
                told_memory(name, command(asked.rounds), nb)


if __name__ == "__main__":
    main()
