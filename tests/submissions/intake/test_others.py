"""nbgrader's folders, GitHub Classroom's clones, files and folders named after students, and folders of all these."""

from __future__ import annotations

import io
import tarfile

import pytest

from downloads import answer, tarred, zipped
from grader.errors import UsageError

M, S, B = (answer(name) for name in ("manual_jacobian", "sigmoid_grad", "backprop_batch"))


NBGRADER = {
    "anna/jacobians/manual_jacobian.py": M,
    "anna/jacobians/timestamp.txt": "2026-11-20 10:00:00.123456 UTC",
    "anna/backprop/backprop_batch.py": B,
    "bo/jacobians/manual_jacobian.py": M,
}


@pytest.mark.parametrize("around", ["", "submitted/"])
def test_of_nbgraders_folders_the_time_in_them_is_the_students_word(collect, download, around):
    done = collect(download("all.zip", zipped({f"{around}{name}": text for name, text in NBGRADER.items()})))
    assert done.problems == ""
    assert set(done.files) == {name for name in NBGRADER if name.endswith(".py")}
    times = {(row.student, row.place): (row.submitted_at, row.by) for row in done.full}
    assert times["anna", "jacobians/manual_jacobian.py"] == ("2026-11-20T10:00:00Z", "student")
    assert times["bo", "jacobians/manual_jacobian.py"] == ("2026-11-20T08:00:00Z", "student")


CLONES = {
    "jacobians-octo-cat/manual_jacobian.py": M,
    "jacobians-octo-cat/.git/config": "[core]\n\tfsmonitor = touch /tmp/owned\n",
    "jacobians-mona/jacobians/sigmoid_grad.py": S,
}


def test_a_clone_is_the_students_whose_login_stands_behind_the_assignment(collect, download):
    done = collect(download("clones", CLONES))
    assert (done.problems, set(done.files)) == (
        "", {"octo-cat/jacobians/manual_jacobian.py", "mona/jacobians/sigmoid_grad.py"},
    )  # fmt: skip
    assert {row.by for row in done.full} == {"student"}
    assert {row.submitted_at for row in done.full} == {"2026-11-22T12:00:00Z"}


def test_what_github_calls_the_assignment_is_known_by_its_own_folder_or_by_the_roster(collect, download):
    files = {"week-1-octo/manual_jacobian.py": M, "week-1-mona/.git/HEAD": "", "week-1-mona/sigmoid_grad.py": S}
    assert {row[0] for row in collect(download("week-1-submissions", files)).rows} == {"octo", "mona"}
    done = collect(download("clones", files))
    assert "may be of 1-mona or mona: a roster with a column github_username decides" in done.problems
    roster = "identifier,github_username,github_id,name\nm@uni.example,Mona,1,Mona\no@uni.example,octo,2,Octo\n"
    assert {row[0] for row in collect(download("clones2", files), roster=roster).rows} == {"Mona", "octo"}


def test_one_clone_alone_is_one_student(collect, download):
    source = download("jacobians-mona", {".git/HEAD": "", "sigmoid_grad.py": S})
    assert collect(source).rows == [("mona", "jacobians/sigmoid_grad.py", "new")]


def test_files_named_after_students_and_exercises(collect, download):
    files = {
        "müller_jürgen_manual_jacobian.py": M, "manual_jacobian_schmidt_anna (1).py": M, "sigmoid_grad-schmidt_anna.ipynb": "{}",
        "li_bo.zip": zipped({"x/sigmoid_grad.py": S}), "readme.txt": "",
    }  # fmt: skip
    done = collect(download("flat", files))
    assert set(done.files) == {
        "müller_jürgen/jacobians/manual_jacobian.py", "schmidt_anna/jacobians/manual_jacobian.py",
        "schmidt_anna/jacobians/sigmoid_grad.ipynb", "li_bo/jacobians/sigmoid_grad.py",
    }  # fmt: skip
    assert done.problems == ""


def test_a_folder_around_such_files_is_no_student_and_one_around_a_students_is(collect, download):
    files = {"hw/müller_jürgen_manual_jacobian.py": M, "hw/schmidt_anna_sigmoid_grad.py": S}
    assert {row[0] for row in collect(download("hw.zip", zipped(files))).rows} == {"müller_jürgen", "schmidt_anna"}
    files = {"anna/manual_jacobian.py": M, "anna/my_sigmoid_grad.py": S}
    assert {row[0] for row in collect(download("anna.zip", zipped(files))).rows} == {"anna"}


def test_files_that_name_no_exercise_need_to_be_told_which(collect, download):
    files = {"müller_jürgen.py": M, "schmidt_anna.py": M}
    done = collect(download("flat", files), roster="login,name\njm,Jürgen Müller\nas,Anna Schmidt\n")
    assert done.problems.count("names no exercise: say which with --exercise") == 2
    done = collect(
        download("flat", files), roster="login,name\njm,Jürgen Müller\nas,Anna Schmidt\n", exercise="manual_jacobian"
    )
    assert set(done.files) == {"jm/jacobians/manual_jacobian.py", "as/jacobians/manual_jacobian.py"}


