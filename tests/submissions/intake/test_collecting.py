"""Collecting as a whole: all or nothing, again and again, by the rules by which a class is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from downloads import answer, zipped
from grader.course.course_yml import load_course
from grader.errors import UsageError
from grader.submissions.find import find_submissions
from grader.submissions.intake.collecting import collecting

M, S, B = (answer(name) for name in ("manual_jacobian", "sigmoid_grad", "backprop_batch"))
STUB = "def manual_jacobian(x):\n    raise NotImplementedError\n"


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_collecting_again_changes_no_byte_and_no_time(collect, download, tmp_path):
    source = download(
        "c.zip", zipped({"doe_1_2_manual_jacobian.py": M, "roe_2_3_hw.zip": zipped({"sigmoid_grad.py": S})})
    )
    collect(source)
    before = tree(tmp_path / "submitted")
    assert {row[2] for row in collect(source).rows} == {"same"}
    assert tree(tmp_path / "submitted") == before


def test_a_dry_run_shows_all_and_writes_nothing(collect, download, tmp_path):
    done = collect(download("c.zip", zipped({"doe_1_2_manual_jacobian.py": M})), dry_run=True, roster="login\nx\n")
    assert done.problems
    done = collect(download("d.zip", zipped({"doe_1_2_manual_jacobian.py": M})), dry_run=True)
    assert done.rows == [("doe_1", "jacobians/manual_jacobian.py", "new")]
    assert not (tmp_path / "submitted").exists()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("manual_jacobian-1.py", "jacobians/manual_jacobian.py"),
        ("Manual_Jacobian (2).py", "jacobians/manual_jacobian.py"),
        ("mueller_manual_jacobian.py", "jacobians/manual_jacobian.py"),
        ("manual_jacobian.py.txt", "jacobians/manual_jacobian.py"),
    ],
)
def test_a_file_is_placed_by_the_exercise_in_its_name(collect, download, name, place):
    done = collect(download("m.zip", zipped({f"Anna_1_assignsubmission_file_/{name}": M})))
    assert (done.rows, done.problems) == ([("Anna_1", place, "new")], "")


@pytest.mark.parametrize("folder", ["", "jacobians/", "repo-main/jacobians/", "backprop/", "Jacobians/"])
def test_a_file_is_placed_wherever_it_lay(collect, download, folder):
    done = collect(download("m.zip", zipped({f"Anna_1_assignsubmission_file_/{folder}manual_jacobian.py": M})))
    assert done.rows == [("Anna_1", "jacobians/manual_jacobian.py", "new")]


def hand_in(files):
    return zipped({f"Anna_1_assignsubmission_file_/{name}": text for name, text in files.items()})


def test_the_file_of_the_exercises_own_name_counts_before_a_copy_of_it_unless_it_is_a_stub(collect, download):
    done = collect(download("a.zip", hand_in({"manual_jacobian.py": M, "manual_jacobian (1).py": M + "#"})))
    assert done.files == {"Anna_1/jacobians/manual_jacobian.py": M}
    done = collect(download("b.zip", hand_in({"manual_jacobian.py": STUB, "manual_jacobian (1).py": M + "#"})))
    assert done.files == {"Anna_1/jacobians/manual_jacobian.py": M + "#"}


def test_of_two_that_are_equally_good_none_is_taken_and_both_are_named(collect, download):
    done = collect(
        download("m.zip", hand_in({"x/manual_jacobian.py": M, "y/manual_jacobian.py": M + "#", "sigmoid_grad.py": S}))
    )
    assert done.files == {"Anna_1/jacobians/sigmoid_grad.py": S}
    assert (
        "'x/manual_jacobian.py', 'y/manual_jacobian.py' may answer manual_jacobian, and none was taken" in done.problems
    )
    assert "put it into the class's folder as Anna_1/jacobians/manual_jacobian.py" in done.problems


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("a/sigmoid_grad.py", "b/sigmoid_grad.py"), "2 files have its name, and nobody knows which counts"),
        (("mueller_zoe/sigmoid_grad.py", "schmidt_anna_sigmoid_grad.py"), "2 files have its name, and nobody knows which counts"),
        (("sigmoid_grad (1).py", "sigmoid_grad (2).py"), "2 files have its name, and nobody knows which counts"),
        (("sigmoid_gradient.py",), "the name must be that of the exercise"),
        (("one.py", "two.py"), "the name must be that of the exercise"),
    ],
)  # fmt: skip
def test_why_none_was_taken_is_the_reason(collect, download, names, why):
    done = collect(download("m.zip", hand_in({name: f"{S}# {name}" for name in names})))
    assert f"may answer sigmoid_grad, and none was taken: {why}; to have one graded" in done.problems
    assert all(repr(name) in done.problems for name in names)


def test_a_stub_is_no_attempt_and_replaces_no_answer(collect, download):
    collect(download("a.zip", hand_in({"manual_jacobian.py": M})))
    done = collect(
        download("b.zip", hand_in({"manual_jacobian.py": STUB, "sigmoid_grad.py": S, "backprop/backprop_batch.py": ""}))
    )
    assert done.rows == [("Anna_1", "jacobians/sigmoid_grad.py", "new")]
    assert done.files["Anna_1/jacobians/manual_jacobian.py"] == M


def test_who_handed_in_stubs_alone_is_said_and_has_a_folder(collect, download, tmp_path):
    done = collect(download("b.zip", hand_in({"manual_jacobian.py": STUB})))
    assert (done.rows, done.problems) == ([], "")
    assert "as it was released: 'manual_jacobian.py'" in done.notices
    done = collect(download("b.zip", hand_in({"manual_jacobian.py": STUB, "sigmoid_grad.py": "\n"})))
    assert "as it was released: 'manual_jacobian.py'" in done.notices
    assert "empty: 'sigmoid_grad.py'" in done.notices
    assert (tmp_path / "submitted/Anna_1").is_dir()


def test_a_solved_notebook_beside_the_stub_is_taken_and_a_newer_one_replaces_the_file(collect, download):
    done = collect(download("a.zip", hand_in({"manual_jacobian.py": STUB, "manual_jacobian.ipynb": notebook(M)})))
    assert list(done.files) == ["Anna_1/jacobians/manual_jacobian.ipynb"]
    done = collect(download("b.zip", hand_in({"manual_jacobian.py": M})))
    assert list(done.files) == ["Anna_1/jacobians/manual_jacobian.py"]


def test_an_assignments_notebook_is_an_attempt_at_what_is_answered_in_it(collect, download):
    collect(download("a.zip", hand_in({"manual_jacobian.py": M, "sigmoid_grad.py": S})))
    done = collect(download("b.zip", hand_in({"Jacobians (1).ipynb": notebook(S)})))
    assert done.rows == [("Anna_1", "jacobians/jacobians.ipynb", "newer")]
    assert list(done.files) == ["Anna_1/jacobians/jacobians.ipynb", "Anna_1/jacobians/manual_jacobian.py"]


def test_a_later_notebook_that_leaves_an_exercise_out_leaves_its_answer(collect, download, course, tmp_path):
    """The earlier notebook becomes that exercise's own, with its time, and goes when the exercise is answered again."""
    collect(download("a.zip", hand_in({"jacobians.ipynb": notebook(M, S)})))
    done = collect(
        download("b.zip", zipped({"Anna_1_assignsubmission_file_/jacobians.ipynb": notebook(S + "#")}, day=21))
    )
    assert done.files == {
        "Anna_1/jacobians/jacobians.ipynb": notebook(S + "#"),
        "Anna_1/jacobians/manual_jacobian.ipynb": notebook(M, S),
    }
    found = find_submissions(tmp_path / "submitted", course).submissions
    assert [(each.path.name, each.submitted_at[:10]) for each in found if each.path] == [
        ("manual_jacobian.ipynb", "2026-11-20"), ("jacobians.ipynb", "2026-11-21"),
    ]  # fmt: skip
    assert {row[2] for row in collect(tmp_path / "b.zip", tmp_path / "a.zip").rows} == {"same"}
    done = collect(download("c.zip", hand_in({"manual_jacobian.py": M})))
    assert set(done.files) == {"Anna_1/jacobians/jacobians.ipynb", "Anna_1/jacobians/manual_jacobian.py"}


