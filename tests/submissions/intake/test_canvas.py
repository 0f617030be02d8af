"""Canvas's zip: two numbers in each name say whose a file is, whatever letters stand before them."""

from __future__ import annotations

import pytest

from downloads import answer, zipped

GRADEBOOK = """\
Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (900)
    Points Possible,,,,,10
"Müller, Jürgen",4711,s-17,jmueller,A,
"Schmidt, Anna",4712,s-18,aschmidt,A,
"Schmidt, Anna",4713,s-19,aschmidt2,A,
"Student, Test",4999,,,A,
"""
CLASS = {
    "müllerjürgen_4711_9001_manual_jacobian.py": answer("manual_jacobian", " + 1"),
    "müllerjürgen_4711_9002_sigmoid_grad-1.py": answer("sigmoid_grad", " + 2"),
    "schmidtanna_LATE_4712_9003_manual_jacobian.py": answer("manual_jacobian", " + 3"),
    "schmidtanna_4713_9004_manual_jacobian.py": answer("manual_jacobian", " + 4"),
}


def test_without_a_roster_students_are_named_by_name_and_id_so_that_namesakes_do_not_collide(collect, download):
    done = collect(download("submissions.zip", zipped(CLASS)))
    assert done.problems == ""
    assert done.files == {
        "müllerjürgen_4711/jacobians/manual_jacobian.py": answer("manual_jacobian", " + 1"),
        "müllerjürgen_4711/jacobians/sigmoid_grad.py": answer("sigmoid_grad", " + 2"),
        "schmidtanna_4712/jacobians/manual_jacobian.py": answer("manual_jacobian", " + 3"),
        "schmidtanna_4713/jacobians/manual_jacobian.py": answer("manual_jacobian", " + 4"),
    }
    assert "--roster with Canvas's gradebook" in done.notices


@pytest.mark.parametrize("unzipped", [False, True])
def test_the_gradebook_that_canvas_exports_is_a_roster(collect, download, unzipped):
    source = download("submissions", CLASS) if unzipped else download("submissions.zip", zipped(CLASS))
    done = collect(source, roster=GRADEBOOK)
    assert done.problems == ""
    assert set(done.files) == {
        "jmueller/jacobians/manual_jacobian.py", "jmueller/jacobians/sigmoid_grad.py",
        "aschmidt/jacobians/manual_jacobian.py", "aschmidt2/jacobians/manual_jacobian.py",
    }  # fmt: skip


def test_what_canvas_says_of_lateness_and_its_ids_are_recorded_and_no_time_is_called_the_services(collect, download):
    done = collect(download("submissions.zip", zipped(CLASS)), roster=GRADEBOOK)
    late = {row.student: (row.late, row.by, row.service) for row in done.full}
    assert late == {
        "jmueller": (False, "download", "canvas"),
        "aschmidt": (True, "download", "canvas"),
        "aschmidt2": (False, "download", "canvas"),
    }


def test_a_name_alone_is_matched_where_one_person_has_it_and_else_listed(collect, download):
    roster = "login,name\njm,Jürgen Müller\na1,Anna Schmidt\n"
    done = collect(download("submissions.zip", zipped(CLASS)), roster=roster)
    assert set(done.files) == {"jm/jacobians/manual_jacobian.py", "jm/jacobians/sigmoid_grad.py"}
    assert done.problems.count("would be a1, as others here: schmidtanna_4712 and schmidtanna_4713") == 2


def test_names_may_hold_underscores_and_digits(collect, download):
    done = collect(download("s.zip", zipped({
        "de_la_cruz_maria_12_99_manual_jacobian.py": answer("manual_jacobian"),
        "x2_13_98_sigmoid_grad.py": answer("sigmoid_grad"),
    })))  # fmt: skip
    assert set(done.files) == {
        "de_la_cruz_maria_12/jacobians/manual_jacobian.py",
        "x2_13/jacobians/sigmoid_grad.py",
    }


