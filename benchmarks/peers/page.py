"""What is left of a run: a table and the ratios as Markdown, and a plot of them as SVG."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Row", "base", "figures", "page", "plot"]

BASE = "nbgrader autograde"
_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "peers", "font.family": "sans-serif", "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip
_OTHERS, _OURS = "#9aa5b1", "#1f6feb"


@dataclass(frozen=True, slots=True)
class Row:
    """What a way took for a student, in the median of its runs."""

    way: str
    handed_in: str
    students: int
    seconds: float
    processor: float
    memory: float
    """The most that all of its processes had at once, in MiB."""
    ours: bool

    @property
    def label(self) -> str:
        """The way, and what it graded."""
        return f"{self.way} ({self.handed_in})"


def base(rows: Sequence[Row]) -> Row:
    """What the others are held against."""
    return next(row for row in rows if row.way == BASE)


def page(rows: Sequence[Row], about: Mapping[str, str]) -> str:
    """The page, with how often each way fits into nbgrader's time."""
    stock = base(rows)
    lines = [
        "# This grader beside others",
        "",
        "Made by `make peers`, in one run. The same students, notebooks and files, with three exercises (manual_jacobian, relu_jacobian,",
        "backprop_batch) each; the same checks with the same inputs; the same points for every answer, or the run fails. One in six of the",
        "students is wrong everywhere, and one in six in part. All packages are pinned in `benchmarks/peers/requirements`.",
        "",
        *(f"- {name}: {words}" for name, words in about.items()),
        "",
        "| way | hands in | students | ms a student | CPU ms a student | MiB at most | faster than nbgrader | less CPU |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row.way} | {row.handed_in} | {row.students} | {figures(1e3 * row.seconds)} | {figures(1e3 * row.processor)} | {row.memory:.0f} |"
            f" {figures(stock.seconds / row.seconds)} | {figures(stock.processor / row.processor)} |"
            for row in rows
        ),
        "",
        "![How many times as fast as nbgrader](peers.svg)",
        "",
        "Times are those of a whole command, its start included, divided by its students. CPU is that of all processes that it starts.",
        "Memory is measured in another run; pages that processes share are shared out among them. `grader grade` is given",
        "`--no-repair` but where it says that it searches for edits: one of at most a thousand that makes a wrong answer right, and so",
        "names its line. All else that it tells students (which mistake it was, arrays beside the right ones) is in every row.",
        "*Nothing new* is a second run on the record of the first. What is not alike: this grader runs each answer in a child that is locked",
        "in and holds no expected value; the others run the tests in the student's own process, without limits but for a cell's time.",
        "",
    ]
    return "\n".join(lines)


def plot(rows: Sequence[Row]) -> str:
    """How many times as fast as nbgrader each way is, and by its processor time; on a logarithmic scale."""
    stock = base(rows)
    with rc_context(_STYLE):
        figure = Figure(figsize=(8.4, 0.9 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        places = range(len(rows))
        colours = [_OURS if row.ours else _OTHERS for row in rows]
        for offset, values, alpha, name in (
            (-0.2, [stock.seconds / row.seconds for row in rows], 1.0, "time"),
            (0.2, [stock.processor / row.processor for row in rows], 0.5, "CPU (paler)"),
        ):
            bars = axes.barh(
                [place + offset for place in places], values, height=0.38, color=colours, alpha=alpha, label=name
            )
            axes.bar_label(bars, [figures(value) for value in values], padding=3, fontsize=8)
        axes.set_yticks(places, [row.label for row in rows])
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.margins(x=0.12)
        axes.set_xlabel("times less than nbgrader autograde takes for a student: time, and CPU (paler)")
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    return out.getvalue()


def figures(value: float) -> str:
    """A positive number with three figures, or all that stand before its point."""
    return f"{value:,.{max(0, 2 - math.floor(math.log10(value)))}f}"
