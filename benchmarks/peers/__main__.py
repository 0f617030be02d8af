"""Grade one class by this grader and by others, in one run, and write what it took: benchmarks/results/peers.md and peers.svg.

The machine has to be quiet for the figures that are kept. Each other grader has an environment of its own, of pinned packages, which is
made once in the cache folder. This grader grades the whole class, the other ways and the search for edits the first students of it: they
take the same for each. The ways that are quick are repeated, since nothing else would show how far they vary.

    PYTHONPATH=benchmarks python -m peers [--students N] [--few N] [--rounds N] [--cache DIR] [--out DIR]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from peers.answers import KINDS, kind_of, student_name
from peers.environments import NAMES, environment, pinned
from peers.layouts import ASSIGNMENT, ROOT, hand_in, make_course
from peers.machine import Taken, about, counter, peak, run
from peers.page import Row, base, page, plot
from peers.ways import ours, peers, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peers.layouts import Course
    from peers.ways import Scores, Way

QUICK = 0.1
"""Seconds a student from which on a way is run once only."""
FEWEST_FOR_MEMORY = 12
AT_LEAST = {"in time, two jobs": 100.0, "in CPU, two jobs": 50.0, "nothing new": 1000.0}


def measure(way: Way, place: Path, students: int, rounds: int, group: Path | None) -> tuple[Taken, Scores]:
    """The medians of a way's runs, and the scores of the last."""
    runs: list[Taken] = []
    while len(runs) < rounds:
        way.clean(place)
        if way.before:
            run(way.before(place, students), place, group)
        runs.append(run(way.command(place, students), place, group))
        print(f"{way.name} ({way.handed_in}): {1e3 * runs[-1].seconds / students:.1f} ms a student", flush=True)
        if runs[-1].seconds > QUICK * students:
            break
    seconds, processor = (
        statistics.median(values) for values in zip(*((r.seconds, r.processor) for r in runs), strict=True)
    )
    return Taken(seconds / students, processor / students), way.scores(place, students)


def memory(way: Way, place: Path, students: int) -> float:
    """The most memory that a way has, in a run that is not timed."""
    way.clean(place)
    if way.before:
        run(way.before(place, students), place, None)
    return peak(way.command(place, students), place)


def agree(scores: dict[str, Scores], students: int) -> str:
    """Says what everybody was given; ends the run where two ways differ, or where nothing was told apart."""
    by_kind: dict[str, set[float]] = {kind: set() for kind in KINDS}
    first = max(scores, key=lambda way: len(scores[way]))
    reference = scores[first]
    for number in range(students):
        name = student_name(number)
        by_kind[kind_of(number)].add(sum(points for (student, _), points in reference.items() if student == name))
    for way, found in scores.items():
        if not same([{key: reference[key] for key in found}, found]):
            differ = {
                key: (points, reference[key]) for key, points in found.items() if round(points - reference[key], 6)
            }
            raise SystemExit(f"{way} gives other points than {first}: {dict(list(differ.items())[:5])}")
    if any(len(totals) != 1 for totals in by_kind.values()):
        raise SystemExit(f"students of one kind are given different points: {by_kind}")
    right, otherwise, partly, wrong = (totals.copy().pop() for totals in by_kind.values())
    if not right == otherwise > partly > wrong:
        raise SystemExit(f"the kinds of students are not told apart: {by_kind}")
    return "; ".join(f"{kind} {totals.pop():g}" for kind, totals in by_kind.items())


def targets(rows: Sequence[Row]) -> str:
    """What is asked of this grader beside nbgrader, and what came of it."""
    stock = base(rows)
    two, again = (
        next(row for row in rows if row.way == name) for name in ("grader grade --jobs 2", "grader grade, nothing new")
    )
    found = (stock.seconds / two.seconds, stock.processor / two.processor, stock.seconds / again.seconds)
    return "; ".join(
        f"{name} {ratio:,.0f} times ({'met' if ratio >= asked else 'not met'}: {asked:,.0f})"
        for (name, asked), ratio in zip(AT_LEAST.items(), found, strict=True)
    )


def main() -> None:
    """Measure all ways, and write the page and the plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--few", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    asked = parser.parse_args()
    few = min(asked.few, asked.students)
    asked.cache.mkdir(parents=True, exist_ok=True)
    bins = {name: environment(name, asked.cache.resolve()) for name in NAMES}
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    os.environ["PATH"] = f"{bins['nbgrader']}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name, counter() as group:
        place = Path(name)
        course = make_course(place / "course")
        prepare(course, bins)
        sizes = {False: asked.students, True: few}
        for slow, students in sizes.items():
            hand_in(course, students, place / str(slow))
        hand_in(course, FEWEST_FOR_MEMORY, place / "memory")
        rows, scores = [], {}
        mine = ours(course, str(Path(sys.executable).with_name("grader")))
        for way in [*peers(course, bins), *mine]:
            students = sizes[way.slow]
            taken, scores[f"{way.name} ({way.handed_in})"] = measure(
                way, place / str(way.slow), students, asked.rounds, group
            )
            most = memory(way, place / "memory", FEWEST_FOR_MEMORY)
            rows.append(Row(way.name, way.handed_in, students, taken.seconds, taken.processor, most, ours=way in mine))
        points = agree(scores, asked.students)
    told = {
        "machine": about(),
        "versions": f"grader {grader.__version__}, {', '.join(map(pinned, ('nbgrader', 'otter-grader', 'gradescope-utils', 'ipykernel', 'numpy')))}",
        "date": f"{began:%Y-%m-%d}",
        "CPU": "counted by a cgroup" if group else "of the whole machine",
        "points": points,
        "asked for beside nbgrader": targets(rows),
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "peers.md").write_text(page(rows, told), encoding="utf-8")
    (asked.out / "peers.svg").write_text(plot(rows), encoding="utf-8")
    print(page(rows, told))
    print(f"measured in {(datetime.now(UTC) - began).total_seconds() / 60:.0f} minutes")


def prepare(course: Course, bins: dict[str, Path]) -> None:
    """What instructors do once: nbgrader's release, and Otter's archive."""
    run(
        [str(bins["nbgrader"] / "nbgrader"), "generate_assignment", ASSIGNMENT, "--log-level=ERROR"],
        course.nbgrader,
        None,
    )
    run(
        [str(bins["otter"] / "otter"), "generate", "-t", course.otter_tests.name, "-o", "autograder.zip"],
        course.place,
        None,
    )


if __name__ == "__main__":
    main()