def test_a_file_that_names_no_student_is_listed(collect, download):
    done = collect(download("flat", {"manual_jacobian.py": M, "li_bo_sigmoid_grad.py": S}))
    assert "'manual_jacobian.py' names no student" in done.problems
    assert len(done.rows) == 1


@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz", "tar.bz2", "tgz"])
def test_folders_of_students_in_any_archive(collect, download, pack):
    files: dict[str, str | bytes] = {"class/anna/manual_jacobian.py": M, "class/bo/deep/sigmoid_grad.py": S}
    modes = {"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2", "tgz": "w:gz"}
    done = collect(download(f"class.{pack}", zipped(files) if pack == "zip" else tarred(files, modes[pack])))
    assert set(done.files) == {"anna/jacobians/manual_jacobian.py", "bo/jacobians/sigmoid_grad.py"}


def test_a_long_name_in_a_tar_is_read_in_both_forms(collect, download):
    deep = "/".join(["a" * 60] * 3)
    for name, form in (("gnu.tar", 1), ("pax.tar", 2)):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
            info = tarfile.TarInfo(f"anna-{form}/{deep}/manual_jacobian.py")
            info.size = len(M)
            archive.addfile(info, io.BytesIO(M.encode()))
        assert collect(download(name, packed.getvalue())).rows == [
            (f"anna-{form}", "jacobians/manual_jacobian.py", "new")
        ]


def test_a_folder_of_downloads_is_all_of_them(collect, download):
    weeks = {
        "week1.zip": zipped({"Anna_1_assignsubmission_file_/hw.zip": zipped({"manual_jacobian.py": M})}),
        "week2.zip": zipped({"bo_2_3_sigmoid_grad.py": S}),
    }
    done = collect(download("weeks", weeks))
    assert done.rows == [
        ("Anna_1", "jacobians/manual_jacobian.py", "new"),
        ("bo_2", "jacobians/sigmoid_grad.py", "new"),
    ]
    assert "week1.zip" not in done.problems


FAKES = {
    "Moodle": {"Anna_1_assignsubmission_file_/manual_jacobian.py": "eve = 1"},
    "Canvas": {"anna_1_2_manual_jacobian.py": "eve = 1"},
    "Gradescope": {
        "submission_metadata.yml": "submission_1:\n  :submitters:\n  - :sid: anna\n  :created_at: 2026-11-20 21:05:07 Z\n",
        "submission_1/manual_jacobian.py": "eve = 1",
    },
}


@pytest.mark.parametrize("service", FAKES)
@pytest.mark.parametrize(
    "others", [{}, {"anna/manual_jacobian.py": M}, {"anna.zip": zipped({"manual_jacobian.py": M})}]
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_a_student_packs_to_look_like_a_service_s_download_is_nobody_else_s(
    collect, download, service, others, packed
):
    fake = (
        {"eve.zip": zipped(FAKES[service])}
        if packed
        else {f"eve/{name}": text for name, text in FAKES[service].items()}
    )
    done = collect(download("class", others | fake))
    assert "eve = 1" not in done.files.values()
    assert "'eve" in done.problems
    assert f"looks like {service}'s" in done.problems
    assert "if it is, and no student's, name it as a source of its own" in done.problems
    assert {row[0] for row in done.rows} == ({"anna"} if others else set())


def test_a_file_called_as_gradescope_s_metadata_makes_no_export_of_a_class(collect, download):
    done = collect(download("flat", {"submission_metadata.yml": "a: 1", "li_bo_sigmoid_grad.py": S}))
    assert done.rows == [("li_bo", "jacobians/sigmoid_grad.py", "new")]


def test_one_students_folder_is_one_student(collect, download):
    assert collect(download("anna", {"jacobians/manual_jacobian.py": M})).rows == [
        ("anna", "jacobians/manual_jacobian.py", "new")
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty", {}, "holds nothing: download it again"),
        ("none.zip", zipped({}), "holds nothing: download it again"),
        ("notes.zip", zipped({"notes.pdf": "x"}), "holds no file that may be an answer"),
        ("list.csv", b"a,b", r"is neither a folder nor a \.zip or \.tar archive"),
    ],
)
def test_a_download_of_nothing_is_refused_in_one_sentence(collect, download, name, content, message):
    source = download(name, content)
    if not content:
        source.mkdir()
    with pytest.raises(UsageError, match=message):
        collect(source)


def test_what_is_not_there_is_refused_with_what_to_name(collect, tmp_path):
    with pytest.raises(
        UsageError, match=r"there is no .*none\.zip; name the archive or folder that the service gave you"
    ):
        collect(tmp_path / "none.zip")


def test_a_students_folder_with_nothing_in_it_is_listed(collect, download):
    done = collect(download("class", {"anna/": "", "bo/manual_jacobian.py": M}))
    assert ("'anna' holds no file" in done.problems, len(done.rows)) == (True, 1)
