"""From a service's download to the file that it takes back: collect, grade, export, in the commands of docs/instructor.md."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from downloads import zipped
from repository import reference

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

RIGHT = reference("jacobians/manual_jacobian")
WRONG = "def manual_jacobian(*given):\n    return None\n"
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Jacobians (900)
    Points Possible,,,,,{possible}
"Müller, Jürgen",4711,s-17,jmueller,A,
"Schmidt, Anna",4712,s-18,aschmidt,A,
"Schmidt, Anna",4713,s-19,aschmidt2,A,
"""
WORKSHEET = """\
ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,Zuletzt geändert (Bewertung)
Teilnehmer/in1013,Jürgen Müller,jm@uni.example,Zur Bewertung abgegeben,,"{possible}",Ja,-
Teilnehmer/in1014,Anna-Lena Schmidt,al@uni.example,Zur Bewertung abgegeben,,"{possible}",Ja,-
"""
METADATA = (
    "submission_1:\n  :submitters:\n  - :name: Jürgen Müller\n    :sid: '3017'\n  :created_at: 2026-11-20 21:05:07 Z\n"
)


@pytest.fixture
def walk(run, course: Path, tmp_path: Path):
    """Collect a download with the service's own list, and grade it; gives what exports, and the points that there are."""

    def collect_and_grade(files: dict[str, str], roster: str = ""):
        (tmp_path / "download.zip").write_bytes(zipped(files))
        (tmp_path / "list.csv").write_text(roster, encoding="utf-8")
        options = ("--roster", tmp_path / "list.csv") if roster else ()
        into, out = tmp_path / "submitted", tmp_path / "out"
        collected = run("--course", course, "collect", tmp_path / "download.zip", "--into", into, *options)
        assert collected.code == 0, collected.err
        assert run("--course", course, "grade", into, "--out", out, "--no-repair", "--quiet").code == 0

        def export(*arguments: object):
            exported = run("--course", course, "export", *arguments)
            assert exported.code == 0, exported.err
            return exported.out

        (most,) = (each["max_score"] for each in json.loads(export("json"))["assignments"] if each["id"] == "jacobians")
        return export, most

    return collect_and_grade


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_canvas(walk, tmp_path: Path) -> None:
    files = {
        "müllerjürgen_4711_9001_manual_jacobian.py": RIGHT,
        "schmidtanna_LATE_4712_9003_manual_jacobian-1.py": WRONG,
        "schmidtanna_4713_9004_manual_jacobian.py": RIGHT,
    }
    export, most = walk(files, GRADEBOOK.format(possible=""))
    (tmp_path / "grades.csv").write_text(GRADEBOOK.format(possible=f"{most:.2f}"), encoding="utf-8")
    export("canvas", "--assignment", "jacobians", "--into", tmp_path / "grades.csv", "--out", tmp_path / "back.csv")
    rows = table(tmp_path / "back.csv")
    assert [row[:5] for row in rows] == [row[:5] for row in table(tmp_path / "grades.csv")]
    assert [row[5] for row in rows[2:]] == [f"{most:g}", "0", f"{most:g}"]


def test_moodle(walk, tmp_path: Path) -> None:
    files = {
        "Jürgen Müller_1013_assignsubmission_file_/manual_jacobian.py": RIGHT,
        "Anna-Lena Schmidt_1014_assignsubmission_file_/hw/manual_jacobian.py": WRONG,
    }
    export, most = walk(files, WORKSHEET.format(possible="100,00"))
    (tmp_path / "sheet.csv").write_text(WORKSHEET.format(possible=f"{most:.2f}".replace(".", ",")), encoding="utf-8")
    export("moodle", "--assignment", "jacobians", "--into", tmp_path / "sheet.csv", "--out", tmp_path / "back.csv")
    assert [row[4] for row in table(tmp_path / "back.csv")[1:]] == [f"{most:g}", "0"]


def test_gradescope(walk) -> None:
    files = {"submission_metadata.yml": METADATA, "submission_1/manual_jacobian.py": RIGHT}
    export, most = walk(files)
    found = json.loads(export("gradescope", "--student", "3017", "--assignment", "jacobians"))
    assert sum(test["score"] for test in found["tests"]) == pytest.approx(most)


def test_github_classroom_and_nbgrader_and_flat_files(walk, tmp_path: Path) -> None:
    """Of which the last has no place of its own: results go back as a table."""
    for number, files in enumerate((
        {"jacobians-octo/manual_jacobian.py": RIGHT, "jacobians-mona/manual_jacobian.py": RIGHT},
        {"octo/jacobians/manual_jacobian.py": RIGHT, "mona/jacobians/manual_jacobian.py": RIGHT},
        {"octo_manual_jacobian.py": RIGHT, "manual_jacobian-mona.py": RIGHT},
    )):  # fmt: skip
        export, most = walk(files)
        (tmp_path / f"{number}.csv").write_text(export("csv", "--assignment", "jacobians"), encoding="utf-8")
        assert {(row[0], float(row[3])) for row in table(tmp_path / f"{number}.csv")[1:]} == {
            ("octo", most),
            ("mona", most),
        }
