"""An exercise put into a course.yml: what the text says besides is what it said before, in whatever form it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.yaml_editor import with_exercise
from grader.errors import CourseError

PATH = Path("course.yml")


@pytest.mark.parametrize(
    ("before", "assignment", "after"),
    [
        (
            "# top\nassignments:\n  - id: a  # first\n    exercises:\n      - one\n      - {id: two, minutes: 5}  # long\n\n  # next\n  - id: b\n    exercises: [three]  # flow\n",
            "a",
            "# top\nassignments:\n  - id: a  # first\n    exercises:\n      - one\n      - {id: two, minutes: 5}  # long\n      - new\n\n  # next\n  - id: b\n    exercises: [three]  # flow\n",
        ),
        ("assignments:\n- id: b\n  exercises: [one,\n    two  # last\n  ]\n", "b",
         "assignments:\n- id: b\n  exercises: [one,\n    two, new  # last\n  ]\n"),
        ("assignments:\n- id: b\n  exercises:\n  - id: one\n    limits: {cpu_seconds: 1}\n  title: B", "b",
         "assignments:\n- id: b\n  exercises:\n  - id: one\n    limits: {cpu_seconds: 1}\n  - new\n  title: B"),
        ("assignments:\n- id: b\n  exercises:\n  - one", "b", "assignments:\n- id: b\n  exercises:\n  - one\n  - new\n"),
        ("assignments: [{id: b, exercises: [one]}]\n", "b", "assignments: [{id: b, exercises: [one, new]}]\n"),
        ("assignments:\r\n- id: b\r\n  exercises:\r\n  - one\r\nseed: 1\r\n", "b",
         "assignments:\r\n- id: b\r\n  exercises:\r\n  - one\r\n  - new\r\nseed: 1\r\n"),
        ("assignments:\n  - id: b\n    exercises: [one]\n  # the end\nseed: 1\n", "new_part",
         'assignments:\n  - id: b\n    exercises: [one]\n  - id: new_part\n    title: "New part"\n    exercises:\n      - new\n  # the end\nseed: 1\n'),
        ("assignments: [{id: b, exercises: [one]}]\n", "c",
         'assignments: [{id: b, exercises: [one]}, {id: c, title: "C", exercises: [new]}]\n'),
    ],
)  # fmt: skip
def test_it_goes_to_the_end_of_its_list(before: str, assignment: str, after: str) -> None:
    assert with_exercise(before, assignment, "new", PATH) == after


@pytest.mark.parametrize(
    "text",
    ["title: T\n", "[]\n", "assignments: one\n", "assignments:\n- id: a\n", "assignments:\n- id: a\n  exercises: x\n"],
)
def test_what_is_no_course_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match=r"course\.yml: is no course"):
        with_exercise(text, "a", "new", PATH)


def test_a_form_in_which_it_would_say_something_else_is_refused() -> None:
    """Two assignments with one list of exercises, by an alias: an exercise of one would be the other's too."""
    text = "assignments:\n- id: a\n  exercises: &e [one]\n- id: b\n  exercises: *e\n"
    with pytest.raises(CourseError, match=r"course\.yml: is of a form .* write new into the exercises of b yourself"):
        with_exercise(text, "b", "new", PATH)


names = st.from_regex(r"[a-z]{1,6}", fullmatch=True).map("e_{}".format)
items = st.one_of(names, st.builds(lambda name, minutes: {"id": name, "minutes": minutes}, names, st.integers(1, 9)))
courses = st.builds(
    lambda parts, flow, indent: yaml.safe_dump(
        {"title": "T: # no comment", "assignments": [{"id": f"a{n}", "exercises": own, "title": "x"} for n, own in enumerate(parts)], "seed": 1},
        default_flow_style=flow, indent=indent, sort_keys=False,
    ),
    st.lists(st.lists(items, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from([True, False, None]),
    st.integers(2, 6),
)  # fmt: skip


@settings(max_examples=30)
@given(text=courses, data=st.data())
def test_nothing_else_changes(text: str, data: st.DataObject) -> None:
    """What is taken out of the new text again is the old one: no line, comment or order is touched."""
    course = yaml.safe_load(text)
    wanted = data.draw(st.sampled_from([each["id"] for each in course["assignments"]]))
    edited = with_exercise(text, wanted, "new", PATH)
    assert yaml.safe_load(edited)["assignments"][int(wanted[1:])]["exercises"][-1] == "new"
    added = len(edited) - len(text)
    assert any(edited[:place] + edited[place + added :] == text for place in range(len(text) + 1))
