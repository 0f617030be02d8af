"""Tables that people write are read in whichever separator and encoding they were saved."""

from __future__ import annotations

import pytest

from grader.course.course_yml import load_course
from grader.course.teams import teams_of
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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.csv has no column 'who' and none 'until'; its first line is who,until,why"),
        (b"who;when\nada;now\n", "x.csv has no column 'until'; its first line is who,until,why"),
        (b'who,until\n"ada,now\n', "x.csv is not a CSV file that can be read (line 2: "),
    ],
)
def test_what_is_no_such_table_is_refused_with_what_it_lacks(data, said) -> None:
    with pytest.raises(UsageError) as caught:
        columns_of(data, "x.csv", ("who", "until", "why"), optional=("why",))
    assert said in str(caught.value)


def test_a_cell_may_be_as_long_as_an_answer() -> None:
    assert lines_of(b"a,b\n" + b"x" * 200_000 + b",1\n", "x.csv")[1][1][0] == "x" * 200_000
