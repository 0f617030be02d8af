"""The record of attempts: all of them in order, the newest in place, and a time that belongs to a content."""

from __future__ import annotations

import hashlib
import itertools

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from downloads import answer, zipped
from grader.errors import UsageError
from grader.submissions.find import find_submissions
from grader.submissions.intake.received import Attempt, in_place, merged, read_received, record_path

M, S = answer("manual_jacobian"), answer("sigmoid_grad")


def attempt(content, at="", by="service", file="e.py", sequence=0, exercise="e"):
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Attempt(
        exercise=exercise, file=file, sha256=sha256, size=1, submitted_at=at, by=by, sequence=sequence, service="s"
    )


def contents(attempts):
    return {name: each.sha256[:4] for name, each in in_place(attempts).items()}


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:4]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_services_times_order_attempts_in_whatever_order_they_come(order):
    found = [attempt(content, f"2026-11-2{content}T00:00:00Z") for content in "012"]
    known: tuple[Attempt, ...] = ()
    for number in order:
        known, _ = merged(known, [found[number]])
    assert [each.submitted_at for each in known] == [each.submitted_at for each in found]
    assert contents(known) == {"e.py": sha("2")}


def test_without_times_what_comes_later_is_later_and_known_content_is_known():
    known, states = merged((), [attempt("a", by="student"), attempt("b", by="student")])
    assert (states, contents(known)) == (("new", "newer"), {"e.py": sha("b")})
    again, states = merged(known, [attempt("a", by="student"), attempt("b", by="student")])
    assert (again, states) == (known, ("same", "same"))


def test_of_downloads_a_content_that_returns_later_is_an_attempt_and_an_old_download_is_none():
    days = [attempt(content, f"2026-11-2{day}T00:00:00Z", by="download") for day, content in enumerate("aba")]
    known, states = merged((), days)
    assert (states, contents(known)) == (("new", "newer", "newer"), {"e.py": sha("a")})
    assert merged(known, days) == (known, ("same", "same", "same"))


def test_a_services_numbers_order_what_has_no_times():
    known, states = merged((), [attempt("b", by="download", sequence=9), attempt("a", by="download", sequence=3)])
    assert (states, contents(known)) == (("new", "older"), {"e.py": sha("b")})


def test_a_newer_notebook_takes_the_place_of_a_file_and_of_nothing_else():
    known, _ = merged((), [attempt("a", file="e.py"), attempt("f", file="f.py", exercise="f")])
    known, _ = merged(known, [attempt("n", "2026-11-20T00:00:00Z", file="all.ipynb")])
    assert contents(known) == {"f.py": sha("f"), "all.ipynb": sha("n")}


@example("student", [("b", 1), ("a", 2), ("b", 2), ("c", 1)])
@given(
    st.sampled_from(["service", "download", "student"]),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=8),
)
def test_what_was_merged_is_known(by, found):
    new = [attempt(content, f"2026-11-2{day}T00:00:00Z", by=by) for content, day in found]
    known, _ = merged((), new)
    again, states = merged(known, new)
    assert (again, set(states) - {"same"}) == (known, set())


def test_the_services_time_is_that_of_the_submission_as_long_as_the_file_is_the_one_it_gave(
    collect, download, course, tmp_path
):
    metadata = "submission_1:\n  :submitters:\n  - :sid: anna\n  :created_at: 2026-11-20 21:05:07.1 Z\n"
    collect(download("e.zip", zipped({"submission_metadata.yml": metadata, "submission_1/manual_jacobian.py": M})))
    submitted = tmp_path / "submitted"
    file = submitted / "anna/jacobians/manual_jacobian.py"
    (submitted / "anna/jacobians/timestamp.txt").write_text("2001-01-01 00:00:00 UTC")

    def time():
        found = find_submissions(submitted, course)
        assert found.notices == ()
        return found.submissions[0].submitted_at

    assert time() == "2026-11-20T21:05:07Z"
    file.touch()
    assert time() == "2026-11-20T21:05:07Z"
    only = find_submissions(submitted / "anna", course)
    assert only.submissions[0].submitted_at == "2026-11-20T21:05:07Z"
    file.write_text(M.replace("x", "y"))
    assert time() == "2001-01-01T00:00:00Z"


