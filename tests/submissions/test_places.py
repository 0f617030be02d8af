"""A file in its right place counts unless it is a stub; then what lies elsewhere is taken, or told, and never lost."""

from __future__ import annotations

import json
import os
import shlex
import time
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.submissions import answers
from grader.submissions.find import find_submissions
from grader.submissions.program import Refusal, Source, read_program

STUB = 'import numpy as np\n\n\ndef sigmoid_grad(z):\n    """It."""\n    raise NotImplementedError\n'
ANSWER = STUB.replace("raise NotImplementedError", "return z")
OTHER = "def manual_jacobian(x, y):\n    return x\n"


def notebook(*cells):
    written = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": written})


@pytest.fixture
def hand_in(tmp_path):
    """Write files, given as name=content, into submitted/, and give that folder."""
    submitted = tmp_path / "submitted"

    def write(files):
        for name, content in files.items():
            path = submitted / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return submitted

    return write


@pytest.fixture
def find(course, hand_in):
    """What is found of al's answer to sigmoid_grad: the file below al's folder, and all that is told."""

    def look(files):
        submitted = hand_in({f"al/{name}": content for name, content in files.items()})
        only = course.select(exercise="sigmoid_grad")
        found = find_submissions(submitted, only, whole=course)
        (submission,) = found.submissions
        path = submission.path and submission.path.relative_to(submitted / "al").as_posix()
        return path, submission, found

    return look


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"sigmoid_grad.py": STUB, "sigmoid_grad.ipynb": notebook(ANSWER)}, "sigmoid_grad.ipynb"),
        ({"sigmoid_grad.py": "", "sigmoid_grad.ipynb": notebook(ANSWER)}, "sigmoid_grad.ipynb"),
        ({"sigmoid_grad.py": STUB, "jacobians.ipynb": notebook(OTHER, ANSWER)}, "jacobians.ipynb"),
        ({"sigmoid_grad.py": STUB, "sigmoid_grad.ipynb": notebook(STUB), "jacobians.ipynb": notebook(ANSWER)},
         "jacobians.ipynb"),
        ({"sigmoid_grad.py": ANSWER, "sigmoid_grad.ipynb": notebook(STUB)}, "sigmoid_grad.py"),
        ({"sigmoid_grad.py": ANSWER, "jacobians.ipynb": notebook(OTHER)}, "sigmoid_grad.py"),
        ({"sigmoid_grad.py": STUB, "jacobians.ipynb": notebook(OTHER)}, "sigmoid_grad.py"),
        ({"sigmoid_grad.py": STUB, "sigmoid_grad.ipynb": notebook(STUB)}, "sigmoid_grad.py"),
        ({"sigmoid_grad.py": "def sigmoid_grad(z:", "sigmoid_grad.ipynb": notebook(STUB)}, "sigmoid_grad.py"),
    ],
)  # fmt: skip
def test_what_was_worked_on_counts_and_a_stub_beside_it_is_not_worth_a_word(find, files, counts):
    path, submission, found = find({f"jacobians/{name}": content for name, content in files.items()})
    assert (path, submission.note, found.notices, found.unplaced) == (f"jacobians/{counts}", "", (), ())


def test_of_a_file_and_a_notebook_that_were_both_worked_on_py_wins_and_student_and_run_are_told(find):
    path, submission, found = find(
        {"jacobians/sigmoid_grad.py": ANSWER, "jacobians/sigmoid_grad.ipynb": notebook(ANSWER)}
    )
    told = "jacobians/sigmoid_grad.py is graded, not sigmoid_grad.ipynb beside it"
    assert (path, submission.note, found.notices) == ("jacobians/sigmoid_grad.py", told, (f"al: {told}",))


ELSEWHERE = [
    "sigmoid_grad.py", "backprop/sigmoid_grad.py", "Jacobians/sigmoid_grad.py", "jacobians/Sigmoid_Grad.py",
    "jacobians/sigmoid_grad (1).py", "jacobians/sigmoid_grad-1.py", "jacobians/mueller_sigmoid_grad.py",
    "jacobians/sigmoid_grad.py.txt", "jacobians/jacobians/sigmoid_grad.py", "repo-main/jacobians/sigmoid_grad.py",
    "a/b/c/sigmoid_grad.py",
]  # fmt: skip
NOTEBOOKS = [
    "jacobians/sigmoid_grad (1).ipynb", "jacobians/sigmoid_grad-Copy1.ipynb", "jacobians/Jacobians.ipynb", "jacobians/jacobians-Copy1.ipynb",
    "jacobians/jacobians_renamed.ipynb", "jacobians.ipynb", "jacobians/sigmoid_grad.IPYNB", "jacobians/jacobians.ipynb.txt",
]  # fmt: skip


