"""What could not be placed is remembered, and graded as a misplaced file is: not, and never silently."""

from __future__ import annotations

import hashlib

import pytest

from downloads import answer, zipped
from grader.submissions.find import find_submissions
from grader.submissions.intake.received import read_received

M, S = answer("manual_jacobian"), answer("sigmoid_grad")
WRONG = "def sigmoid_grad(z):\n    return z\n"


@pytest.fixture
def told(course, tmp_path):
    """What a run over the class would name in red, and what it would tell each student."""

    def look(student="Anna_1"):
        found = find_submissions(tmp_path / "submitted", course)
        return found.unplaced, {each.exercise: each.note for each in found.submissions if each.student == student}

    return look


def hand_in(files, day=20, student="Anna_1"):
    return zipped({f"{student}_assignsubmission_file_/{name}": text for name, text in files.items()}, day)


@pytest.mark.parametrize(
    "files",
    [
        {"sigmoid_gradient.py": WRONG},
        {"sigmoid_grad (1).py": S, "sigmoid_grad (2).py": WRONG},
        {"a/sigmoid_grad.py": S, "b/sigmoid_grad.py": WRONG},
        {"abgabe.7z": "7z", "abgabe.rar": "Rar!"},
        {"solution.pdf": "%PDF"},
        {"sigmoid_grad.zip": "no zip"},
    ],
)
def test_what_was_not_placed_is_named_in_red_and_to_its_student(collect, download, told, files):
    classmates = {f"Bo_{number}_assignsubmission_file_/sigmoid_grad.py": S for number in range(2, 4)}
    done = collect(
        download(
            "w.zip",
            zipped({f"Anna_1_assignsubmission_file_/{name}": each for name, each in files.items()} | classmates),
        )
    )
    assert done.problems
    assert not [row for row in done.rows if row[0] == "Anna_1"]
    (line,), notes = told()
    assert line.startswith("Anna_1: No answer is in its place at jacobians/sigmoid_grad.py (or .ipynb)")
    assert all(repr(name) in line and repr(name) in notes["sigmoid_grad"] for name in files)
    assert notes["manual_jacobian"] == ""


@pytest.mark.parametrize("name", ["sigmoid_grad.docx", "sigmoid_grad.txt", "Sigmoid grad (1).pdf", "sigmoid_grad"])
def test_a_file_of_another_kind_that_is_named_as_an_answer_is_told_beside_answers(collect, download, told, name):
    done = collect(download("w.zip", hand_in({"manual_jacobian.py": M, name: S, "plot.png": "PNG"})))
    (problem,) = done.problems.splitlines()
    assert problem.endswith(f"{name!r} may answer sigmoid_grad, and is no program and no notebook")
    (line,), notes = told()
    assert f"{name!r} may be one, and was not graded" in line
    assert f"{name!r} may be one, and was not graded" in notes["sigmoid_grad"]
    assert notes["manual_jacobian"] == ""


def test_it_is_nothing_to_speak_of_beside_the_answer_itself(collect, download, told):
    files = {"manual_jacobian.py": M, "sigmoid_grad.py": S, "sigmoid_grad.pdf": "%PDF", "sigmoid_grad.svg": "<svg/>"}
    assert collect(download("w.zip", hand_in(files))).problems == ""
    assert told()[0] == ()


def test_it_is_told_in_the_layout_of_each_service(collect, download, told):
    metadata = "submission_1:\n  :submitters:\n  - :sid: anna\n  :created_at: 2026-11-20 21:05:07 Z\n"
    downloads: tuple[tuple[str, dict[str, str | bytes], str], ...] = (
        ("flat.zip", {"Anna_1_assignsubmission_file_sigmoid_grad.docx": "", "Anna_1_assignsubmission_file_manual_jacobian.py": M}, "Anna_1"),
        ("canvas.zip", {"doe_1_2_sigmoid_grad.docx": "", "doe_1_3_manual_jacobian.py": M}, "doe_1"),
        ("scope.zip", {"submission_metadata.yml": metadata, "submission_1/sigmoid_grad.docx": "", "submission_1/manual_jacobian.py": M}, "anna"),
        ("hub.zip", {"jacobians-ann/sigmoid_grad.docx": "", "jacobians-ann/manual_jacobian.py": M, "jacobians-ben/sigmoid_grad.py": S}, "ann"),
        ("nb.zip", {"alma/jacobians/sigmoid_grad.docx": "", "alma/jacobians/manual_jacobian.py": M}, "alma"),
        ("folders.zip", {"doe_jane/sigmoid_grad.docx": "", "doe_jane/manual_jacobian.py": M}, "doe_jane"),
        ("packed.zip", {"foe_al.zip": zipped({"sigmoid_grad.docx": "", "manual_jacobian.py": M})}, "foe_al"),
        ("names.zip", {"moe_sam_sigmoid_grad.docx": "", "moe_sam_manual_jacobian.py": M}, "moe_sam"),
    )  # fmt: skip
    for name, files, student in downloads:
        assert "may answer sigmoid_grad, and is no program" in collect(download(name, zipped(files))).problems, name
        assert "sigmoid_grad.docx' may be one, and was not graded" in told(student)[1]["sigmoid_grad"], name


def test_among_files_named_after_students_it_makes_nobody_a_student(collect, download, tmp_path):
    done = collect(
        download("names.zip", zipped({"moe_sam_sigmoid_grad.py": S, "doe_jo_sigmoid_grad.docx": "", "b.png": ""}))
    )
    assert done.problems == "names.zip: 'doe_jo_sigmoid_grad.docx' is no program and no notebook"
    assert not list((tmp_path / "submitted").glob("doe*"))


