"""Gradescope's export: the metadata say who and when."""

from __future__ import annotations

import pytest

from downloads import answer, zipped
from grader.errors import UsageError

METADATA = """\
---
submission_101:
  :submitters:
  - :name: Jürgen Müller
    :sid: '3017'
    :email: jm@uni.example
  :created_at: 2026-11-20 21:05:07.123456000 Z
  :score: 3.0
  :status: processed
  :results:
    tests: &1
    - name: works
      output: "submission_102:\\n  :submitters:\\n  - :sid: '9'"
      extra_data: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
        created_at: 2001-01-01
    copy: *1
  :history:
  - :created_at: 2026-11-19 08:00:00.000000000 Z
    :id: 90
    :score: 0.0
    :results: {}
  - :created_at: 2026-11-20 07:30:00.000000000 +01:00
    :id: 95
submission_102:
  :submitters:
  - :name: Anna Schmidt
    :sid: '3018'
    :email: as@uni.example
  - :name: Bo Li
    :sid: ''
    :email: Bo@uni.example
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    utc: 2026-11-21 06:00:00.000000000 Z
    time: 2026-11-20 22:00:00.000000000 Z
  :history: []
"""
FILES = {
    "submission_metadata.yml": METADATA,
    "submission_101/manual_jacobian.py": answer("manual_jacobian"),
    "submission_101/README.md": "hello",
    "submission_102/src/sigmoid_grad.py": answer("sigmoid_grad"),
}


def within(files):
    return {f"assignment_4711_export/{name}": text for name, text in files.items()}


@pytest.mark.parametrize("files", [FILES, within(FILES)])
@pytest.mark.parametrize("unzipped", [False, True])
def test_people_times_and_groups_are_those_of_the_metadata(collect, download, files, unzipped):
    done = collect(download("export", files) if unzipped else download("assignment_4711_export.zip", zipped(files)))
    assert done.problems == ""
    assert {(row.student, row.place, row.submitted_at, row.by) for row in done.full} == {
        ("3017", "jacobians/manual_jacobian.py", "2026-11-20T21:05:07Z", "service"),
        ("3018", "jacobians/sigmoid_grad.py", "2026-11-21T06:00:00Z", "service"),
        ("Bo@uni.example", "jacobians/sigmoid_grad.py", "2026-11-21T06:00:00Z", "service"),
    }


def test_a_roster_knows_them_by_number_or_address_and_what_contradicts_itself_is_listed(collect, download):
    source = download("e.zip", zipped(FILES))
    roster = "First Name,Last Name,SID,Email,Role\nJürgen,Müller,3017,jm@uni.example,Student\nAnna,Schmidt,77,as@uni.example,Student\nBo,Li,3018,bo@uni.example,Student\nTA,Ta,1,ta@uni.example,TA\n"
    done = collect(source, roster=roster)
    assert {row[0] for row in done.rows} == {"3017", "3018"}
    assert "of Anna Schmidt (3018) may be 3018 or 77: the roster does not tell them apart" in done.problems
    assert "1" not in done.absent


def test_a_submission_without_metadata_and_one_without_files_are_listed(collect, download):
    files = (
        {name: text for name, text in FILES.items() if "101/" not in name}
        | {"loose.py": "x"}
        | {"submission_7/manual_jacobian.py": "x = 1"}
    )
    done = collect(download("e.zip", zipped(files)))
    assert "'submission_7' is not in submission_metadata.yml" in done.problems
    assert "'loose.py' lies beside the submissions, and is nobody's" in done.problems
    assert "'submission_101' holds no file in this download" in done.problems


@pytest.mark.parametrize("text", ["a: [1", "\x00", "a: &x [*x", b"\xff\xfe\xff"])
def test_metadata_that_are_no_yaml_are_refused_in_one_sentence(collect, download, text):
    with pytest.raises(UsageError, match=r"is not the YAML that Gradescope writes.*: download the export again"):
        collect(download("e.zip", zipped(FILES | {"submission_metadata.yml": text})))


def test_nesting_and_aliases_without_end_cost_nothing(collect, download):
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert collect(
        download("e.zip", zipped(FILES | {"submission_metadata.yml": laughs + METADATA.removeprefix("---\n")}))
    ).rows
    with pytest.raises(UsageError, match="is not the YAML"):
        collect(download("f.zip", zipped(FILES | {"submission_metadata.yml": "a: " + "[" * 5000})))


def test_a_later_attempt_by_the_services_time_is_the_newest_in_whatever_order(collect, download):
    later = METADATA.replace("2026-11-20 21:05:07.123456000 Z", "2026-11-20 22:00:00 Z")
    first = download("first.zip", zipped(FILES))
    second = download(
        "second.zip",
        zipped(FILES | {"submission_metadata.yml": later, "submission_101/manual_jacobian.py": "second = 1"}),
    )
    assert [row[2] for row in collect(second, first).rows if row[0] == "3017"] == ["new", "older"]
    done = collect(first, second)
    assert {row[2] for row in done.rows} == {"same"}
    assert done.files["3017/jacobians/manual_jacobian.py"] == "second = 1"


def test_an_attempt_handed_in_again_unchanged_is_another_attempt(collect, download):
    later = METADATA.replace("2026-11-20 21:05:07.123456000 Z", "2026-11-20 22:00:00 Z")
    collect(download("first.zip", zipped(FILES)))
    done = collect(download("second.zip", zipped(FILES | {"submission_metadata.yml": later})))
    assert [(row.state, row.submitted_at) for row in done.full if row.student == "3017"] == [
        ("newer", "2026-11-20T22:00:00Z")
    ]


@pytest.mark.parametrize("roster", [None, "number,email,name\n17,anna@uni.example,Anna\n"])
def test_who_has_a_folder_by_another_name_already_is_named(collect, download, tmp_path, roster):
    """By her address, say, where Gradescope gives ids; with a roster that names her by the address all is one."""
    (tmp_path / "submitted/Anna@uni.example").mkdir(parents=True)
    metadata = "submission_1:\n  :submitters:\n  - :sid: '17'\n    :email: anna@uni.example\n"
    source = download(
        "e.zip",
        zipped({"submission_metadata.yml": metadata, "submission_1/manual_jacobian.py": answer("manual_jacobian")}),
    )
    sentence = "has a folder by another name already, and would be two people: 17 as Anna@uni.example; give --roster"
    assert sentence in collect(source, roster=roster, dry_run=True).notices
    one = "student,number,email\nAnna@uni.example,17,anna@uni.example\n"
    done = collect(source, roster=one)
    assert ("two people" in done.notices, done.rows[0][0]) == (False, "Anna@uni.example")