@pytest.mark.parametrize("place", [None, "jacobians/sigmoid_grad.py", "jacobians/jacobians.ipynb"])
@pytest.mark.parametrize("name", [*ELSEWHERE, *NOTEBOOKS])
def test_where_the_right_place_is_empty_or_a_stub_a_misplaced_file_is_taken_with_a_note(find, name, place):
    is_notebook = "ipynb" in name.casefold()
    files = {name: notebook(OTHER, ANSWER) if is_notebook else ANSWER}
    if place:
        files[place] = STUB if place.endswith(".py") else notebook(STUB)
    path, submission, found = find(files)
    assert path == name
    assert f"{name!r} is graded, which belongs at jacobians/" in submission.note
    assert found.unplaced == ()
    assert any(
        f"graded although not in its place: {name!r} as jacobians/sigmoid_grad" in each for each in found.notices
    )
    assert not any("of no known exercise" in each for each in found.notices)
    assert submission.notebook is is_notebook
    program = read_program(submission)
    assert isinstance(program, Source)
    assert len(program.cells) == (2 if is_notebook else 1)


def released(answer):
    """A notebook as it is released for an exercise: the answer's cell, and below it the examples and the checks, locked."""
    cells = [("solution-", answer, {"solution": True}), ("examples-", "import numpy as np\n\n\ndef examples_of(): ...\n", {}),
             ("checks-", "import os\n\nexamples_of()\n", {"grade": True})]  # fmt: skip
    written = [
        {"cell_type": "code", "source": source, "outputs": [],
         "metadata": {"nbgrader": {"grade_id": f"{name}sigmoid_grad", **roles}}} for name, source, roles in cells
    ]  # fmt: skip
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": written})


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "jacobians.ipynb"])
@pytest.mark.parametrize("place", ["jacobians/sigmoid_grad.ipynb", "jacobians/jacobians.ipynb"])
def test_beside_a_notebook_as_it_was_released_a_renamed_one_or_a_copy_is_taken(find, name, place):
    path, submission, found = find({place: released(STUB), name: released(ANSWER)})
    assert (path, found.unplaced) == (name, ())
    assert f"{name!r} is graded, which belongs at jacobians/" in submission.note


@pytest.mark.parametrize("name", [*ELSEWHERE, *NOTEBOOKS])
def test_beside_an_answer_in_its_place_nothing_else_is_taken(find, name):
    content = notebook(ANSWER) if "ipynb" in name.casefold() else ANSWER
    path, submission, found = find({"jacobians/sigmoid_grad.py": ANSWER + "#", name: content})
    assert path == "jacobians/sigmoid_grad.py"
    assert found.unplaced == ()
    assert submission.note == (
        "jacobians/sigmoid_grad.py is graded, not jacobians.ipynb beside it" if place(name) else ""
    )


def place(name):
    return name == "jacobians/jacobians.ipynb"


def test_of_several_misplaced_files_the_only_one_that_is_no_stub_is_taken(find):
    path, _, found = find({"sigmoid_grad.py": STUB, "jacobians/sigmoid_grad (1).py": ANSWER, "x/sigmoid_grad.py": ""})
    assert (path, found.unplaced) == ("jacobians/sigmoid_grad (1).py", ())


