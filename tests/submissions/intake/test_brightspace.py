"""Brightspace's download: a folder for each time that somebody handed in is an attempt of that person, not a person."""

import pytest

from downloads import answer, zipped
from grader.errors import UsageError
from grader.submissions.find import find_submissions

ADA, NEWER, BOB = answer("manual_jacobian", " + 1"), answer("manual_jacobian", " + 2"), answer("sigmoid_grad", " + 3")
GRADEBOOK = """\
OrgDefinedId,Username,Last Name,First Name,Email,Week 1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator
#1001,#ada,Lovelace,Ada,ada@uni.example,,#
#1002,#bob,Müller-Lüdenscheidt,Bob,bob@uni.example,,#
"""


def files(first: str, second: str, third: str) -> dict[str, str | bytes]:
    """Two attempts of one student, the newer one first in the alphabet or not, and one of another."""
    return {
        "index.html": "<html>",
        f"397063-2557369 - Ada Lovelace - {first}/manual_jacobian.py": ADA,
        f"397063-2557369 - Ada Lovelace - {second}/manual_jacobian.py": NEWER,
        f"397063-2557369 - Bob Müller-Lüdenscheidt - {third}/sigmoid_grad.py": BOB,
    }


TIMES = [
    ("Sep 9, 2026 926 PM", "Sep 10, 2026 1001 AM", "Sep 10, 2026 1201 AM"),
    ("Nov 20, 2026 1159 AM", "Nov 20, 2026 1201 PM", "Nov 20, 2026 905 AM"),
    ("Dec 31, 2026 1159 PM", "Jan 1, 2027 1201 AM", "Jan 1, 2027 905 AM"),
    ("30 September, 2026 2126", "1 October, 2026 905", "1 October, 2026 1105"),
]


@pytest.mark.parametrize("times", TIMES)
def test_all_attempts_of_a_student_are_hers_and_the_newest_counts(collect, download, times):
    done = collect(download("Week 1 Download.zip", zipped(files(*times))))
    assert (done.problems, done.files) == (
        "", {"Ada Lovelace/jacobians/manual_jacobian.py": NEWER, "Bob Müller-Lüdenscheidt/jacobians/sigmoid_grad.py": BOB},
    )  # fmt: skip
    assert "Brightspace names students by their full names alone" in done.notices


def test_its_gradebook_is_a_roster_without_the_sign_before_each_id(collect, download):
    done = collect(download("w.zip", zipped(files(*TIMES[0]))), roster=GRADEBOOK)
    assert (done.problems, set(done.files)) == (
        "",
        {"ada/jacobians/manual_jacobian.py", "bob/jacobians/sigmoid_grad.py"},
    )


def test_where_no_time_can_be_read_none_of_two_attempts_is_guessed_to_be_the_newer(collect, download):
    done = collect(
        download("w.zip", zipped(files("20 ноября 2026 1159", "21 ноября 2026 1159", "21 ноября 2026 1200")))
    )
    assert (list(done.files), done.problems.count("name the one that counts")) == (
        ["Bob Müller-Lüdenscheidt/jacobians/sigmoid_grad.py"],
        2,
    )


def test_of_namesakes_in_the_roster_none_is_guessed(collect, download):
    done = collect(download("w.zip", zipped(files(*TIMES[0]))), roster="login,name\na1,Ada Lovelace\na2,Ada Lovelace\n")
    assert (done.rows, done.problems.count("may be a1 or a2")) == ([], 2)


def test_a_class_in_its_layout_is_refused_with_what_to_type(course, download):
    folders = {
        f"397063-2557369 - {name} - Sep 9, 2026 926 PM/manual_jacobian.py": ADA for name in ("Ada A", "Bob B", "Eve E")
    }
    with pytest.raises(UsageError, match=r"(?s)Brightspace's download.*grader collect"):
        find_submissions(download("submitted", folders), course)


def test_an_archive_that_a_student_named_so_is_no_download(collect, download):
    inside = zipped({"manual_jacobian.py": BOB})
    done = collect(
        download("class", {"eve/manual_jacobian.py": ADA, "1-2 - Ada Lovelace - Sep 9, 2026 926 PM.zip": inside})
    )
    assert "eve/jacobians/manual_jacobian.py" in done.files
    assert "Ada Lovelace/jacobians/manual_jacobian.py" not in done.files