def test_its_content_is_kept(collect, download, tmp_path):
    collect(download("w.zip", hand_in({"sigmoid_gradient.py": WRONG})))
    (unplaced,) = read_received(tmp_path / "submitted", "Anna_1", "jacobians").unplaced
    assert (unplaced.file, unplaced.exercises, unplaced.source) == ("sigmoid_gradient.py", ("sigmoid_grad",), "w.zip")
    assert unplaced.sha256 == hashlib.sha256(WRONG.encode()).hexdigest()
    assert (tmp_path / "submitted/.intake/contents" / unplaced.sha256).read_text() == WRONG


def test_collecting_it_again_changes_nothing(collect, download, tmp_path, told):
    source = download("w.zip", hand_in({"sigmoid_gradient.py": WRONG, "manual_jacobian.py": M}))
    for _ in range(2):
        collect(source)
        assert len(read_received(tmp_path / "submitted", "Anna_1", "jacobians").unplaced) == 1
        assert len(told()[0]) == 1


def test_an_answer_in_its_place_settles_it_collected_later_or_put_there_by_hand(collect, download, tmp_path, told):
    collect(download("w.zip", hand_in({"sigmoid_gradient.py": WRONG})))
    collect(download("mail.zip", hand_in({"sigmoid_grad.py": S}, 21)))
    assert told()[0] == ()
    (tmp_path / "submitted/Anna_1/jacobians/sigmoid_grad.py").unlink()
    assert len(told()[0]) == 1
    (tmp_path / "submitted/Anna_1/jacobians/sigmoid_grad.py").write_text(WRONG)
    assert told()[0] == ()


def test_a_later_download_of_the_same_name_without_it_settles_it_and_an_earlier_one_or_another_does_not(
    collect, download, told
):
    first = download("w.zip", hand_in({"manual_jacobian.py": M}, 20))
    collect(first, download("w (1).zip", hand_in({"sigmoid_gradient.py": WRONG, "manual_jacobian.py": M}, 21)))
    assert len(told()[0]) == 1
    collect(first)
    collect(download("late.zip", hand_in({"manual_jacobian.py": M + "#"}, 22)))
    assert len(told()[0]) == 1
    collect(download("w (2).zip", hand_in({"manual_jacobian.py": M + "##"}, 23)))
    assert told()[0] == ()


def test_an_archive_that_stays_closed_is_that_student_s_in_the_layout_of_each_service(collect, download, told):
    metadata = "submission_1:\n  :submitters:\n  - :sid: anna\n  :created_at: 2026-11-20 21:05:07 Z\n"
    downloads: tuple[tuple[str, dict[str, str | bytes], str], ...] = (
        ("flat.zip", {"Anna_1_assignsubmission_file_x.7z": "", "Bo_2_assignsubmission_file_sigmoid_grad.py": S}, "Anna_1"),
        ("canvas.zip", {"doe_1_2_x.7z": "", "roe_2_3_sigmoid_grad.py": S}, "doe_1"),
        ("scope.zip", {"submission_metadata.yml": metadata, "submission_1/x.7z": ""}, "anna"),
        ("hub.zip", {"jacobians-ann/x.7z": "", "jacobians-ben/sigmoid_grad.py": S}, "ann"),
        ("nb.zip", {"alma/jacobians/x.7z": "", "bert/jacobians/sigmoid_grad.py": S}, "alma"),
        ("folders.zip", {"doe_jane/x.7z": "", "roe_jim/sigmoid_grad.py": S}, "doe_jane"),
        ("archives.zip", {"poe_ed.7z": "", "foe_al.zip": zipped({"sigmoid_grad.py": S})}, "poe_ed"),
    )  # fmt: skip
    for name, files, student in downloads:
        assert "of a kind that is not opened" in collect(download(name, zipped(files))).problems
        note = told(student)[1]["sigmoid_grad"]
        assert ".7z' may be one, and was not graded" in note
        assert note.endswith(".7z' is an archive of a kind that is not opened: unpack it, or pack it as a zip")


def test_a_file_of_the_right_name_that_was_not_read_is_told_with_what_is_wrong(collect, download, told):
    """To hand it in under that name is what its student has done."""
    collect(download("w.zip", hand_in({"sigmoid_grad.py": S + "#" * 2**22, "manual_jacobian.py": M}, 20)))
    (line,), notes = told()
    assert line.endswith("; 'sigmoid_grad.py' was packed more than 200 times, as no program is")
    assert notes["sigmoid_grad"].endswith("was packed more than 200 times, as no program is")


@pytest.mark.parametrize(
    ("name", "student"),
    [("Anna_1_assignsubmission_onlinetext_/onlinetext.html", "Anna_1"), ("Anna_1_assignsubmission_onlinetext_onlinetext.html", "Anna_1"),
     ("doe_1_text.html", "doe_1")],
)  # fmt: skip
def test_what_was_typed_into_a_text_box_may_be_an_answer_too(collect, download, told, name, student):
    classmates = {"roe_2_3_sigmoid_grad.py": S} if student == "doe_1" else {}
    done = collect(download("w.zip", zipped({name: "<p>def sigmoid_grad(x): ..."} | classmates)))
    assert done.problems
    (line,), notes = told(student)
    assert line.startswith(f"{student}: No answer is in its place")
    assert ".html' may be one, and was not graded" in notes["sigmoid_grad"]


def test_a_class_none_of_whom_was_placed_is_graded_as_a_class(collect, download, told):
    """What was collected is in no layout of another service, whatever the students are called."""
    files = {f"jacobians-s{number}_{number}_assignsubmission_file_/sigmoid_gradient.py": WRONG for number in range(5)}
    collect(download("w.zip", zipped(files)))
    assert len(told()[0]) == 5
