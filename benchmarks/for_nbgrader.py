"""What nbgrader's grading of a class costs, in one run on one core: as it is, with the judge in it, and at once.

The same twenty submissions are graded in three ways: by `nbgrader autograde` with its own Execute, which runs each
notebook in a kernel; with the judge in the place of Execute; and by `grader nbgrader autograde`. The two that are quick are
repeated, since a machine may be busy for as long as one of them takes. Imports are not counted.

    python benchmarks/for_nbgrader.py [--sample SEED]
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sampling import sample_option
from traitlets.config import Config

from grader.course.course_yml import load_course
from grader.for_nbgrader.autograde.classrun import autograde_class
from grader.for_nbgrader.configuration import configuration
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.source.notebooks import write_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STUDENTS, REPEATS = 20, 5
SAMPLE, SAMPLE_REPEATS = 8, 2
ROOT = Path(__file__).parents[1]
COURSE = """\
title: Benchmark
seed: 1
repair: {variants: 0}
assignments:
  - id: activations
    title: Activations
    exercises: [sigmoid_grad, dead_relu_input]
"""
ANSWERS = {
    "right": (
        "import numpy as np\ndef sigmoid_grad(z):\n    e = np.exp(-np.abs(z))\n    return e / (1 + e) ** 2\n",
        "import numpy as np\ndef dead_relu_input(W, b):\n    return np.linalg.lstsq(W, -b - 1.0)[0], np.zeros_like(W)\n",
    ),
    "wrong": (
        "import numpy as np\ndef sigmoid_grad(z):\n    s = 1 / (1 + np.exp(-z))\n    return s\n",
        "import numpy as np\ndef dead_relu_input(W, b):\n    return np.full(W.shape[1], -1.0), W\n",
    ),
    "partly right": (
        "import numpy as np\ndef sigmoid_grad(z):\n    s = 1 / (1 + np.exp(-z))\n    return s * (1 - s)\n",
        "def dead_relu_input(W, b):\n    raise NotImplementedError\n",
    ),
    "crashing": (
        "def sigmoid_grad(z):\n    return undefined\n",
        "def dead_relu_input(W, b):\n    return b.no_such_attribute\n",
    ),
}

spent: dict[str, list[float]] = {"Execute": [], "judge": []}


class TimedExecute(Execute):
    """nbgrader's Execute, with a clock."""

    def preprocess(self, nb, resources, km=None):  # noqa: ANN001, ANN201
        """Execute."""
        start = time.perf_counter()
        result = super().preprocess(nb, resources, km)
        spent["Execute"].append(time.perf_counter() - start)
        return result


class TimedJudge(JudgeExercises):
    """The judge, with a clock."""

    def preprocess(self, nb, resources=None, km=None):  # noqa: ANN001, ANN201
        """Judge."""
        start = time.perf_counter()
        result = super().preprocess(nb, resources, km)
        spent["judge"].append(time.perf_counter() - start)
        return result


def hand_in(root: Path, students: int = STUDENTS) -> Path:
    """A course with its submissions; the course directory of nbgrader in it."""
    for name in ("sigmoid_grad", "dead_relu_input"):
        for suffix in (".py", "_checks.py"):
            target = root / "solutions" / "activations" / f"{name}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(*ROOT.glob(f"solutions/*/{target.name}"), target)
    for shared in (ROOT / "solutions").glob("*.py"):
        shutil.copy(shared, root / "solutions")
    (root / "course.yml").write_text(COURSE)
    nb = root / "nb"
    write_sources(load_course(root), nb)
    converter(GenerateAssignment, nb, Config()).start()
    kinds = list(ANSWERS)
    for number in range(students):
        notebook = nbformat.read(nb / "release" / "activations" / "activations.ipynb", as_version=4)
        answers = iter(ANSWERS[kinds[number % len(kinds)]])
        for cell in notebook.cells:
            if cell.metadata.nbgrader.solution:
                cell.source = next(answers)
        path = nb / "submitted" / f"student-{number:02}" / "activations" / "activations.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return nb


def converter(kind: type, nb: Path, config: Config) -> Autograde | GenerateAssignment:
    """One of nbgrader's converters for a course directory."""
    made = kind(coursedir=CourseDirectory(root=str(nb), assignment_id="activations", config=config), config=config)
    made.log = logging.getLogger("nbgrader-benchmark")
    return made


def timed_config(nb: Path | None) -> Config:
    """Nbgrader's configuration with a clock around the step that runs code: its own, or the judge's."""
    config = configuration(nb).config if nb else Config()
    steps = config.Autograde.get("autograde_preprocessors") or Autograde().autograde_preprocessors
    clocks = {Execute: TimedExecute, JudgeExercises: TimedJudge}
    config.Autograde.autograde_preprocessors = [clocks.get(step, step) for step in steps]
    return config


def scores(nb: Path) -> float:
    """The sum of all scores, to show that something was graded."""
    with Gradebook(f"sqlite:///{nb / 'gradebook.db'}") as gradebook:
        return sum(submission.score for submission in gradebook.assignment_submissions("activations"))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Drop what kernels write to standard error."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def main() -> None:
    """Grade three times and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sample_option(parser)
    students, repeats = (STUDENTS, REPEATS) if parser.parse_args().sample is None else (SAMPLE, SAMPLE_REPEATS)
    warnings.simplefilter("ignore")
    logging.getLogger("nbgrader-benchmark").setLevel(logging.CRITICAL)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as above:
        handed_in = hand_in(Path(above) / "handed-in", students)
        ways: dict[str, Callable[[Path], object]] = {
            "stock": lambda nb: converter(Autograde, nb, timed_config(None)).start(),
            "judge": lambda nb: converter(Autograde, nb, timed_config(nb)).start(),
            "at once": lambda nb: autograde_class(nb, "activations", None, jobs=1),
        }
        places, taken = {}, {name: [] for name in ways}
        with quiet():
            for name in ["stock", *["judge", "at once"] * repeats]:
                place = Path(above) / f"{name}-{len(taken[name])}"
                shutil.copytree(handed_in.parent, place)
                places[name] = place / "nb"
                start = time.perf_counter()
                ways[name](places[name])
                taken[name].append(time.perf_counter() - start)
        seconds = {name: statistics.median(each) for name, each in taken.items()}
        print(f"{students} submissions of 2 exercises, on one core\n")
        print(f"{'':44}{'s a submission':>15}{'faster':>9}{'points':>9}")
        labels = {
            "stock": "nbgrader autograde, with its Execute",
            "judge": "nbgrader autograde, with the judge",
            "at once": "grader nbgrader autograde --jobs 1",
        }
        for name, label in labels.items():
            ratio = seconds["stock"] / seconds[name]
            print(f"{label:44}{seconds[name] / students:15.3f}{ratio:8.1f}x{scores(places[name]):9.1f}")
        print(
            "\nnbgrader's own gives no points: hidden checks are in no notebook, so each test cell is an error to it.\n"
        )
        execute, judge = statistics.median(spent["Execute"]), statistics.median(spent["judge"])
        print(f"{'Execute itself, median':44}{execute:15.4f}")
        print(f"{'the judge in its place, median':44}{judge:15.4f}{judge / execute:9.1%}")
        first = statistics.median(spent["judge"][::students])
        print(f"{'  first of a run: keys, worker':44}{first:15.4f}")


if __name__ == "__main__":
    main()
