"""From a service and back to it: download, collect, grade, export, and what the service reads of that."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from repository import reference

if TYPE_CHECKING:
    from pathlib import Path

RIGHT = reference("jacobians/manual_jacobian")
WRONG = "def manual_jacobian(x):\n    return None\n"
GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Jacobians (4711),Final Score
    Points Possible,,,,,{possible},(read only)
"Lovelace, Ada",101,u101,alovelace,A,,
"Müller, Bo",102,u102,bmueller,A,,
"Nobody, Cy",103,u103,cnobody,A,,
"Student, Test",199,,f00ba4,A,,
"""
WORKSHEET = """\
Identifiant,"Nom et prénom",Courriel,Statut,Note,"Note maximale","La note peut être modifiée","Dernière modification (note)"
"Participant 20131","Ada Lovelace",ada@example.edu,Remis,,"{possible}",Oui,-
"Participant 20132","Bo Müller",bo@example.edu,Remis,,"{possible}",Oui,-
"""
METADATA = """\
submission_{number}:
  :submitters:
  - :name: {name}
    :sid: '{sid}'
    :email: {sid}@example.edu
  :created_at: 2026-01-30 14:22:32.365935000 -07:00
  :score:
  :status: unprocessed
"""


def download(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


@pytest.fixture
def there(run, course: Path, tmp_path: Path):
    """Collect a download and grade it; gives how to export the results, and the points of the assignment."""

    def walk(source: Path, *options: object):
        code, _, err = run("--course", course, "collect", source, "--into", tmp_path / "submitted", *options)
        assert code == 0, err
        graded = ("grade", tmp_path / "submitted", "--out", tmp_path / "results", "--quiet", "--no-repair")
        code, _, err = run("--course", course, *graded)
        assert code == 0, err

        def export(*arguments: object) -> str:
            code, out, err = run("--course", course, "export", *arguments)
            assert code == 0, err
            return out

        found = json.loads(export("json", "--assignment", "jacobians"))
        return export, f"{found['assignments'][0]['max_score']:g}"

    return walk


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.mark.slow
def test_canvas_gets_its_gradebook_and_its_names_back(there, tmp_path: Path) -> None:
    source = download(
        tmp_path / "submissions.zip",
        {"lovelaceada_101_5001_manual_jacobian.py": RIGHT, "mllerbo_LATE_102_5002_manual_jacobian-1.py": WRONG},
    )
    gradebook = tmp_path / "Grades.csv"
    gradebook.write_text(GRADEBOOK.format(possible="0.00"), encoding="utf-8")
    export, possible = there(source, "--roster", gradebook)
    gradebook.write_text(GRADEBOOK.format(possible=f"{float(possible):.2f}"), encoding="utf-8")
    export("canvas", "--into", gradebook, "--out", tmp_path / "back.csv")
    assert [row[5] for row in rows(tmp_path / "back.csv")][2:] == [possible, "0", "0", ""]
    assert [row[:5] for row in rows(tmp_path / "back.csv")] == [row[:5] for row in rows(gradebook)]
    export("feedback", "--assignment", "jacobians", "--out", tmp_path / "back.zip")
    assert names_in(tmp_path / "back.zip") == [
        "lovelaceada_101_5001_jacobians.html", "mllerbo_LATE_102_5002_jacobians.html", "cnobody/jacobians.html",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("known", "ending"), [(True, "_"), (False, "")], ids=["roster", "no-roster"])
def test_moodle_gets_its_worksheet_and_its_folders_back(there, tmp_path: Path, known: bool, ending: str) -> None:  # noqa: FBT001
    """Named as it named them: before 4.1 with an underscore at the end, without which it does not find them."""
    folders = [f"Ada Lovelace_20131_assignsubmission_file{ending}", f"Bo Müller_20132_assignsubmission_file{ending}"]
    source = download(
        tmp_path / "CALC-Week 1.zip",
        {f"{folder}/manual_jacobian.py": text for folder, text in zip(folders, (RIGHT, WRONG), strict=True)},
    )
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(WORKSHEET.format(possible="1,00"), encoding="utf-8")
    export, possible = there(source, *(["--roster", worksheet] if known else []))
    worksheet.write_text(WORKSHEET.format(possible=f"{float(possible):.2f}".replace(".", ",")), encoding="utf-8")
    options = ("--assignment", "jacobians", "--into", worksheet)
    export("moodle", *options, "--out", tmp_path / "back.csv")
    assert [row[4] for row in rows(tmp_path / "back.csv")][1:] == [possible, "0"]
    assert [row[:4] + row[5:] for row in rows(tmp_path / "back.csv")] == [row[:4] + row[5:] for row in rows(worksheet)]
    export("moodle-feedback", *options, "--out", tmp_path / "back.zip")
    assert names_in(tmp_path / "back.zip") == [f"{folder}/jacobians.html" for folder in folders]
    export("feedback", "--assignment", "jacobians", "--out", tmp_path / "pages.zip")
    assert names_in(tmp_path / "pages.zip") == names_in(tmp_path / "back.zip")


@pytest.mark.slow
def test_gradescope_gets_a_result_for_each_student(there, tmp_path: Path) -> None:
    source = download(
        tmp_path / "assignment_4711_export.zip",
        {
            "assignment_4711_export/submission_metadata.yml": METADATA.format(
                number=1, name="Ada Lovelace", sid="a7001"
            )
            + METADATA.format(number=2, name="Bo Müller", sid="b7002"),
            "assignment_4711_export/submission_1/manual_jacobian.py": RIGHT,
            "assignment_4711_export/submission_2/manual_jacobian.py": WRONG,
        },
    )
    export, possible = there(source)
    found = {
        student: json.loads(export("gradescope", "--student", student, "--assignment", "jacobians"))
        for student in ("a7001", "b7002")
    }
    assert [f"{each['score']:g}" for each in found.values()] == [possible, "0"]


@pytest.mark.slow
def test_a_roster_says_what_canvas_calls_students_who_came_from_elsewhere(there, tmp_path: Path) -> None:
    source = download(
        tmp_path / "all.zip", {"lovelace_ada_manual_jacobian.py": RIGHT, "mueller_bo_manual_jacobian.py": WRONG}
    )
    roster = tmp_path / "class.csv"
    roster.write_text("student;canvas id;name\nada;101;Ada Lovelace\nbo;102;Bo Mueller\n", encoding="utf-8")
    export, possible = there(source, "--roster", roster)
    gradebook = tmp_path / "Grades.csv"
    gradebook.write_text(GRADEBOOK.format(possible=f"{float(possible):.2f}"), encoding="utf-8")
    export("canvas", "--into", gradebook, "--roster", roster, "--out", tmp_path / "back.csv")
    assert [row[5] for row in rows(tmp_path / "back.csv")][2:] == [possible, "0", "", ""]
    export(
        "canvas",
        "--assignment",
        "jacobians",
        "--roster",
        roster,
        "--column",
        "jacobians=4711",
        "--out",
        tmp_path / "new.csv",
    )
    assert [row[:4] for row in rows(tmp_path / "new.csv")][2:] == [["ada", "101", "", "ada"], ["bo", "102", "", "bo"]]