def test_two_notebooks_that_each_answer_one_exercise_are_both_taken(collect, download):
    done = collect(
        download("a.zip", hand_in({"jacobians.ipynb": notebook(M, "x = 1"), "Jacobians (1).ipynb": notebook(S)}))
    )
    assert set(done.files.values()) == {notebook(M, "x = 1"), notebook(S)}


def test_what_somebody_put_there_stays_as_it_is_until_the_same_exercise_is_collected(collect, download, tmp_path):
    folder = tmp_path / "submitted/Anna_1/jacobians"
    folder.mkdir(parents=True)
    there = {"manual_jacobian.py": M, "manual_jacobian.ipynb": notebook(STUB), "notes.txt": "mine"}
    for name, text in there.items():
        (folder / name).write_text(text)
    done = collect(download("a.zip", hand_in({"sigmoid_grad.py": S})))
    assert done.files == {f"Anna_1/jacobians/{name}": text for name, text in (there | {"sigmoid_grad.py": S}).items()}
    done = collect(download("b.zip", hand_in({"manual_jacobian.py": M + "#"})))
    assert {name.rpartition("/")[2] for name in done.files} == {"manual_jacobian.py", "sigmoid_grad.py", "notes.txt"}


def test_two_names_that_differ_by_a_line_are_two_exercises(make_course, download, tmp_path):
    text = "title: T\nseed: 7\nassignments:\n  - {id: a, title: A, exercises: [relu_grad, relugrad]}\n"
    course = load_course(make_course(text, ("a/relu_grad", "a/relugrad")))
    source = download(
        "m.zip", hand_in({"relu_grad.py": "def relu_grad(): 1", "relugrad.py": "def relugrad(): 2", "ReluGrad.py": "x"})
    )
    with collecting([source], tmp_path / "in", course, None, functions=lambda each: (each.id,)) as done:
        assert [(row.place, row.state) for row in done.rows] == [("a/relu_grad.py", "new"), ("a/relugrad.py", "new")]