def test_of_several_that_were_worked_on_none_is_taken_and_all_are_named(find):
    path, submission, found = find({"sigmoid_grad.py": ANSWER, "jacobians/sigmoid_grad (1).py": ANSWER + "#"})
    assert path is None
    told = (
        "No answer is in its place at jacobians/sigmoid_grad.py (or .ipynb); 'sigmoid_grad.py',"
        " 'jacobians/sigmoid_grad (1).py' may be answers, of which none was graded: hand in your answer as that file"
    )
    assert (submission.note, found.unplaced) == (told, (f"al: {told}",))
    refusal = read_program(submission)
    assert isinstance(refusal, Refusal)
    assert refusal.feedback == f"{told}."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jacobians/sigmoid_gradient.py", "x = 1"),
        ("jacobians/sigmoid_gard.pdf", "PDF"),
        ("jacobians/sigmoid_grad", ANSWER),
        ("sigmoid_grad.zip", "PK"),
        ("jacobians/jacobians.zip", "PK"),
        ("jacobians/my_answer.py", ANSWER),
        ("jacobians/homework.ipynb", notebook("x = 1", ANSWER)),
        ("week1/all.txt", ANSWER),
        ("mueller_sigmoid_grad.py", "x = 1"),
        ("jacobians/sigmoid_grad_test.py", "from sigmoid_grad import sigmoid_grad\nassert sigmoid_grad"),
        ("jacobians/Jacobians.ipynb", "not a notebook"),
    ],
)
@pytest.mark.parametrize("stub", [True, False])
def test_what_defines_a_function_asked_for_or_is_nearly_named_so_is_told_in_the_same_words(find, name, content, stub):
    files = {name: content} | ({"jacobians/sigmoid_grad.py": STUB} if stub else {})
    path, submission, found = find(files)
    assert path == ("jacobians/sigmoid_grad.py" if stub else None)
    assert found.unplaced == (f"al: {submission.note}",)
    assert f"{name!r} may be one, and was not graded" in submission.note
    assert not any(name.rpartition("/")[2] in notice for notice in found.notices)
    if not stub:
        refusal = read_program(submission)
        assert isinstance(refusal, Refusal)
        assert (refusal.verdict, refusal.feedback) == (Verdict.NOT_ATTEMPTED, f"{submission.note}.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jacobians/notes.txt", "my notes"),
        ("jacobians/helpers.py", "def helper():\n    return 1\n"),
        ("jacobians/stubs.py", STUB),
        ("jacobians/old_stubs.ipynb", notebook(STUB)),
        ("week1/jacobians/sigmoid_grad.examples.json", "{}"),
        ("README.md", "read me"),
        ("jacobians/Jacobians.ipynb", notebook(STUB)),
    ],
)
def test_other_strangers_are_listed_and_no_fault(find, name, content):
    _, submission, found = find({name: content})
    assert (submission.path, submission.note, found.unplaced) == (None, "", ())
    assert any(repr(name.partition("/")[0] if name.startswith("week1") else name) in each for each in found.notices)


@pytest.mark.parametrize("stub", [{}, {"jacobians/sigmoid_grad.py": STUB}])
def test_what_the_hand_out_has_beside_a_stub_is_nothing_to_speak_of(find, stub):
    """Whoever hands in the whole folder hands in the pictures and examples as well."""
    _, submission, found = find(
        stub | {"jacobians/sigmoid_grad.svg": "<svg/>", "jacobians/sigmoid_grad.examples.json": "{}"}
    )
    assert (submission.note, found.unplaced, found.notices) == ("", (), ())


def test_an_unplaced_file_is_told_once_for_all_that_it_may_answer(course, hand_in):
    found = find_submissions(hand_in({"al/jacobians.zip": "PK"}), course)
    (line,) = found.unplaced
    assert "jacobians/manual_jacobian.py, jacobians/sigmoid_grad.py (or .ipynb); 'jacobians.zip' may be one" in line
    assert ["No answer" in each.note for each in found.submissions] == [True, True, False]


def test_the_names_asked_for_are_those_of_the_key(course, hand_in):
    submitted = hand_in({"al/jacobians/sigmoid_grad.py": STUB, "al/jacobians/jacobians.ipynb": notebook("g = abs")})
    for names, counts in ((("sigmoid_grad",), ".py"), (("sigmoid_grad", "g"), ".ipynb")):
        only = course.select(exercise="sigmoid_grad")
        (one,) = find_submissions(
            submitted, only, whole=course, functions=dict.fromkeys(only.exercises(), names).__getitem__
        ).submissions
        assert one.path is not None
        assert one.path.suffix == counts


def test_in_a_tidy_class_no_file_is_read_and_no_key_is_asked_for(course, hand_in, monkeypatch):
    submitted = hand_in({f"{name}/jacobians/sigmoid_grad.py": ANSWER for name in ("al", "bo")})
    monkeypatch.setattr(answers, "read_program", lambda _: pytest.fail("read"))
    found = find_submissions(submitted, course, functions=lambda _: pytest.fail("asked"))
    assert found.notices == ()


@pytest.mark.slow
def test_the_look_around_is_bounded_and_says_so(find):
    path, _, found = find({f"a/{number:05}.txt": "" for number in range(5_100)} | {"b/sigmoid_grad.py": ANSWER})
    assert path is None
    assert any("too many files" in notice for notice in found.notices)
    wide = find({f"w/{number:04}/x/y.txt": "" for number in range(2_600)})[2]
    assert any("too many files" in notice for notice in wide.notices)
    deep = "/".join("abcdefghi")
    path, _, found = find({f"{deep}/sigmoid_grad.py": ANSWER})
    assert path is None
    assert any("too deep" in notice for notice in found.notices)


