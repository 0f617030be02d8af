"""Whose word a time is: of what lies in a student's archive that of the archive in the download, never the student's own."""

from __future__ import annotations

import os

import pytest

from downloads import NOON, answer, tarred, zipped

M, S = answer("manual_jacobian"), answer("sigmoid_grad")
METADATA = "submission_1:\n  :submitters:\n  - :sid: anna\n"
PACKED = {
    "hw.zip": zipped({"manual_jacobian.py": M}, day=1),
    "hw.tar.gz": tarred({"manual_jacobian.py": M}),
    "hw.tar": tarred({"manual_jacobian.py": M}, "w:"),
}
"""Archives of students: their own times are the 1st and the 22nd of November."""
LAYOUTS = {
    "moodle": "Anna_1_assignsubmission_file_/",
    "moodle without folders": "Anna_1_assignsubmission_file_",
    "canvas": "doe_1_2_",
    "gradescope": "submission_1/",
    "classroom": "jacobians-ann/",
    "nbgrader": "alma/jacobians/",
    "folders": "doe_jane/",
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("unzipped", [False, True])
def test_what_lies_in_a_students_archive_has_the_archives_time(collect, download, name, layout, unzipped):
    files = {f"{LAYOUTS[layout]}{name}": PACKED[name]}
    if layout == "gradescope":
        files["submission_metadata.yml"] = METADATA.encode()
    if layout in {"classroom", "folders"}:
        files[LAYOUTS[layout].replace("ann", "ben").replace("jane", "jim") + "sigmoid_grad.py"] = S.encode()
    source = download("class", files) if unzipped else download("class.zip", zipped(files))
    if unzipped:
        os.utime(
            source / LAYOUTS[layout].rpartition("/")[0] / f"{LAYOUTS[layout].rpartition('/')[2]}{name}",
            (NOON - 86400, NOON - 86400),
        )
    (row,) = (row for row in collect(source).full if row.place == "jacobians/manual_jacobian.py")
    assert row.submitted_at == ("2026-11-21T12:00:00Z" if unzipped else "2026-11-20T08:00:00Z")


def test_an_archive_named_after_its_student_has_its_own_time(collect, download):
    source = download("handed", {"doe_jane.zip": PACKED["hw.zip"], "roe_jim.zip": zipped({"sigmoid_grad.py": S})})
    assert {row.submitted_at for row in collect(source).full} == {"2026-11-22T12:00:00Z"}


def test_a_newer_hand_in_in_an_archive_of_older_files_counts(collect, download):
    name = "Bob B_2_assignsubmission_file_/"
    first = download("w.zip", zipped({f"{name}manual_jacobian.py": M + "# wrong"}, day=20))
    later = download("w (1).zip", zipped({f"{name}abgabe.zip": PACKED["hw.zip"]}, day=21))
    collect(first)
    done = collect(later)
    assert done.rows == [("Bob B_2", "jacobians/manual_jacobian.py", "newer")]
    assert collect(first).files == done.files == {"Bob B_2/jacobians/manual_jacobian.py": M}


def test_an_older_export_that_is_collected_later_stays_the_older(collect, download):
    name = "Bob B_2_assignsubmission_file_/"
    collect(download("b.zip", zipped({f"{name}abgabe.zip": PACKED["hw.zip"]}, day=21)))
    done = collect(download("a.zip", zipped({f"{name}manual_jacobian.py": M + "# wrong"}, day=20)))
    assert (done.rows[0][2], done.files) == ("older", {"Bob B_2/jacobians/manual_jacobian.py": M})


def test_of_a_folder_of_downloads_the_times_are_the_services(collect, download):
    """And of what lies in a student's archive in one of them still the archive's."""
    source = download("term", {
        "w1.zip": zipped({"Anna_1_assignsubmission_file_/hw.zip": PACKED["hw.zip"]}, day=20),
        "w2.zip": zipped({"Anna_1_assignsubmission_file_/sigmoid_grad.py": S}, day=21),
    })  # fmt: skip
    assert [row.submitted_at for row in collect(source).full] == ["2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"]


def test_a_download_without_times_has_none_and_what_is_collected_later_is_later(collect, download):
    name = "Anna_1_assignsubmission_file_/manual_jacobian.py"
    plain = tarred({name: M}, "w:")
    mtime = f"{NOON:011o}".encode()
    header = plain[:512].replace(mtime, b"0" * 11)
    blank = header[:148] + b" " * 8 + header[156:]
    timeless = blank[:148] + f"{sum(blank):06o}\0 ".encode() + blank[156:] + plain[512:]
    collect(download("a.zip", zipped({name: M + "#"})))
    (row,) = collect(download("b.tar", timeless)).full
    assert (row.submitted_at, row.state) == ("", "newer")