def test_whom_the_roster_does_not_know_is_listed_and_whom_nothing_is_of_has_a_folder(collect, download, tmp_path):
    roster = "login,name\nas,Anna Schmidt\nbl,Bo Li\n"
    source = download("m.zip", zipped({
        "Anna Schmidt_1_assignsubmission_file_/manual_jacobian.py": M, "Eve Doe_2_assignsubmission_file_/manual_jacobian.py": M,
    }))  # fmt: skip
    done = collect(source, roster=roster)
    assert "of Eve Doe (2) is not in the roster" in done.problems
    assert (done.absent, list(done.files)) == (("bl",), ["as/jacobians/manual_jacobian.py"])
    assert (tmp_path / "submitted/bl").is_dir()


@pytest.mark.parametrize("student", [".intake", "a/b", "jacobians", "x\x1b[31m", "y" * 300, ".."])
def test_a_name_that_is_no_students_is_listed(collect, download, student):
    metadata = json.dumps(
        {"submission_1": {":submitters": [{":sid": student}], ":created_at": "2026-11-20 21:05:07 Z"}}
    )
    done = collect(
        download("e.zip", zipped({"submission_metadata.yml": metadata, "submission_1/manual_jacobian.py": M}))
    )
    assert done.rows == []
    assert "'submission_1' is of" in done.problems
    assert done.problems.isprintable()


@pytest.mark.parametrize(
    "place", ["submitted/Anna_1", "submitted/Anna_1/jacobians", "submitted/Anna_1/jacobians/manual_jacobian.py"]
)
def test_nothing_is_written_through_a_link(collect, download, tmp_path, place):
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=r"is a link, or .*: nothing was collected"):
        collect(download("m.zip", hand_in({"manual_jacobian.py": M})))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_download_in_the_class_or_around_it_is_refused(collect, download, tmp_path):
    with pytest.raises(UsageError, match="lie one in the other"):
        collect(download("submitted", {"anna/jacobians/manual_jacobian.py": M}))
    with pytest.raises(UsageError, match="lie one in the other"):
        collect(tmp_path)


def test_one_bad_download_among_several_leaves_all_unwritten(collect, download, tmp_path):
    good, bad = download("m.zip", hand_in({"manual_jacobian.py": M})), download("bad.zip", b"PK")
    with pytest.raises(UsageError, match=r"bad\.zip is cut off"):
        collect(good, bad)
    assert not (tmp_path / "submitted").exists()


def test_a_disk_that_is_full_leaves_no_half_of_anything(collect, download, tmp_path, monkeypatch):
    collect(download("a.zip", hand_in({"manual_jacobian.py": M})))
    before = tree(tmp_path / "submitted")
    put = Path.replace

    def replace(path, target):
        if target.name == "1":
            raise OSError(28, "No space left on device")
        return put(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="No space left") as raised:
        collect(download("b.zip", hand_in({"manual_jacobian.py": M + "#", "sigmoid_grad.py": S})))
    # What is unpacked for a while lies on another disk, which has room.
    assert Path(raised.value.filename).is_relative_to(tmp_path / "submitted" / ".intake")
    assert {name: each for name, each in tree(tmp_path / "submitted").items() if "contents" not in name} == before


@pytest.mark.long
def test_a_class_of_twenty_thousand_files_is_collected(collect, download):
    files = {
        f"S{number}_{number + 1}_assignsubmission_file_/x{extra}.py": "x"
        for number in range(1000)
        for extra in range(19)
    }
    files |= {f"S{number}_{number + 1}_assignsubmission_file_/manual_jacobian.py": M for number in range(1000)}
    done = collect(download("m.zip", zipped(files)))
    assert (len(done.rows), done.problems) == (1000, "")
