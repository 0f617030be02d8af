"""Everything handed in is found or named, without trusting any of it."""

from __future__ import annotations

import os

import pytest

from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.submissions import files
from grader.submissions.find import find_submissions
from grader.submissions.program import Refusal, read_program
from grader.submissions.submitted_at import last_modified

NOON = "2026-11-22T12:00:00Z"


@pytest.fixture
def hand_in(tmp_path):
    """A function that writes files into submitted/, all last written at NOON, and gives that folder."""
    submitted = tmp_path / "submitted"

    def write(*names, content="x = 1\n"):
        for name in names:
            path = submitted / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            os.utime(path, (1795348800, 1795348800))
        return submitted

    return write


def handed_in(submissions, submitted):
    """What was found: student, exercise, and the file."""
    return [
        (each.student, each.exercise, each.path and each.path.relative_to(submitted).as_posix()) for each in submissions
    ]


def test_every_student_has_every_exercise_sorted_by_student_then_in_course_order(course, hand_in):
    submitted = hand_in("bo/jacobians/sigmoid_grad.py", "al/backprop/backprop_batch.py")
    (submitted / "cy").mkdir()
    found = find_submissions(submitted, course)
    assert handed_in(found.submissions, submitted) == [
        ("al", "manual_jacobian", None),
        ("al", "sigmoid_grad", None),
        ("al", "backprop_batch", "al/backprop/backprop_batch.py"),
        ("bo", "manual_jacobian", None),
        ("bo", "sigmoid_grad", "bo/jacobians/sigmoid_grad.py"),
        ("bo", "backprop_batch", None),
        ("cy", "manual_jacobian", None),
        ("cy", "sigmoid_grad", None),
        ("cy", "backprop_batch", None),
    ]
    assert found.notices == ()


@pytest.mark.parametrize(
    ("files", "graded", "said"),
    [
        (["sigmoid_grad.py"], "sigmoid_grad.py", []),
        (["sigmoid_grad.ipynb"], "sigmoid_grad.ipynb", []),
        (["jacobians.ipynb"], "jacobians.ipynb", []),
        (["sigmoid_grad.py", "sigmoid_grad.ipynb"], "sigmoid_grad.py",
         ["al: jacobians/sigmoid_grad.py is graded, not sigmoid_grad.ipynb beside it"]),
        (["sigmoid_grad.ipynb", "jacobians.ipynb"], "sigmoid_grad.ipynb",
         ["al: jacobians/sigmoid_grad.ipynb is graded, not jacobians.ipynb beside it"]),
        (["sigmoid_grad.py", "sigmoid_grad.ipynb", "jacobians.ipynb"], "sigmoid_grad.py",
         ["al: jacobians/sigmoid_grad.py is graded, not sigmoid_grad.ipynb or jacobians.ipynb beside it"]),
    ],
)  # fmt: skip
def test_py_wins_over_the_notebooks_and_the_run_says_so(course, hand_in, files, graded, said):
    submitted = hand_in(*(f"al/jacobians/{file}" for file in files))
    found = find_submissions(submitted, course.select(exercise="sigmoid_grad"), whole=course)
    assert handed_in(found.submissions, submitted) == [("al", "sigmoid_grad", f"al/jacobians/{graded}")]
    assert list(found.notices) == said


def test_a_notebook_for_the_assignment_answers_each_of_its_exercises(course, hand_in):
    submitted = hand_in("al/jacobians/jacobians.ipynb")
    found = find_submissions(submitted, course)
    path = "al/jacobians/jacobians.ipynb"
    assert [each[2] for each in handed_in(found.submissions, submitted)] == [path, path, None]


@pytest.mark.parametrize("student", ["Ada Lovelace", "-rf", "Zoë", "=1+1", "学生", "a'b", "sigmoid_grad.py"])
def test_any_name_that_fits_on_a_line_is_a_student(course, hand_in, student):
    found = find_submissions(hand_in(f"{student}/jacobians/sigmoid_grad.py"), course)
    assert ({each.student for each in found.submissions}, found.notices) == ({student}, ())


@pytest.mark.parametrize("student", ["a\nb", "a\x1b[31mb", "a\u2028b", os.fsdecode(b"a\xff")])
def test_a_name_with_control_characters_is_refused_on_one_line(course, hand_in, student):
    found = find_submissions(hand_in(f"{student}/jacobians/x.py", "al/jacobians/sigmoid_grad.py"), course)
    assert {each.student for each in found.submissions} == {"al"}
    assert found.notices == ()
    assert found.unplaced == (f"{student!r} is no name for a student: nothing in that folder was graded; rename it",)
    assert found.unplaced[0].isprintable()
    with pytest.raises(UsageError, match="is no name for a student"):
        find_submissions(hand_in(), course, [student])


