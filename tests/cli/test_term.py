"""A term of eight weeks in the commands of docs/instructor.md, with a class of four; its end is held to a spreadsheet done by hand."""

from __future__ import annotations

import csv
import io
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from downloads import zipped
from repository import ROOT, reference, write_course

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


TERM = ROOT / "tests" / "classes" / "term"
BY_HAND = table(TERM / "by_hand.csv")
REFERENCES = {
    "week1": "jacobians/manual_jacobian", "week2": "jacobians/linear_layer_jacobian", "week3": "checking/relative_error",
    "week4": "sigmoid/sigmoid_saturation_written", "week5": "relu/relu_jacobian", "week6": "backprop/backprop_batch",
    "week7": "neighbours/softmax_jacobian", "week8": "sigmoid/sigmoid_grad",
}  # fmt: skip
TRANSPOSED = (
    "import numpy as np\ndef manual_jacobian(x, y):\n    return np.array([[2 * x * y, x**2], [5, np.cos(y)]]).T\n"
)
ZERO = "import numpy as np\ndef linear_layer_jacobian(W, b, x):\n    return np.zeros_like(W)\n"
NAIVE = """\
import numpy as np
def softmax_jacobian(z):
    p = np.exp(z) / np.sum(np.exp(z))
    return np.diag(p) - np.outer(p, p)
"""


def right(week: str) -> str:
    return reference(REFERENCES[week])


def handed_in(week: str) -> list[tuple[str, str, str]]:
    """Who handed in when (UTC) and what, in a week: all an hour before the due date, and right, unless said otherwise."""
    due = {"week1": "03-02", "week2": "03-09", "week3": "03-16", "week4": "03-23", "week5": "03-30", "week6": "04-06",
           "week7": "04-13", "week8": "04-20"}[week]  # fmt: skip
    in_time = f"2026-{due}T21:00:00Z" if due < "03-29" else f"2026-{due}T20:00:00Z"
    found = {who: [(who, in_time, right(week))] for who in ("alice", "bob", "carla", "dave")}
    match week:
        case "week1":
            found["bob"] = [("bob", in_time, TRANSPOSED)]
        case "week2":
            found["carla"] = [("carla", in_time, ZERO), ("carla", "2026-03-11T20:00:00Z", right(week))]
            found["dave"] = [("dave", in_time, ZERO)]
        case "week3":
            found["dave"] = [("dave", "2026-03-16T23:19:00Z", right(week))]
        case "week5":
            found["alice"] = [("alice", "2026-04-01T20:00:00Z", right(week))]
            found["bob"] = [("bob", "2026-04-02T20:00:00Z", right(week))]
        case "week6":
            del found["dave"]
        case "week7":
            found["carla"] = [("carla", in_time, NAIVE)]
        case "week8":
            found["carla"] = [("carla", "2026-04-28T20:00:00Z", right(week))]
    return [one for each in found.values() for one in each]


def download(week: str, *, last: bool = True) -> bytes:
    """What Gradescope gives of a week: of each student what was handed in last, or first."""
    exercise = REFERENCES[week].partition("/")[2]
    each = {who: (when, source) for who, when, source in (handed_in(week) if last else reversed(handed_in(week)))}
    files: dict[str, str | bytes] = {}
    metadata = "---\n"
    for number, (who, (when, source)) in enumerate(sorted(each.items()), 1):
        files[f"assignment_4711_export/submission_{number}/{exercise}.py"] = source
        metadata += f"submission_{number}:\n  :submitters:\n  - :name: {who}\n    :sid: {who}\n  :created_at: {when}\n"
    return zipped({"assignment_4711_export/submission_metadata.yml": metadata, **files})


def fill_in(sheet: Path) -> None:
    """A person's points, by the name in each row, and the rows in another order."""
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    head, *answers = rows
    given = {"alice": "1", "bob": "0.5", "carla": "0", "dave": "1"}
    for row in answers:
        row[head.index("points")] = given[row[head.index("student")]]
        row[head.index("comment")] = "read"
    text = io.StringIO()
    csv.writer(text).writerows([head, *reversed(answers)])
    sheet.write_text(text.getvalue(), encoding="utf-8")