def test_no_link_is_followed_and_hidden_or_left_over_files_are_no_answers(find, hand_in, tmp_path):
    left = (".git", "__MACOSX", "x/.ipynb_checkpoints", "x/__pycache__")
    submitted = hand_in({f"al/{folder}/sigmoid_grad.py": ANSWER for folder in left})
    (tmp_path / "sigmoid_grad.py").write_text(ANSWER)
    (submitted / "al" / "linked").symlink_to(tmp_path)
    (submitted / "al" / "x" / "sigmoid_grad.py").symlink_to(tmp_path / "sigmoid_grad.py")
    path, _, found = find({})
    assert (path, found.unplaced) == (None, ())


def test_what_is_read_of_one_student_s_strays_has_a_bound(find, monkeypatch):
    """Beyond it a file that surely is named so is taken as it is; others are told."""
    monkeypatch.setattr(answers, "MAX_READ", 0)
    monkeypatch.setattr(answers, "read_program", lambda _: pytest.fail("read"))
    assert find({"sigmoid_grad.py": STUB})[0] == "sigmoid_grad.py"


@pytest.mark.slow
def test_thousands_of_files_that_may_be_answers_cost_seconds(find):
    before = time.process_time()
    path, _, found = find({f"x/my_sigmoid_grad_{number}.py": ANSWER for number in range(3_000)})
    assert path is None
    assert "and 2990 more" in found.unplaced[0]
    assert time.process_time() - before < 10


def test_a_hard_link_is_said(course, hand_in):
    submitted = hand_in({"al/jacobians/sigmoid_grad.py": ANSWER})
    (submitted / "bo" / "jacobians").mkdir(parents=True)
    os.link(submitted / "al/jacobians/sigmoid_grad.py", submitted / "bo/jacobians/sigmoid_grad.py")
    (notice,) = find_submissions(submitted, course).notices
    assert "hard links" in notice
    assert "'al/jacobians/sigmoid_grad.py', 'bo/jacobians/sigmoid_grad.py'" in notice


def test_hidden_folders_and_what_macos_leaves_are_said_and_no_students(course, hand_in):
    submitted = hand_in({f"{name}/jacobians/sigmoid_grad.py": ANSWER for name in (".bob", "..bob", "__MACOSX", "al")})
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions} == {"al"}
    assert [notice.partition(" ")[0] for notice in found.notices] == ["'..bob'", "'.bob'", "'__MACOSX'"]
    assert all("no student's folder" in notice for notice in found.notices)
    with pytest.raises(UsageError, match=r"'\.bob' is no student's folder"):
        find_submissions(submitted, course, [".bob"])


def test_names_that_are_written_alike_are_said_to_be_two(course, hand_in):
    submitted = hand_in({f"{name}/jacobians/sigmoid_grad.py": ANSWER for name in ("J\u00fcrgen", "Ju\u0308rgen")})
    found = find_submissions(submitted, course)
    assert len({each.student for each in found.submissions}) == 2
    (notice,) = found.notices
    assert notice.isascii()
    assert "'Ju\\u0308rgen' and 'J\\xfcrgen' look alike" in notice


@pytest.mark.parametrize(
    "name",
    ["a\u202eb", "a\u200bb", "\ufeffab", "a\u2066b", "a\u00adb", "a\u3164b", "a\ufe0fb", "a\u2800b", "a\U000e0101b"],
)
def test_names_with_characters_that_are_not_seen_are_students_and_said(course, hand_in, name):
    """Alone, and beside the one that they look like: that is another student, and both are named."""
    submitted = hand_in({f"{name}/jacobians/sigmoid_grad.py": ANSWER})
    (notice,) = find_submissions(submitted, course).notices
    assert notice.isascii()
    assert "characters that are not seen" in notice
    found = find_submissions(hand_in({"ab/jacobians/sigmoid_grad.py": ANSWER}), course)
    assert {each.student for each in found.submissions} == {name, "ab"}
    (notice,) = found.notices
    assert notice.isascii()
    assert "look alike: they are graded as 2 students" in notice


@pytest.mark.parametrize("name", ["Ab", "\uff41b", "ab ", "a\u200bB"])
def test_names_that_a_reader_takes_for_one_are_two_students_and_said(course, hand_in, name):
    """By case, by width, by a space at the end: in a table, or on a disk that knows no case, they would be one."""
    submitted = hand_in({f"{each}/jacobians/sigmoid_grad.py": ANSWER for each in (name, "ab")})
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions} == {name, "ab"}
    (notice,) = found.notices
    assert "look alike" in notice


def test_an_assignment_s_folder_among_students_is_a_stranger_that_fails_the_run(course, hand_in):
    submitted = hand_in({"al/jacobians/sigmoid_grad.py": ANSWER, "jacobians/sigmoid_grad.py": ANSWER})
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions} == {"al"}
    (line,) = found.unplaced
    assert line.startswith("'jacobians' is an assignment's folder among those of students")