HIDDEN = {"x_4711_4712_9009_manual_jacobian.py": answer("manual_jacobian", " * 9")}


def test_a_name_that_can_be_read_in_two_ways_is_listed_and_nobodys(collect, download):
    """Somebody who calls himself x_4711 does not hand in for the user 4711."""
    done = collect(download("s.zip", zipped(CLASS | HIDDEN)))
    assert not any("* 9" in text for text in done.files.values())
    assert (
        "can be read as user 4711, file '9009_manual_jacobian.py' or user 4712, file 'manual_jacobian.py'"
        in done.problems
    )
    assert not any(
        "* 9" in text for text in collect(download("t.zip", zipped(CLASS | HIDDEN)), roster=GRADEBOOK).files.values()
    )


def test_a_roster_with_canvas_ids_decides_where_one_reading_is_of_a_student(collect, download):
    done = collect(
        download("s.zip", zipped({"doe_4711_77_1_manual_jacobian.py": answer("manual_jacobian")})), roster=GRADEBOOK
    )
    assert set(done.files) == {"jmueller/jacobians/manual_jacobian.py"}


def test_anonymous_names_are_read(collect, download):
    done = collect(download("s.zip", zipped({
        "anon_aB3dE_9001_manual_jacobian.py": answer("manual_jacobian"),
        "LATE_anon_Zz9Qq_9002_manual_jacobian.py": answer("manual_jacobian"),
    })))  # fmt: skip
    assert {(row.student, row.late) for row in done.full} == {("anon_aB3dE", False), ("anon_Zz9Qq", True)}


def test_a_students_zip_is_opened_and_what_was_typed_is_listed(collect, download):
    done = collect(download("s.zip", zipped({
        "doe_1_2_homework.zip": zipped({"homework/jacobians/manual_jacobian.py": answer("manual_jacobian")}),
        "roe_3_text.html": "<p>",
        "poe_LATE_4_link.html": "<p>",
        "moe_5_6_essay.pdf": b"%PDF",
    })))  # fmt: skip
    assert set(done.files) == {"doe_1/jacobians/manual_jacobian.py"}
    assert done.problems.count("was typed into a text box, or is a link") == 2
    assert "'moe_5_6_essay.pdf' of moe_5: holds no program and no notebook, but 'essay.pdf'" in done.problems


def test_a_file_with_another_name_among_canvass_is_listed(collect, download):
    done = collect(download("s.zip", zipped(CLASS | {"notes.py": "x"})))
    assert "'notes.py' has no name as Canvas gives it" in done.problems
    assert len(done.rows) == 4


def test_a_newer_download_replaces_what_it_has_and_an_older_one_changes_nothing(collect, download):
    old = download(
        "old.zip", zipped({"doe_1_20_manual_jacobian.py": "old = 1", "doe_1_21_sigmoid_grad.py": "kept = 1"})
    )
    new = download("new.zip", zipped({"doe_1_30_manual_jacobian-1.py": "new = 1"}))
    assert {row[2] for row in collect(old).rows} == {"new"}
    assert collect(new).rows == [("doe_1", "jacobians/manual_jacobian.py", "newer")]
    done = collect(old)
    assert {row[2] for row in done.rows} == {"same"}
    assert done.files == {
        "doe_1/jacobians/manual_jacobian.py": "new = 1",
        "doe_1/jacobians/sigmoid_grad.py": "kept = 1",
    }


def test_downloads_in_the_wrong_order_leave_the_newest_in_place(collect, download):
    old = download("old.zip", zipped({"doe_1_20_manual_jacobian.py": "old = 1"}))
    new = download("new.zip", zipped({"doe_1_30_manual_jacobian-1.py": "new = 1"}))
    done = collect(new, old)
    assert [row[2] for row in done.rows] == ["new", "older"]
    assert done.files == {"doe_1/jacobians/manual_jacobian.py": "new = 1"}