def change_a_check(course: Path) -> None:
    path = course / "solutions" / "week7" / "softmax_jacobian_checks.py"
    text = path.read_text(encoding="utf-8")
    assert text.count("@check(points=2)") == 1
    path.write_text(text.replace("@check(points=2)", "@check(points=1)"), encoding="utf-8")


def commands() -> list[list[str]]:
    """The commands of the section, in its order."""
    page = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## A term\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    lines = [line.partition("  #")[0] for line in section.splitlines() if line.startswith("    grader ")]
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture
def term(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder with the course and every week's download; runs a command there, and gives what it printed."""
    write_course(tmp_path, (TERM / "course.yml").read_text(encoding="utf-8"))
    for week in REFERENCES:
        (tmp_path / f"{week}.zip").write_bytes(download(week))
    (tmp_path / "roster.csv").write_text(
        "student,sid\n" + "".join(f"{who},{who}\n" for who in ("alice", "bob", "carla", "dave"))
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)  # which pytest's workers have

    def call(*arguments: str, code: int = 0) -> str:
        done = run(*arguments)
        assert done.code == code, (arguments, done.err, done.out)
        return done.out

    return call


def test_a_term_comes_to_what_a_spreadsheet_done_by_hand_comes_to(term, tmp_path: Path) -> None:
    """Each command of the guide runs, and each assignment's points, penalty and end, and the sum, are those by hand."""
    said = {}
    for command in commands():
        if command[:2] == ["collect", "week2.zip"]:  # carla's first attempt was collected before her second
            (tmp_path / "early.zip").write_bytes(download("week2", last=False))
            term("collect", "early.zip")
            term("grade", "submitted", "--quiet")
        if command[:3] == ["mark", "week4", "--import"]:
            fill_in(tmp_path / "marks.csv")
        if command[:2] == ["regrade", "--dry-run"]:
            change_a_check(tmp_path)
        said[" ".join(command)] = term(*command)

    rows = {(row["student"], row["assignment"]): row for row in table(tmp_path / "results" / "grades.csv")}
    for hand in BY_HAND:
        if hand["assignment"] != "sum":
            row = rows[hand["student"], hand["assignment"]]
            for column in ("score", "max_score", "penalty", "final"):
                wanted = hand[column] and float(hand[column])
                got = row[column] and float(row[column])
                assert got == pytest.approx(wanted), (hand, row)
    sums = {row["student"]: float(row["percent"]) for row in table(tmp_path / "term.csv")}
    assert sums == {hand["student"]: float(hand["final"]) for hand in BY_HAND if hand["assignment"] == "sum"}
    canvas = {row["Student"]: row for row in table(tmp_path / "for_canvas.csv")}
    assert {who: canvas[who]["A layer"] for who in ("alice", "carla")} == {"alice": "3", "carla": "2.7"}
    assert canvas["alice"]["The sigmoid"] == "EX"
    assert (
        "handed in 1 d 21 h 1 min late, 1 d of it covered by the term's late days, 10 % off: 2.7"
        in said["grades --explain carla"]
    )
    page = (tmp_path / "results" / "feedback" / "carla" / "week2.html").read_text(encoding="utf-8")
    assert "10 % off" in page
    assert "Of 2 attempts the best counts" in page
    assert "Right but for the layout." in (tmp_path / "results" / "feedback" / "dave" / "week2.html").read_text(
        encoding="utf-8"
    )
    assert "read" in (tmp_path / "results" / "feedback" / "bob" / "week4.html").read_text(encoding="utf-8")


def test_the_sheet_done_by_hand_adds_up() -> None:
    """The shares of each student's assignments that count add up to the sum, and their weights to what it is a part of."""
    for who in ("alice", "bob", "carla", "dave"):
        *each, total = (row for row in BY_HAND if row["student"] == who)
        counted = [row for row in each if row["share of the weight"]]
        assert sum(float(row["share of the weight"]) for row in counted) == pytest.approx(
            float(total["share of the weight"])
        )
        assert sum(float(row["weight"]) for row in counted) == float(total["weight"])
        percent = 100 * float(total["share of the weight"]) / float(total["weight"])
        assert float(total["final"]) == pytest.approx(percent, abs=0.25)