@pytest.mark.parametrize(("below", "what"), [("al", "the folder"), ("al/jacobians", "jacobians")])
def test_a_folder_that_cannot_be_read_is_named_in_red(course, hand_in, monkeypatch, below, what):
    """Its answers may be the only ones; that it is a link is told as a link is."""
    submitted = hand_in("al/jacobians/sigmoid_grad.py", "bo/jacobians/sigmoid_grad.py")

    def children(folder):
        return ({}, "Permission denied") if folder == submitted / below else files.children(folder)

    monkeypatch.setattr("grader.submissions.folder.children", children)
    found = find_submissions(submitted, course)
    (line,) = found.unplaced
    assert line.startswith(f"al: {what} cannot be read (Permission denied), and nothing in it was graded")


def test_a_folder_with_an_assignment_in_it_is_one_student(course, hand_in, monkeypatch):
    student = hand_in("al/jacobians/sigmoid_grad.py", "al/notes.txt") / "al"
    monkeypatch.chdir(student)
    for submitted in (student, student / "jacobians" / "..", student.relative_to(student)):
        found = find_submissions(submitted, course)
        assert {each.student for each in found.submissions} == {"al"}
        assert [each.path for each in found.submissions] == [
            None,
            student.resolve() / "jacobians/sigmoid_grad.py",
            None,
        ]
        assert found.notices == ("al: of no known exercise: 'notes.txt'",)


def test_one_student_can_be_asked_for(course, hand_in):
    submitted = hand_in("al/jacobians/sigmoid_grad.py", "bo/jacobians/typo.py", "loose.py")
    found = find_submissions(submitted, course, ["al"])
    assert ({each.student for each in found.submissions}, found.notices) == ({"al"}, ())


def test_several_students_can_be_asked_for(course, hand_in):
    submitted = hand_in("al/jacobians/sigmoid_grad.py", "bo/jacobians/typo.py", "cy/jacobians/sigmoid_grad.py")
    found = find_submissions(submitted, course, ["cy", "al", "cy"])
    assert [each.student for each in found.submissions] == ["al"] * 3 + ["cy"] * 3
    assert (found.notices, found.unplaced) == ((), ())


def test_an_unknown_student_is_a_usage_error_with_a_suggestion(course, hand_in):
    submitted = hand_in("alice/jacobians/sigmoid_grad.py", "bo/jacobians/sigmoid_grad.py")
    with pytest.raises(UsageError, match=r"no student 'Alise'"):
        find_submissions(submitted, course, ["bo", "Alise"])
    with pytest.raises(UsageError, match=r"no student 'Alise' in .*, which has 2; did you mean 'alice'\?"):
        find_submissions(submitted, course, ["Alise"])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "No such file"),
        (lambda path: path.touch(), "Not a directory"),
        (lambda path: path.mkdir(), "holds no student's folder"),
        (lambda path: (path.mkdir(), (path / "sigmoid_grad.py").touch()), "holds no student's folder"),
    ],
)
def test_a_folder_without_students_is_a_usage_error_that_shows_the_layout(course, tmp_path, make, message):
    make(tmp_path / "in")
    with pytest.raises(UsageError, match=message) as caught:
        find_submissions(tmp_path / "in", course)
    assert "<student>/<assignment>/<exercise>.py" in str(caught.value)


def test_files_of_no_known_exercise_are_named_with_where_they_may_belong(course, hand_in):
    submitted = hand_in(
        "al/jacobians/sigmoidgrad.py", "al/jacobians/backprop_batch.py", "al/jacobians/data/x.csv",
        "al/Jacobian/sigmoid_grad.py", "al/manual_jacobian.py", "al/jacobians/sigmoid_grad.py",
        "al/jacobians/manual_jacobian.py", "al/backprop/backprop_batch.py",
    )  # fmt: skip
    found = find_submissions(submitted, course)
    assert "\n".join(found.notices) == (
        "al: of no known exercise: 'Jacobian' (did you mean 'jacobians/'?),"
        " 'manual_jacobian.py' (it belongs at jacobians/manual_jacobian.py),"
        " 'jacobians/backprop_batch.py' (it belongs at backprop/backprop_batch.py), 'jacobians/data',"
        " 'jacobians/sigmoidgrad.py' (did you mean 'sigmoid_grad.py'?)"
    )