def test_a_record_that_a_student_hands_in_is_not_read(collect, download, course, tmp_path):
    collect(download("c.zip", zipped({"doe_1_2_manual_jacobian.py": M})))
    submitted = tmp_path / "submitted"
    record = record_path(submitted, "doe_1", "jacobians").read_bytes().replace(b"2026-11-20T", b"1999-01-01T")
    for place in (".intake/students/doe_1/jacobians.json", "jacobians/.intake/students/doe_1/jacobians.json"):
        where = submitted / "doe_1" / place
        where.parent.mkdir(parents=True)
        where.write_bytes(record)
    assert find_submissions(submitted, course).submissions[0].submitted_at == "2026-11-20T08:00:00Z"


def test_older_attempts_keep_their_content(collect, download, tmp_path):
    for number, text in enumerate(("one = 1", "two = 2", "three = 3")):
        collect(download(f"{number}.zip", zipped({f"doe_1_{number + 1}_manual_jacobian.py": text})))
    submitted = tmp_path / "submitted"
    received = read_received(submitted, "doe_1", "jacobians")
    texts = [hashlib.sha256(text.encode()).hexdigest() for text in ("one = 1", "two = 2", "three = 3")]
    assert [each.sha256 for each in received.attempts] == texts
    kept = submitted / ".intake/contents"
    assert {path.name: path.read_text() for path in kept.iterdir()} == {texts[0]: "one = 1", texts[1]: "two = 2"}
    assert (submitted / "doe_1/jacobians/manual_jacobian.py").read_text() == "three = 3"


def test_what_lay_there_before_is_an_attempt_too_and_is_kept(collect, download, tmp_path):
    path = tmp_path / "submitted/doe_1/jacobians/manual_jacobian.py"
    path.parent.mkdir(parents=True)
    path.write_text("by_hand = 1")
    done = collect(download("c.zip", zipped({"doe_1_2_manual_jacobian.py": M})))
    assert (done.rows, path.read_text()) == ([("doe_1", "jacobians/manual_jacobian.py", "newer")], M)
    first, _ = read_received(tmp_path / "submitted", "doe_1", "jacobians").attempts
    assert first.by == "folder"
    assert (tmp_path / "submitted/.intake/contents" / first.sha256).read_text() == "by_hand = 1"


def test_a_record_of_a_later_format_and_one_that_is_none_are_refused_in_words(collect, download, tmp_path):
    source = download("c.zip", zipped({"doe_1_2_manual_jacobian.py": M}))
    collect(source)
    path = record_path(tmp_path / "submitted", "doe_1", "jacobians")
    newer = msgspec.json.decode(path.read_bytes()) | {"format_version": 99}
    path.write_bytes(msgspec.json.encode(newer))
    with pytest.raises(UsageError, match="was written by a newer grader"):
        collect(source)
    path.write_bytes(b"{")
    with pytest.raises(UsageError, match="is no record of intake's"):
        collect(source)


def test_earlier_attempts_that_the_service_only_tells_of_are_recorded(collect, download, tmp_path):
    metadata = (
        "submission_1:\n  :submitters:\n  - :sid: anna\n  :created_at: 2026-11-20 21:05:07.1 Z\n"
        "  :history:\n  - :created_at: 2026-11-19 08:00:00 Z\n  - :created_at: 2026-11-18 08:00:00 Z\n"
    )
    collect(download("e.zip", zipped({"submission_metadata.yml": metadata, "submission_1/manual_jacobian.py": M})))
    (only,) = read_received(tmp_path / "submitted", "anna", "jacobians").attempts
    assert only.earlier == ("2026-11-18T08:00:00Z", "2026-11-19T08:00:00Z")
    assert (only.service, only.given, only.ids, only.source) == (
        "gradescope",
        "submission_1",
        {"submission": "1"},
        "e.zip",
    )
