"""A person's points: they stay with a text, they replace the judge's, and a sheet brings them back whatever its order."""

from __future__ import annotations

import csv
import io
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.marks import (
    Answer,
    Mark,
    agreement,
    answers,
    from_sheet,
    points_of,
    text_name,
    to_sheet,
    with_marks,
)


def written(text: str = "because s tends to 1", max_points: float = 2.0) -> ExerciseResult:
    """An exercise with a number, which the judge has accepted, and a reason."""
    number = CheckResult(name="value", claim="is 0", public=False, verdict=Verdict.ACCEPTED, points=3.0, max_points=3.0)
    why = CheckResult(name="why", claim="says why", public=False, verdict=Verdict.ACCEPTED, points=max_points,
                      max_points=max_points, kept=text)  # fmt: skip
    return ExerciseResult.of("saturation", [number, why])


def mark(points: float | None, text: str = "because s tends to 1", comment: str = "", by: str = "") -> Mark:
    """What a person gave alice for her reason."""
    return Mark(
        student="alice", exercise="saturation", check="why", text=text_name(text), points=points, comment=comment, by=by
    )


def by_text(*marks: Mark) -> dict[tuple[str, str, str, str], Mark]:
    return {each.whose: each for each in marks}


def test_a_written_answer_waits_and_has_no_points_until_a_person_gives_them():
    found = with_marks("alice", written(), {})
    assert (found.score, found.max_score, found.verdict) == (3.0, 5.0, Verdict.ACCEPTED)
    assert [check.waiting for check in found.checks] == [False, True]


def test_a_mark_replaces_what_waits():
    found = with_marks("alice", written(), by_text(mark(1.5, comment="which limit?")))
    assert (found.score, found.checks[1].points, found.checks[1].waiting) == (4.5, 1.5, False)
    assert (found.checks[1].comment, found.verdict) == ("which limit?", Verdict.WRONG_ANSWER)


def test_a_mark_that_was_taken_back_waits_again():
    assert with_marks("alice", written(), by_text(mark(None))).checks[1].waiting


def test_a_mark_is_of_its_text_and_its_student_alone():
    marks = by_text(mark(2.0))
    assert with_marks("alice", written("because s tends to 0"), marks).checks[1].waiting
    assert with_marks("bob", written(), marks).checks[1].waiting


def test_a_text_that_was_refused_or_is_worth_nothing_is_nobodys_to_mark():
    refused = CheckResult(
        name="why", claim="c", public=False, verdict=Verdict.WRONG_ANSWER, points=0.0, max_points=1.0, kept="x"
    )
    result = ExerciseResult.of("e", [refused])
    assert not answers("alice", result)
    assert with_marks("alice", result, {}) is result
    assert with_marks("alice", written(max_points=0.0), {}).score == 3.0


@given(st.floats(0, 2))
def test_the_points_of_a_result_with_marks_add_up(points: float) -> None:
    found = with_marks("alice", written(), by_text(mark(points)))
    assert found.score == math.fsum(check.points for check in found.checks)
    assert with_marks("alice", written(), by_text(mark(points))) == found


def test_each_line_of_a_rubric_is_worth_the_same():
    assert points_of([1, 3, 3], ["a", "b", "c"], 3.0) == 2.0
    assert points_of([], ["a", "b", "c"], 3.0) == 0.0


def test_agreement_by_hand():
    """Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no of 50 give 0.4."""
    pairs = [(1.0, 1.0)] * 20 + [(1.0, 0.0)] * 5 + [(0.0, 1.0)] * 10 + [(0.0, 0.0)] * 15
    one = [mark(points, str(number)) for number, (points, _) in enumerate(pairs)]
    other = [mark(points, str(number)) for number, (_, points) in enumerate(pairs)]
    kappa, texts = agreement(one, other)
    assert (round(kappa, 12), texts) == (0.4, 50)
    assert agreement(one, one) == (1.0, 50)
    assert math.isnan(agreement(one, [])[0])


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=40)


def answer(number: int, text: str) -> Answer:
    return Answer(student=f"s{number}", exercise="e", check="why", claim="says why", text=text, max_points=2.0)


