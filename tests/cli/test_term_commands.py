"""The commands of a term one by one: what they refuse, and what a person sees who marks in the terminal."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from downloads import zipped
from repository import reference, write_course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

COURSE = """\
title: A short term
seed: 1
repair: {{variants: 0}}
{rules}
assignments:
  - {{id: one, title: One, due: "2026-03-02T23:59:00+01:00", exercises: [manual_jacobian]}}
  - {{id: two, title: Two, due: "2026-03-09T23:59:00+01:00", exercises: [sigmoid_saturation_written]}}
"""
RIGHT, WRITTEN = reference("jacobians/manual_jacobian"), reference("sigmoid/sigmoid_saturation_written")
IN_TIME = "2026-03-02T20:00:00Z"


@pytest.fixture
def short(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make a short course with some rules, and grade a download of two students; gives what runs a command there."""
    monkeypatch.chdir(tmp_path)

    def make(rules: str = "", when: str = IN_TIME) -> Callable[..., str]:
        write_course(tmp_path, COURSE.format(rules=rules))
        metadata, files = "---\n", {}
        for number, who in enumerate(("ada", "bo"), 1):
            metadata += (
                f"submission_{number}:\n  :submitters:\n  - :sid: {who}\n    :name: {who}\n  :created_at: {when}\n"
            )
            files[f"assignment_1_export/submission_{number}/manual_jacobian.py"] = RIGHT
            files[f"assignment_1_export/submission_{number}/sigmoid_saturation_written.py"] = WRITTEN
        files["assignment_1_export/submission_metadata.yml"] = metadata
        (tmp_path / "all.zip").write_bytes(zipped(files))

        def call(*arguments: str, code: int = 0, say: str = "") -> str:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(say.encode())))
            done = run(*arguments)
            assert done.code == code, (arguments, done.err, done.out)
            return done.out + done.err

        call("collect", "all.zip")
        call("grade", "submitted", "--quiet")
        return call

    return make


def download(when: str, **answers: str) -> bytes:
    """What Gradescope gives of an assignment, in which some students handed in a Jacobian at a time."""
    metadata, files = "---\n", {}
    for number, (who, source) in enumerate(answers.items(), 1):
        metadata += f"submission_{number}:\n  :submitters:\n  - :sid: {who}\n    :name: {who}\n  :created_at: {when}\n"
        files[f"assignment_1_export/submission_{number}/manual_jacobian.py"] = source
    return zipped({"assignment_1_export/submission_metadata.yml": metadata, **files})