def test_only_where_every_folder_is_an_assignment_is_submitted_one_student(course, hand_in):
    submitted = hand_in({"jacobians/sigmoid_grad.py": ANSWER, "backprop/x.py": "", ".git/x": "", "notes.txt": ""})
    found = find_submissions(submitted, course)
    assert ({each.student for each in found.submissions}, found.unplaced) == ({"submitted"}, ())


# --- other services' layouts

MOODLE = [
    "Jürgen Müller_1013_assignsubmission_file_",
    "Ann Lee_1014_assignsubmission_file_",
    "B_1_assignsubmission_file",
]
GRADESCOPE = ["submission_1", "submission_22", "submission_333"]
GITHUB = ["jacobians-octo-cat", "jacobians-bob", "jacobians-zed"]
SLUG = ["homework-1-octo-cat", "homework-1-bob", "homework-1-zed"]


@pytest.mark.parametrize(
    ("folders", "layout"),
    [(MOODLE, "Moodle"), (GRADESCOPE, "Gradescope"), (GITHUB, "GitHub Classroom"), (SLUG, "GitHub Classroom")],
)
@pytest.mark.parametrize("others", [0, 3])
def test_half_of_a_class_in_another_service_s_layout_is_refused_by_its_name(course, hand_in, folders, layout, others):
    submitted = hand_in(
        {f"{folder}/sigmoid_grad.py": ANSWER for folder in folders}
        | {f"al{number}/jacobians/sigmoid_grad.py": ANSWER for number in range(others)}
    )
    with pytest.raises(UsageError, match=layout) as caught:
        find_submissions(submitted, course)
    for part in ("3 of", "nothing was graded", f"grader collect {submitted} --into "):
        assert part in str(caught.value)


def test_gradescope_s_list_names_its_layout_whatever_the_folders_are_called(course, hand_in):
    submitted = hand_in(
        {f"{name}/sigmoid_grad.py": ANSWER for name in ("a", "b", "c")} | {"submission_metadata.yml": ""}
    )
    with pytest.raises(UsageError, match="Gradescope"):
        find_submissions(submitted, course)


def test_what_the_refusal_says_to_type_arranges_the_class(course, hand_in, run):
    submitted = hand_in({f"{folder}/sigmoid_grad.py": ANSWER for folder in MOODLE})
    with pytest.raises(UsageError) as caught:
        find_submissions(submitted, course)
    (typed,) = (line for line in str(caught.value).splitlines() if line.startswith("  "))
    _, *arguments = shlex.split(typed)
    assert run("--course", course.root, *arguments).code == 0
    found = find_submissions(Path(arguments[-1]), course)
    assert [each.path is not None for each in found.submissions] == [False, True, False] * 3


@pytest.mark.parametrize(
    "files",
    [
        {f"{folder}/sigmoid_grad.py": ANSWER for folder in MOODLE[:2]},
        {f"{folder}/sigmoid_grad.py": ANSWER for folder in ("al", "bo", "cy", "dan")},
        {f"{folder}/sigmoid_grad.py": STUB for folder in MOODLE},
        {f"{folder}/jacobians/sigmoid_grad.py": ANSWER for folder in MOODLE},
        {f"{folder}/sigmoid_grad.py": ANSWER for folder in MOODLE}
        | {f"al{number}/jacobians/sigmoid_grad.py": ANSWER for number in range(4)},
    ],
    ids=["two", "no layout", "stubs", "in their places", "fewer than half"],
)
def test_anything_less_is_graded(course, hand_in, files):
    assert find_submissions(hand_in(files), course).submissions


def test_one_student_of_such_a_class_can_be_asked_for(course, hand_in):
    submitted = hand_in({f"{folder}/sigmoid_grad.py": ANSWER for folder in MOODLE})
    found = find_submissions(submitted, course, [MOODLE[0]])
    assert found.submissions[1].path is not None


def test_the_folder_around_an_export_is_no_student(course, hand_in):
    submitted = hand_in({f"assignment_4711_export/{name}/sigmoid_grad.py": ANSWER for name in GRADESCOPE})
    with pytest.raises(UsageError, match="is no student's folder but Gradescope's export; let it be arranged"):
        find_submissions(submitted, course)


def test_a_student_s_own_folders_refuse_nobody_s_run(course, hand_in):
    submitted = hand_in(
        {f"mallory/{name}/sigmoid_grad.py": ANSWER for name in GRADESCOPE} | {"al/jacobians/sigmoid_grad.py": ANSWER}
    )
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions if each.path} == {"al"}
