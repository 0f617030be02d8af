"""Tables that people write are read in whichever separator and encoding they were saved."""

from __future__ import annotations

import pytest

from grader.course.course_yml import load_course
from grader.course.teams import teams_of, teams_told
from grader.errors import UsageError
from grader.tables import columns_of, lines_of
from repository import write_course


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_teams_are_read_in_any_separator_and_encoding(tmp_path, separator, encoding, end) -> None:
    course = load_course(
        write_course(
            tmp_path / "course",
            "title: T\nseed: 7\nassignments:\n  - {id: activations, title: A, exercises: [relu_grad]}\n",
        )
    )
    lines = (("student", "team"), ("Jürgen", "red"), ("", ""), ("bo", "blue"))
    (course.root / "teams.csv").write_bytes(end.join(map(separator.join, lines)).encode(encoding))
    assert teams_of(course) == {"Jürgen": "red", "bo": "blue"}


def test_a_line_has_its_number_and_a_cell_that_is_not_there_is_empty() -> None:
    found = columns_of(
        b'who , note,until\n\nada,"two\nlines",now\nbo\n', "x.csv", ("who", "until", "why"), optional=("why",)
    )
    assert found == [(4, {"who": "ada", "until": "now", "why": ""}), (5, {"who": "bo", "until": "", "why": ""})]


def test_headings_are_found_in_whatever_case_a_spreadsheet_has_given_them() -> None:
    assert columns_of(b"Who;UNTIL \nAda;now\n", "x.csv", ("who", "until")) == [(2, {"who": "Ada", "until": "now"})]


def test_a_name_in_teams_that_is_nobodys_is_told_with_whom_it_may_mean(tmp_path) -> None:
    """A slip there costs a student what the team has; so does a file that is not there."""
    text = "title: T\nseed: 7\nassignments:\n  - {id: activations, title: A, team: true, exercises: [relu_grad]}\n"
    course = load_course(write_course(tmp_path / "course", text))
    assert list(teams_told(course, {}, ["ada", "bo"])) == [
        "activations is for teams, and teams.csv beside course.yml names none: everybody is alone"
    ]
    teams = {"adda": "red", "bo": "red"}
    assert list(teams_told(course, teams, ["ada", "bo"])) == [
        "teams.csv has 'adda', of whom nothing is known; did you mean 'ada'? What the team has counts for nobody of that name"
    ]
    assert list(teams_told(course, {"ada": "red"}, ["ada", "bo"])) == []
    alone = load_course(write_course(tmp_path / "other", text.replace(" team: true,", "")))
    assert list(teams_told(alone, teams, ["ada", "bo"])) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.csv has no column 'who' and none 'until'; its first line has to be who,until,why"),
        (b"who;when\nada;now\n", "x.csv has no column 'until'; its first line has to be who,until,why"),
        (b'who,until\n"ada,now\n', "x.csv is not a CSV file that can be read (line 2: "),
    ],
)
def test_what_is_no_such_table_is_refused_with_what_it_lacks(data, said) -> None:
    with pytest.raises(UsageError) as caught:
        columns_of(data, "x.csv", ("who", "until", "why"), optional=("why",))
    assert said in str(caught.value)


def test_a_cell_may_be_as_long_as_an_answer() -> None:
    assert lines_of(b"a,b\n" + b"x" * 200_000 + b",1\n", "x.csv")[1][1][0] == "x" * 200_000