@given(st.lists(st.tuples(TEXTS, st.none() | st.sampled_from([0.0, 0.5, 2.0])), min_size=1, max_size=6), st.randoms(),
       st.booleans())  # fmt: skip
def test_a_sheet_brings_the_marks_back_whatever_its_order(given_marks, random, anonymous):
    found = [answer(number, text) for number, (text, _) in enumerate(given_marks)]
    marks = by_text(*(Mark(student=each.student, exercise="e", check="why", text=text_name(each.text), points=points)
                      for each, (_, points) in zip(found, given_marks, strict=True)))  # fmt: skip
    rows = list(
        csv.reader(io.StringIO(to_sheet("T", found, marks, anonymous=anonymous).decode("utf-8-sig"), newline=""))
    )
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([rows[0], *random.sample(rows[1:], len(rows) - 1)])
    back = from_sheet("T", text.getvalue().encode(), found, "sheet.csv")
    assert by_text(*back) == {whose: each for whose, each in marks.items() if each.points is not None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [row[:6] + row[7:] for row in rows], "has no column 'points'"),
        (lambda rows: [rows[0], [*rows[1][:6], "2.5", ""]], "sheet.csv:2: points are a number from 0 to 2, not '2.5'"),
        (lambda rows: [rows[0], [*rows[1][:6], "nan", ""]], "points are a number from 0 to 2, not 'nan'"),
        (
            lambda rows: [rows[0], ["0" * 20, *rows[1][1:6], "1", ""]],
            "is no answer of this course, or its text has changed",
        ),
        (lambda rows: [*rows, rows[1]], "sheet.csv:3: this answer stands in line 2 already"),
    ],
)
def test_a_sheet_that_is_not_right_is_refused_with_its_line(change, said):
    found = [answer(0, "why")]
    marks = by_text(Mark(student="s0", exercise="e", check="why", text=text_name("why"), points=1.0))
    rows = list(csv.reader(io.StringIO(to_sheet("T", found, marks, anonymous=False).decode("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text).writerows(change(rows))
    with pytest.raises(UsageError, match=r"sheet\.csv") as caught:
        from_sheet("T", text.getvalue().encode(), found, "sheet.csv")
    assert said in str(caught.value)


def test_a_sheet_of_another_course_is_refused():
    found = [answer(0, "why")]
    marks = by_text(Mark(student="s0", exercise="e", check="why", text=text_name("why"), points=1.0))
    with pytest.raises(UsageError, match="is no answer of this course"):
        from_sheet("another", to_sheet("T", found, marks, anonymous=False), found, "sheet.csv")


def test_no_code_is_a_number_to_a_spreadsheet():
    """One that is saved as 1.2E+19 finds its answer no more, and comes out the same when the sheet is exported again."""
    rows = to_sheet("T", [answer(number, "why") for number in range(300)], {}, anonymous=True).decode().splitlines()[1:]
    assert len(rows) == 300
    assert all(row[0] == "x" for row in rows)


def test_an_anonymous_sheet_names_nobody():
    assert b"s0" not in to_sheet("T", [answer(0, "why")], {}, anonymous=True)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_in_an_answer_it_stays_in_its_row(text) -> None:
    """Ends of lines too, of any kind; so a sheet that is filled in is read back."""
    (answer,) = answers("alice", written(f"x{text}"))
    rows = list(csv.reader(io.StringIO(to_sheet("C", [answer], {}, anonymous=False).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    lines = re.split(r"\r\n?|\n", answer.text)
    seen = ["".join(letter if letter.isprintable() or letter == "\t" else "?" for letter in line) for line in lines]
    assert rows[1][4].replace("'", "") == "\n".join(seen).replace("'", "")


def test_what_would_drive_a_terminal_is_inert_in_a_sheet() -> None:
    (answer,) = answers("alice", written("because\x1b[2J\x00 of\tthis\r\nand that"))
    rows = list(csv.reader(io.StringIO(to_sheet("C", [answer], {}, anonymous=False).decode("utf-8-sig"), newline="")))
    assert rows[1][4] == "because?[2J? of\tthis\nand that"