def grades(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    text = (folder / "results" / "grades.csv").read_text(encoding="utf-8")
    return {(row["student"], row["assignment"]): row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("width", [40, 60])
def test_in_a_narrow_terminal_no_word_is_broken(short, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """A student's sums, and an answer that is marked, its every line beside the bar."""
    call = short()
    monkeypatch.delenv("COLUMNS", raising=False)
    for command, say in ((("grades", "--explain", "ada"), ""), (("mark", "two"), "q\n")):
        whole = call(*command, say=say)
        monkeypatch.setenv("COLUMNS", str(width))
        narrow = call(*command, say=say).replace("points of 1 > ", "")
        monkeypatch.delenv("COLUMNS")
        assert max(map(cell_len, narrow.splitlines())) <= width
        assert narrow.replace("|", "").split() == whole.replace("points of 1 > ", "").replace("|", "").split()
        assert (narrow.count("  | ") > whole.count("  | ")) is (command[0] == "mark")


def test_a_written_answer_waits_is_marked_in_the_terminal_and_survives_regrading(short, tmp_path) -> None:
    """Not a zero and not a point for having written; what was skipped is asked again, and what was given can be taken back."""
    call = short()
    assert call("grade", "submitted").count("3/4 waits") == 2
    assert (grades(tmp_path)["ada", "two"]["score"], grades(tmp_path)["ada", "two"]["final"]) == ("3.0", "")
    assert "waits for a person" in (tmp_path / "results" / "feedback" / "ada" / "two.html").read_text()
    said = call("mark", "two", "--as", "eve", say="=7\nnonsense\n=0.5 # which one?\nu\n=1 # clear\ns\n")
    assert "ada" in said
    assert "points are from 0 to 1" in said
    assert "neither points nor lines" in said
    told = " ".join(said.split())
    assert "1 marked, 1 left; `grader grade SUBMITTED` brings grades.csv, reports and pages up to date" in told
    call("grade", "submitted", "--quiet")
    assert grades(tmp_path)["ada", "two"]["final"] == "4.0"
    page = (tmp_path / "results" / "feedback" / "ada" / "two.html").read_text()
    assert "clear" in page
    assert "which one?" not in page
    assert grades(tmp_path)["bo", "two"]["final"] == ""
    checks = tmp_path / "solutions" / "two" / "sigmoid_saturation_written_checks.py"
    checks.write_text(checks.read_text(encoding="utf-8") + "\n# another state of the checks\n", encoding="utf-8")
    call("regrade", "--apply", "--why", "a test")
    assert grades(tmp_path)["ada", "two"]["final"] == "4.0"
    anonymous = call("mark", "two", "--anonymous", "--as", "kim", "--again", say="=1\n=0\n")
    assert "ada" not in anonymous
    assert "bo" not in anonymous.split()
    assert "eve and kim: kappa 1.00 on 1 answer" in call("mark", "two", "--agreement")


def test_marks_of_a_spreadsheet_are_in_grades_csv_once_what_the_message_says_is_done(short, tmp_path) -> None:
    """The record has them at once, and with it the table of the term."""
    call = short()
    call("mark", "two", "--export", "sheet.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "sheet.csv").read_text(encoding="utf-8-sig"))))
    rows[1][rows[0].index("points")] = "1"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (tmp_path / "sheet.csv").write_text(text.getvalue(), encoding="utf-8")
    said = call("mark", "two", "--import", "sheet.csv")
    assert said.startswith("1 mark recorded; `grader grade SUBMITTED` brings grades.csv, reports and pages up to date")
    assert grades(tmp_path)["ada", "two"]["final"] == ""
    assert "ada,100.0" in call("grades", "--csv", "term.csv") + (tmp_path / "term.csv").read_text(encoding="utf-8")
    call("grade", "submitted", "--quiet")
    assert grades(tmp_path)["ada", "two"]["final"] == "4.0"


def filled(path: Path, *points: str) -> None:
    """Fill in the points of a sheet, from its first row on."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row, given in zip(rows[1:], points, strict=True):
        row[rows[0].index("points")] = given
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def test_a_second_opinion_in_a_spreadsheet_counts_where_it_agrees_as_where_it_differs(short, tmp_path) -> None:
    """Its sheet shows nothing of what the first gave; else agreement would be measured on what they disagree in alone."""
    call = short()
    call("mark", "two", "--as", "eve", say="=1\n=0.5\n")
    call("mark", "two", "--as", "kim", "--again", "--export", "sheet.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "sheet.csv").read_text(encoding="utf-8-sig"))))
    assert [row["points"] for row in rows] == ["", ""]
    filled(tmp_path / "sheet.csv", "1", "1")
    assert call("mark", "two", "--as", "kim", "--again", "--import", "sheet.csv").startswith("2 marks recorded; ")
    assert "eve and kim: kappa 0.00 on 2 answers" in call("mark", "two", "--agreement")
    again = call("mark", "two", "--as", "kim", "--again", "--import", "sheet.csv")
    assert again.startswith("0 marks recorded, 2 as they were; ")
    both = call("mark", "two", "--import", "sheet.csv", "--export", "other.csv", code=2)
    assert ("--export and --import are two things to do" in both, (tmp_path / "other.csv").exists()) == (True, False)


def test_a_comment_that_begins_as_a_formula_comes_back_as_it_was(short, tmp_path) -> None:
    """A sheet that is taken in again as it was exported changes nothing, and other points leave the comment alone."""
    call = short()
    call("mark", "two", say="=0.5 # -0.5 for the number\n=1\n")
    call("mark", "two", "--export", "sheet.csv")
    assert "'-0.5 for the number" in (tmp_path / "sheet.csv").read_text(encoding="utf-8-sig")
    assert call("mark", "two", "--import", "sheet.csv").startswith("0 marks recorded, 2 as they were; ")
    filled(tmp_path / "sheet.csv", "0.25", "1")
    assert call("mark", "two", "--import", "sheet.csv").startswith("1 mark recorded, 1 as they were; ")
    assert "0.25 points, '-0.5 for the number'" in call("audit", "ada", "sigmoid_saturation_written")


def test_who_takes_a_mark_back_leaves_what_was_given_before(short, tmp_path) -> None:
    """By somebody else, or by the same person at another time."""
    call = short()
    call("mark", "two", "--as", "eve", say="=0.5 # a beginning\n=0\n")
    call("mark", "two", "--as", "kim", "--again", say="=1\nu\nq\n")
    call("grade", "submitted", "--quiet")
    assert [grades(tmp_path)[who, "two"]["final"] for who in ("ada", "bo")] == ["3.5", "3.0"]
    assert "a beginning" in (tmp_path / "results" / "feedback" / "ada" / "two.html").read_text()


def test_explain_and_audit_tell_what_people_gave_and_decided(short) -> None:
    """The points are those of grades.csv, and how they came about has who gave them, more time, and what else was said."""
    call = short()
    assert "nobody has given points yet" in call("explain", "ada", "sigmoid_saturation_written")
    assert call("audit", "ada", "sigmoid_saturation_written").endswith("this counts, and waits for a person's points\n")
    call("mark", "two", "--as", "eve", say="=0.5 # which one?\n=1\n")
    call("extend", "ada", "two", "--days", "2", "--why", "ill")
    call("excuse", "bo", "one", "--why", "abroad")
    said = call("explain", "ada", "sigmoid_saturation_written")
    assert said.startswith("sigmoid_saturation_written: WRONG_ANSWER, 3.5 of 4 points\n")
    assert "  a person gave 0.5 of 1 point\n    which one?\n" in said
    result, mark, extended = call("audit", "ada", "sigmoid_saturation_written").splitlines()
    assert "4 of 4 ACCEPTED: the first result; this counts, with a person's points 3.5 of 4 WRONG_ANSWER" in result
    assert mark.endswith("mark by eve  sigmoid_saturation_written  reason_in_words: 0.5 points, 'which one?'")
    assert extended.endswith("two  ada until 2026-03-11T23:59:00+01:00: ill")
    assert "one  bo: abroad" in call("audit", "bo", "manual_jacobian")
    assert "mark by" not in call("audit", "bo", "manual_jacobian")


def test_an_answer_that_changes_is_asked_again(short, tmp_path) -> None:
    call = short()
    call("mark", "two", say="=1\n=1\n")
    said = " ".join(call("mark", "two").split())  # as wide as the terminal
    assert said == "0 written answers to mark: all 2 are marked; --again --as NAME is for a second opinion"
    assert call("mark", "one") == "0 written answers to mark: nobody has handed in one\n"
    path = tmp_path / "submitted" / "bo" / "two" / "sigmoid_saturation_written.py"
    path.write_text(WRITTEN.replace("it hardly reacts", "it does hardly react"), encoding="utf-8")
    call("grade", "submitted", "--quiet")
    assert (grades(tmp_path)["ada", "two"]["final"], grades(tmp_path)["bo", "two"]["final"]) == ("4.0", "")
    assert call("mark", "two", say="q\n").startswith("1 written answer to mark")


def test_points_in_the_place_of_the_judges_stay_with_the_answer_until_they_are_taken_back(short, tmp_path) -> None:
    """Grades, page, explain and audit have them; what is given for words stays apart, and another answer is the judge's again."""
    call = short()

    def final(who: str, assignment: str) -> str:
        call("grade", "submitted", "--quiet")
        return grades(tmp_path)[who, assignment]["final"]

    said = call("override", "ada", "manual_jacobian", "2", "--why", "appeal", "--comment", "Right but for the sign.")
    assert " ".join(said.split()).startswith(
        "ada, manual_jacobian: 2 points instead of the judge's 5 of 5; `grader grade"
    )
    assert (final("ada", "one"), final("bo", "one")) == ("2.0", "5.0")
    page = (tmp_path / "results" / "feedback" / "ada" / "one.html").read_text()
    assert "Right but for the sign." in page
    assert 'what a person gave instead: 2 points</span> <span class="score">-3</span>' in page
    assert call("explain", "ada", "manual_jacobian").startswith("manual_jacobian: ACCEPTED, 2 of 5 points")
    assert call("audit", "ada", "manual_jacobian").endswith(
        "in the place of the judge's points: 2 points, 'Right but for the sign.': appeal\n"
    )

    call("override", "ada", "sigmoid_saturation_written", "1", "--as", "eve")
    assert final("ada", "two") == ""
    call("mark", "two", say="=1\n=1\n")
    assert final("ada", "two") == "2.0"

    call("override", "ada", "manual_jacobian", "3", "--as", "eve")
    assert final("ada", "one") == "3.0"
    assert "2 points instead" in call("override", "ada", "manual_jacobian", "--withdraw", "--why", "too many")
    assert final("ada", "one") == "2.0"
    path = tmp_path / "submitted" / "ada" / "one" / "manual_jacobian.py"
    path.write_text(f"{RIGHT}\n# another\n", encoding="utf-8")
    assert final("ada", "one") == "5.0"
    assert "nobody has given ada points" in call("override", "ada", "manual_jacobian", "--withdraw", code=2)
    path.write_text(RIGHT, encoding="utf-8")
    assert final("ada", "one") == "2.0"
    assert "the judge's 5 of 5 again" in " ".join(call("override", "ada", "manual_jacobian", "--withdraw").split())
    assert final("ada", "one") == "5.0"


REFUSED = {
    "override ada manual_jacobian": "name the POINTS",
    "override ada manual_jacobian 1 --withdraw": "name the POINTS",
    "override ada manual_jacobian 5.5": "POINTS for manual_jacobian are from 0 to 5",
    "override ada manual_jacobian nan": "POINTS for manual_jacobian are from 0 to 5",
    "override adda manual_jacobian 1": "did you mean 'ada'",
    "override ada relu_jacobian 1": "'relu_jacobian'",
    "override ada manual_jacobian --withdraw": "nobody has given ada points for manual_jacobian",
    "extend ada one --until 2026-03-05T12:00:00": "has no time zone",
    "extend ada one --until soon": "is no date and time",
    "extend ada one --until 2026-03-01T12:00:00Z": "is not after the due date",
    "extend nobody one --days 1": "no student or team 'nobody'",
    "extend ada three --days 1": "'three'",
    "extend ada one": "--until TIME and --days N",
    "extend --from headless.csv": "has no column 'until'",
    "extend --from absent.csv": "cannot be read",
    "extend --from half.csv": "half.csv:3: there is no student or team 'nobody'",
    "extend --from faults.csv": (
        "faults.csv:2: there is no student or team 'nobody' in the record or teams.csv\nfaults.csv:4: 'soon' is no date and time"
    ),
    "excuse nobody one": "no student or team 'nobody'",
    "excuse ada three": "'three'",
    "publish three": "'three'",
    "feedback --as-of yesterday": "--as-of 'yesterday' is no date and time",
    "grades --explain adda": "did you mean 'ada'",
    "mark three": "three is no exercise of this course",
    "mark two --import absent.csv": "cannot be read",
    "mark two --import elsewhere.csv": "is no answer of this course",
    "mark two --import renamed.csv": "has no column 'points'",
    "mark two --import above.csv": "points are a number from 0 to 1",
}


def test_bad_input_is_one_clear_message_and_leaves_the_record_as_it_was(short, tmp_path, database) -> None:
    call = short()
    call("mark", "two", "--export", "sheet.csv")
    sheet = (tmp_path / "sheet.csv").read_text(encoding="utf-8-sig")
    files = {
        "headless": "who,assignment\nada,one\n",
        "half": "who,assignment,until\nada,one,2026-03-05T12:00:00Z\nnobody,one,2026-03-05T12:00:00Z\n",
        "faults": (
            "who;assignment;until\nnobody;one;2026-03-05T12:00:00Z\nada;one;2026-03-05T12:00:00Z\nada;one;soon\n"
        ),
        "elsewhere": "code,points,comment\n0123456789abcdef0123,1,\n",
        "renamed": sheet.replace(",points,", ",Points given,"),
        "above": "code,points,comment\n" + "".join(f"{line.split(',')[0]},2,\n" for line in sheet.splitlines()[1:] if line[:8].isalnum()),
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(database)) as record:
        before = list(record.execute("SELECT * FROM act"))
        for command, said in REFUSED.items():
            assert said in call(*command.split(), code=2)
            assert list(record.execute("SELECT * FROM act")) == before, command


def test_an_extension_moves_a_due_date_on_and_an_excuse_is_taken_back(short, tmp_path) -> None:
    """A day late costs a tenth, an extension gives it back, of several the last counts, and grades and pages follow."""
    call = short("late: {percent: 10}", when="2026-03-03T20:00:00Z")
    assert grades(tmp_path)["ada", "one"]["final"] == "4.5"
    call("extend", "ada", "one", "--days", "2", "--why", "ill")
    call("grade", "submitted", "--quiet")
    assert (grades(tmp_path)["ada", "one"]["final"], grades(tmp_path)["bo", "one"]["final"]) == ("5.0", "4.5")
    assert "10 % off" not in (tmp_path / "results" / "feedback" / "ada" / "one.html").read_text()
    call("excuse", "bo", "one")
    call("grade", "submitted", "--quiet")
    assert grades(tmp_path)["bo", "one"]["final"] == ""
    call("excuse", "bo", "one", "--withdraw")
    call("grade", "submitted", "--quiet")
    assert grades(tmp_path)["bo", "one"]["final"] == "4.5"


def test_a_check_is_seen_when_its_author_says_so(short, tmp_path) -> None:
    """After publication, not before; what is hidden is never seen. Grades do not depend on it."""
    call = short()
    checks = tmp_path / "solutions" / "one" / "manual_jacobian_checks.py"
    text = checks.read_text(encoding="utf-8").replace(
        "@check(points=2)", '@check(points=2, visibility="after_published")'
    )
    checks.write_text(text, encoding="utf-8")
    page = tmp_path / "results" / "feedback" / "ada" / "one.html"
    call("grade", "submitted", "--quiet")
    assert "3 of 3 points" in page.read_text()
    assert "1 more check is shown once your instructor publishes the results: 2 points." in page.read_text()
    assert grades(tmp_path)["ada", "one"]["score"] == "5.0"
    call("publish", "one")
    call("feedback")
    assert "5 of 5 points" in page.read_text()
    call("publish", "one", "--withdraw")
    assert "one is not published" in call("publish", "one", "--withdraw")
    call("feedback")
    assert "3 of 3 points" in page.read_text()
    call("publish", "one")
    assert "already" in call("publish", "one")
    call("feedback")
    assert "5 of 5 points" in page.read_text()


def test_a_due_date_that_is_over_when_the_course_is_handed_out_is_said(short) -> None:
    said = short()("release", "exercises")
    assert "one was due 2026-03-02T23:59:00+01:00, before it is handed out: change `due` in course.yml" in said


def test_who_was_not_graded_for_what_others_were_is_named_and_measured_as_they_are(short, tmp_path) -> None:
    """In the table, its files, the arithmetic and the summary; an export has no grade, and says so."""
    call = short()
    call("mark", "two", say="=1\n=1\n")
    (tmp_path / "submitted" / "cy" / "one").mkdir(parents=True)
    (tmp_path / "submitted" / "cy" / "one" / "manual_jacobian.py").write_text(RIGHT, encoding="utf-8")
    call("grade", "submitted", "--quiet", "--student", "cy", "--assignment", "one")
    told = "not graded yet, so 0: two for cy; run `grader grade SUBMITTED`"
    assert told in call("grades")
    assert told in call("grades", "--csv", "term.csv")
    assert "cy,55.55" in (tmp_path / "term.csv").read_text(encoding="utf-8")
    assert "sigmoid_saturation_written: not graded yet, 0 of 4" in call("grades", "--explain", "cy")
    plain = {each["student"]: each["assignments"] for each in json.loads(call("grades", "--json"))}
    assert [each["not_graded"] for each in plain["cy"]] == [[], ["sigmoid_saturation_written"]]
    assert [each["not_graded"] for each in plain["ada"]] == [[], []]
    assert "1 not graded yet" in call("summary")
    exported = call("export", "canvas")
    assert "cy,,,cy,,5,\r\n" in exported
    assert "note: two: not graded yet, so without a grade here: 'cy'" in exported
    call("grade", "submitted", "--quiet")
    assert "not graded yet" not in call("grades")
    call("grades", "--csv", "later.csv")
    assert (tmp_path / "later.csv").read_text() == (tmp_path / "term.csv").read_text()


def test_explain_and_audit_are_about_the_attempt_that_counts_and_say_where_it_is_not_the_newest(
    short, tmp_path
) -> None:
    """By the rules of the term; of the exercises to which nothing was found an audit of all is one line."""
    call = short("attempts: {count: best}")
    wrong = "def manual_jacobian(x, y):\n    return None\n"
    (tmp_path / "later.zip").write_bytes(download("2026-03-02T21:00:00Z", ada=wrong, cy=wrong))
    call("collect", "later.zip")
    call("grade", "submitted", "--quiet")
    assert grades(tmp_path)["ada", "one"]["score"] == "5.0"
    told = call("explain", "ada", "manual_jacobian")
    assert "manual_jacobian: ACCEPTED, 5 of 5 points" in told
    assert (
        f"by the rules of the term this attempt counts: manual_jacobian.py, handed in by ada at {IN_TIME}, 5 of 5 points; the newest is"
        " manual_jacobian.py, handed in by ada at 2026-03-02T21:00:00Z, 0 of 5 points"
    ) in told
    assert "note:" not in call("explain", "bo", "manual_jacobian")
    counting = [line for line in call("audit", "ada", "manual_jacobian").splitlines() if line.endswith("this counts")]
    assert ["5 of 5 ACCEPTED" in line for line in counting] == [True]
    *_, one, last = call("audit", "cy").splitlines()
    assert one.endswith("0 of 5 WRONG_ANSWER: the first result; this counts")
    assert last == "and 1 exercise for which nothing was found"
    assert "nothing was found; this counts" in call("audit", "cy", "sigmoid_saturation_written")


def test_what_a_team_mate_handed_in_is_explained_and_named_in_an_audit(short, tmp_path) -> None:
    """Of who handed nothing in as of who did: it is what counts."""
    call = short()
    text = (tmp_path / "course.yml").read_text(encoding="utf-8").replace("{id: one,", "{id: one, team: true,")
    (tmp_path / "course.yml").write_text(text, encoding="utf-8")
    (tmp_path / "teams.csv").write_text("student,team\nada,red\ncy,red\n", encoding="utf-8")
    (tmp_path / "submitted" / "cy" / "two").mkdir(parents=True)
    (tmp_path / "submitted" / "cy" / "two" / "sigmoid_saturation_written.py").write_text(WRITTEN, encoding="utf-8")
    call("grade", "submitted", "--quiet", "--student", "cy", "--assignment", "two")
    assert "this counts for the team: manual_jacobian.py, handed in by ada" in call("explain", "cy", "manual_jacobian")
    assert "one/manual_jacobian  what counts was handed in by ada for the team" in call("audit", "cy")


def test_canvas_flag_is_told_from_the_download_to_the_page_and_nothing_is_said_to_be_unknown(short, tmp_path) -> None:
    """In the arithmetic, on the page, in the report and the summary; and a class that has not changed is not written again."""
    call = short("late: {percent: 10}")
    files = {"roe_LATE_4712_9003_manual_jacobian.py": RIGHT, "doe_4713_9004_manual_jacobian.py": RIGHT}
    (tmp_path / "canvas.zip").write_bytes(zipped(files))
    call("collect", "canvas.zip")
    call("grade", "submitted", "--quiet")
    flag, unknown = "anvas says that it was late, but not by how much", "o service says when it was handed in"
    assert flag in call("grades", "--explain", "roe_4712")
    assert unknown in call("grades", "--explain", "doe_4713")
    page = (tmp_path / "results" / "feedback" / "roe_4712" / "one.html").read_text(encoding="utf-8")
    assert (flag in page, unknown in page) == (True, False)
    assert grades(tmp_path)["roe_4712", "one"]["final"] == "5.0"
    assert "late: 1 assignment of 1 student" in call("summary")
    call("report", "--csv", "tables")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tables" / "late.csv").read_text(encoding="utf-8"))))
    assert [row["by whose word"].partition(",")[0] for row in rows if row["student"] == "roe_4712"] == ["Canvas's"]
    history = call("audit", "roe_4712")
    call("grade", "submitted", "--quiet")
    assert call("audit", "roe_4712") == history
