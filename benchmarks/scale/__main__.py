"""Measure what grading costs here, hold the simulation against a real class, and simulate a deadline's last hour on more machines.

Writes benchmarks/results/scale.md. The machine has to be quiet. The real class hands in faster than it can be graded before its
deadline, so that a queue builds up.

    PYTHONPATH=benchmarks python -m scale [--few N] [--many N] [--class N] [--seconds S] [--students N] [--out DIR]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from peers.layouts import ROOT, make_course
from peers.machine import about, counter

from scale.measured import Class, measure
from scale.model import Site, arrivals, nodes_needed
from scale.real import graded_as_it_comes
from scale.simulation import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scale.measured import Measured
    from scale.model import Costs
    from scale.simulation import Simulated

HOUR = 3600.0
RUSH = 3.0
"""Twenty times as many hand in at the end of the time as at its beginning: an assumption, not a measurement."""
WITHIN = {"an hour": HOUR, "ten minutes": 600.0, "one minute": 60.0}
NODES = (1, 2, 4, 8, 16)


def costs_told(found: Measured) -> list[str]:
    """What was measured, as lines of a page."""
    costs = found.costs
    lines = [
        "| what | measured |",
        "|---|---:|",
        f"| a run, besides its students | {costs.start:.2f} s |",
        f"| a student whom the record knows | {1e3 * costs.known:.2f} ms |",
        f"| a student with three new answers: the run's own process | {1e3 * costs.run:.1f} ms of a processor |",
        f"| the same: grading process, worker, children | {1e3 * costs.job:.1f} ms of a processor |",
        f"| the record, for a student | {found.record / 1024:.1f} KiB, {sum(found.rows.values()):.1f} rows |",
        f"| reports and pages, for a student | {found.written / 1024:.1f} KiB |",
    ]
    lines += [
        f"| memory at most, {name}: few students, many | {few:.0f} MiB, {many:.0f} MiB |"
        for name, (few, many) in found.memory.items()
    ]
    return lines


def waited(handed_in: NDArray[np.float64], finished: NDArray[np.float64]) -> str:
    """How long students waited, as cells of a table."""
    median, most, worst = np.quantile(finished - handed_in, [0.5, 0.95, 1.0])
    return f"{median:.1f} | {most:.1f} | {worst:.1f} | {finished.max() - handed_in.max():.1f}"


WAITED = "half wait at most | 95 % | all | last report after the last hand-in"


def hour_told(costs: Costs, students: int, cores: int, rng: np.random.Generator) -> list[str]:
    """A deadline's last hour on some nodes, and by one run that has all their cores."""
    handed_in = arrivals(students, HOUR, RUSH, rng)
    lines = [f"| nodes | {WAITED} | runs | busy |", "|---|---:|---:|---:|---:|---:|---:|"]

    def row(name: str, site: Site) -> None:
        found: Simulated = simulate(handed_in, costs, site)
        share = found.busy / (site.nodes * site.cores * max(HOUR, found.finished.max()))
        lines.append(f"| {name} | {waited(handed_in, found.finished)} | {found.runs} | {share:.0%} |")

    for nodes in NODES:
        row(f"{nodes}, each with its own part of the class", Site(nodes, cores))
    row(f"1 run for all, on {NODES[-1] * cores} cores", Site(1, NODES[-1] * cores))
    return lines


def needed_told(costs: Costs, students: int, cores: int) -> str:
    """The fewest nodes, whatever the order of work."""
    needed = {words: nodes_needed(students, seconds, cores, costs) for words, seconds in WITHIN.items()}
    return f"The fewest such nodes that can grade {students:,} students: " + ", ".join(
        f"{nodes} within {words}" for words, nodes in needed.items()
    )


def main() -> None:
    """Measure, compare, simulate; write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--class", type=int, default=1500, dest="class_size")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--students", type=int, default=50_000)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name, counter() as group:
        place = Path(name)
        course = make_course(place / "course").ours
        found = measure(Class(_made(place / "sizes"), course, cores, group), (asked.few, asked.many))
        handed_in = arrivals(asked.class_size, asked.seconds, RUSH, np.random.default_rng(1))
        real, runs = graded_as_it_comes(Class(_made(place / "real"), course, cores, group), handed_in)
    predicted = simulate(handed_in, found.costs, Site(1, cores))
    lines = [
        "# What grading costs, and a deadline's last hour",
        "",
        f"Made by `make scale` on {datetime.now(UTC):%Y-%m-%d}: {about()}. How it is measured and what follows is in",
        "[docs/scale.md](../../docs/scale.md). A student hands in three exercises as files; seconds unless it says otherwise.",
        "",
        f"Measured with {asked.few} and {asked.many} students, `--jobs {cores} --no-repair`:",
        "",
        *costs_told(found),
        "",
        f"{asked.class_size} real students who handed in within {asked.seconds:g} seconds, and the same simulated:",
        "",
        f"| | {WAITED} | runs |",
        "|---|---:|---:|---:|---:|---:|",
        f"| measured | {waited(handed_in, real)} | {runs} |",
        f"| predicted | {waited(handed_in, predicted.finished)} | {predicted.runs} |",
        "",
        f"{asked.students:,} students in the last hour, simulated; nodes with {cores} cores as this machine's:",
        "",
        *hour_told(found.costs, asked.students, cores, np.random.default_rng(2)),
        "",
        needed_told(found.costs, asked.students, cores),
        "",
    ]
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "scale.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