def test_a_notice_stays_short_and_on_one_line(course, hand_in):
    submitted = hand_in(*(f"al/jacobians/{number:03}\n.txt" for number in range(500)))
    (notice,) = find_submissions(submitted, course).notices
    assert notice.endswith("and 490 more")
    assert notice.isprintable()


def test_what_tools_leave_and_what_came_with_the_stubs_is_no_stranger(course, hand_in):
    submitted = hand_in(
        ".DS_Store", "__pycache__/x.pyc", "al/.git/config", "al/jacobians/.ipynb_checkpoints/x.ipynb", "al/timestamp.txt",
        "al/jacobians/__pycache__/x.pyc", "al/jacobians/x.pyc", "al/jacobians/sigmoid_grad.examples.json",
    )  # fmt: skip
    found = find_submissions(submitted, course)
    assert ({each.student for each in found.submissions}, found.notices) == ({"al"}, ())


def test_an_exercise_that_was_not_selected_is_no_stranger(course, hand_in):
    submitted = hand_in(
        "al/jacobians/sigmoid_grad.py", "al/jacobians/manual_jacobian.py", "al/backprop/backprop_batch.py"
    )
    found = find_submissions(submitted, course.select(exercise="sigmoid_grad"), whole=course)
    assert ([each.exercise for each in found.submissions], found.notices) == (["sigmoid_grad"], ())


def test_symlinked_folders_are_named_and_not_followed(course, hand_in):
    submitted = hand_in("al/jacobians/sigmoid_grad.py", "loose.txt")
    (submitted / "bo").symlink_to(submitted / "al")
    (submitted / "al/backprop").symlink_to(submitted / "al/jacobians")
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions} == {"al"}
    assert found.submissions[2].path is None
    assert found.notices == (
        "'bo' is a symlink, which is not followed",
        "'loose.txt' is not in a student's folder",
        "al: backprop cannot be read (a symlink is not followed)",
    )
    with pytest.raises(UsageError, match="'bo' is a symlink"):
        find_submissions(submitted, course, ["bo"])


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-11-22 15:56:00.123456 UTC\n", "2026-11-22T15:56:00Z"),
        ("2026-11-22 15:56:59.999999 UTC", "2026-11-22T15:56:59Z"),
        ("2026-11-22 15:56:00.123456 +0100", "2026-11-22T14:56:00Z"),
        ("2026-11-22T15:56:00-05:00", "2026-11-22T20:56:00Z"),
        ("2026-11-22T15:56:00Z", "2026-11-22T15:56:00Z"),
        ("2026-11-22 15:56:00 GMT", "2026-11-22T15:56:00Z"),
        ("2026-11-22 15:56:00", "2026-11-22T15:56:00Z"),
        ("yesterday", NOON),
        ("", NOON),
        ("0001-01-01 00:00:00 +0100", NOON),
        ("2026-11-22 15:56:00" + " " * 5000, NOON),
        ("é" * 10, NOON),
    ],
)
def test_submitted_at_is_nbgraders_timestamp_else_the_files_own(course, hand_in, timestamp, expected):
    submitted = hand_in("al/jacobians/sigmoid_grad.py")
    (submitted / "al/jacobians/timestamp.txt").write_text(
        timestamp, encoding="latin-1" if "é" in timestamp else "utf-8"
    )
    found = find_submissions(submitted, course)
    assert [each.submitted_at for each in found.submissions] == ["", expected, ""]


def test_a_symlinked_timestamp_is_not_followed(course, hand_in, tmp_path):
    submitted = hand_in("al/jacobians/sigmoid_grad.py")
    (tmp_path / "stamp").write_text("2020-01-01 00:00:00 UTC")
    (submitted / "al/jacobians/timestamp.txt").symlink_to(tmp_path / "stamp")
    assert find_submissions(submitted, course).submissions[1].submitted_at == NOON


def test_a_file_time_beyond_the_calendar_is_left_out():
    assert last_modified(os.stat_result([0] * 7 + [0, 10**17, 0])) == ""
    assert last_modified(os.stat_result([0] * 10)) == "1970-01-01T00:00:00Z"


def test_a_symlinked_file_is_found_so_that_its_reading_can_be_refused(course, hand_in):
    submitted = hand_in("al/jacobians/manual_jacobian.py")
    (submitted / "al/jacobians/sigmoid_grad.py").symlink_to("/nowhere")
    refused = read_program(find_submissions(submitted, course).submissions[1])
    assert isinstance(refused, Refusal)
    assert refused.verdict is Verdict.FORBIDDEN
