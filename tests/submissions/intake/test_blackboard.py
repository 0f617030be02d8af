"""Blackboard's download: one student for each user, whatever underscores are in a title, and the newest attempt last."""

import pytest

from downloads import answer, zipped

ADA, NEWER, BOB = answer("manual_jacobian", " + 1"), answer("manual_jacobian", " + 2"), answer("sigmoid_grad", " + 3")


def attempt(
    user: str, time: str, files: dict[str, str | bytes], title: str = "Week 1", name: str = ""
) -> dict[str, str | bytes]:
    """What Blackboard has of one attempt."""
    start = f"{title}_{user}_attempt_{time}"
    text = f"Name: {name or user.title()} ({user})\nAssignment: {title}\nDate Submitted: some day\n"
    return {f"{start}.txt": text, **{f"{start}_{file}": content for file, content in files.items()}}


FIRST = attempt("ada", "2026-11-18-10-00-00", {"manual_jacobian.py": ADA})
SECOND = attempt("ada", "2026-11-20-09-00-00", {"manual_jacobian.py": NEWER})
OTHER = attempt("bob", "2026-11-19-10-00-00", {"week1.zip": zipped({"week1/sigmoid_grad.py": BOB})})
PLACES = {"ada/jacobians/manual_jacobian.py": NEWER, "bob/jacobians/sigmoid_grad.py": BOB}


@pytest.mark.parametrize("files", [{**FIRST, **SECOND, **OTHER}, {**SECOND, **OTHER, **FIRST}])
def test_all_attempts_of_a_student_are_hers_and_the_newest_counts_in_whatever_order_they_lie(collect, download, files):
    done = collect(download("gradebook_CALC_Week1_2026-11-21-12-00-00.zip", zipped(files)))
    assert (done.problems, done.files) == ("", PLACES)
    assert [row for row in done.rows if row[0] == "ada"] == [
        ("ada", "jacobians/manual_jacobian.py", "new"), ("ada", "jacobians/manual_jacobian.py", "newer"),
    ]  # fmt: skip
    again = collect(download("gradebook_CALC_Week1_2026-11-21-12-00-00.zip", zipped(files)))
    assert {state for *_, state in again.rows} == {"same"}


def test_a_later_download_that_has_the_earlier_attempt_alone_replaces_nothing(collect, download):
    collect(download("g.zip", zipped({**SECOND, **OTHER})))
    assert collect(download("g2.zip", zipped({**FIRST, **OTHER}))).files == PLACES


@pytest.mark.parametrize("title", ["Week 1", "Week_1_part_2", "x_attempt"])
@pytest.mark.parametrize("users", [("ada",), ("s_17", "s_18"), ("a_b", "b")])
def test_title_and_user_may_hold_underscores(collect, download, title, users):
    files: dict[str, str | bytes] = {}
    for user in users:
        files |= attempt(user, "2026-11-18-10-00-00", {"manual_jacobian.py": ADA}, title=title)
    done = collect(download("g.zip", zipped(files)))
    assert (done.problems, {row[0] for row in done.rows}) == ("", set(users))


def test_without_blackboards_texts_the_roster_decides_and_nobody_is_guessed(collect, download):
    texts = {
        **attempt("s_17", "2026-11-18-10-00-00", {"manual_jacobian.py": ADA}),
        **attempt("s_18", "2026-11-18-10-00-00", {"sigmoid_grad.py": BOB}),
    }
    files = {name: text for name, text in texts.items() if not name.endswith(".txt")}
    alone = collect(download("g.zip", zipped(files)))
    assert (alone.rows, alone.problems.count("a roster with their logins decides")) == ([], 2)
    done = collect(download("g.zip", zipped(files)), roster="Username,Student ID,Last Name\ns_17,1,A\ns_18,2,B\n")
    assert (done.problems, {row[0] for row in done.rows}) == ("", {"s_17", "s_18"})


def test_a_file_that_is_named_as_another_students_attempt_is_its_own_students(collect, download):
    forged = attempt(
        "eve",
        "2026-11-18-10-00-00",
        {"Week 1_ada_attempt_2026-11-30-10-00-00.txt": "Name: Ada (ada)\n", "manual_jacobian.py": BOB},
    )
    done = collect(download("g.zip", zipped({**FIRST, **forged})))
    assert done.files["ada/jacobians/manual_jacobian.py"] == ADA
    assert {row[0] for row in done.rows} == {"ada", "eve"}


def test_an_attempt_without_a_file_is_listed(collect, download):
    done = collect(download("g.zip", zipped({**FIRST, **attempt("eve", "2026-11-18-10-00-00", {})})))
    assert "'Week 1_eve_attempt_2026-11-18-10-00-00' holds no file" in done.problems


def test_what_a_student_handed_in_to_canvas_under_such_a_name_is_hers(collect, download):
    """With a text of her own, too: Canvas's number before each name tells them from Blackboard's."""
    forged = {
        "evedoe_7_5001_ada_attempt_2026-11-18-10-00-00_manual_jacobian.py": ADA,
        "evedoe_7_5002_ada_attempt_2026-11-18-10-00-00.txt": "Name: Ada (ada)\n",
    }
    roster = "Student,ID,SIS User ID,SIS Login ID,Section\n'Doe, Eve',7,1,eve,C\n'A, Ada',8,2,ada,C\n".replace("'", '"')
    done = collect(download("submissions.zip", zipped(forged)), roster=roster)
    assert done.rows == [("eve", "jacobians/manual_jacobian.py", "new")]


def test_a_title_and_a_user_of_digits_are_blackboards_all_the_same(collect, download):
    done = collect(
        download("g.zip", zipped(attempt("1001", "2026-11-18-10-00-00", {"manual_jacobian.py": ADA}, title="Lab_3")))
    )
    assert (done.problems, {row[0] for row in done.rows}) == ("", {"1001"})
