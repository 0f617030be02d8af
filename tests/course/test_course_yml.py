"""course.yml is read whole, every problem is named with its line, and a course knows where its files are."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.course import yaml_reader
from grader.course.course_yml import load_course, released_yaml
from grader.course.model import Assignment, Course, Exercise, Link, Repair
from grader.course.place import find_course
from grader.course.policies import Attempts, Late
from grader.course.term import Rules
from grader.errors import CourseError, UsageError
from grader.sandbox.limits import Limits

FULL = """\
title: Neural-network calculus
seed: 20261122
individual: yes
isolation: best-effort
imports: [scipy]
limits: {memory_mb: 256}
assignments:
  - id: jacobians
    title: Jacobians by hand
    due: 2027-03-01T23:59:00+01:00
    optional: yes
    links:
      - {title: "Notes [1]", url: "https://example.org/a-b.pdf#page=2"}
    exercises:
      - manual_jacobian
      - id: sigmoid_grad
        minutes: 20
        framework: torch
        imports: []
        limits: {cpu_seconds: 5, wall_seconds: 7}
"""


def problems(make_course, text, files=()):
    """The message for a course.yml, without the folder's own path."""
    root = make_course(text, files=files)
    with pytest.raises(CourseError) as caught:
        load_course(root)
    return str(caught.value).replace(f"{root}/", "").splitlines()


def around(exercises="[one]", head="title: T\nseed: 1\n", more=""):
    """A course.yml with one assignment; without a solutions/ folder it is a student's."""
    return f"{head}assignments:\n  - id: a\n    title: A\n{more}    exercises: {exercises}\n"


@pytest.mark.parametrize("quick", [True, False])
def test_a_title_is_not_cut_off_at_a_number_sign_in_silence(make_course, monkeypatch, quick):
    """Behind a space it begins a comment for YAML; one that looks like a comment is one, and in quotes it is text."""
    if not quick:
        monkeypatch.setattr(yaml_reader, "_well_formed", lambda _: None)
    told = "title ends before the #, which begins a comment: put all of it in quotes, or a space after the #"
    for first, cut in (("Robust #1", True), ("Robust  #1", True), ("Robust # one", False), ("Robust#1", False)):
        text = around(head=f"\ufefftitle: {first}\nseed: 1\n")
        if cut:
            assert problems(make_course, text) == [f"course.yml:1: {told}"]
        else:
            assert load_course(make_course(text, files=())).title == first.partition(" # ")[0]
    assert load_course(make_course(around(head='title: "Robust #1" #x\nseed: 1\n'), files=())).title == "Robust #1"


def test_the_rules_of_a_term_arrive_in_the_types_and_an_assignment_has_its_own(make_course):
    head = (
        "title: T\nseed: 1\nlate: {grace_minutes: 10, percent: 20, per: day, at_most: 60, cutoff_days: 7}\n"
        "attempts: {count: best, at_most: 5, cool_down_minutes: 30}\n"
        "term: {late_days: 4, drop_lowest: 1, rounding: 0.5, optional: extra}\ntimestamps: nbgrader\n"
    )
    text = around(head=head, more="    late: {percent: 50}\n    weight: 100\n    team: yes\n")
    course = load_course(make_course(text, files=("a/one",)))
    (assignment,) = course.assignments
    assert assignment.late == Late(grace_minutes=10, percent=50, per="day", at_most=60, cutoff_days=7)
    assert (assignment.weight, assignment.team, course.timestamps) == (100, True, "nbgrader")
    attempts = Attempts(count="best", at_most=5, cool_down_minutes=30)
    assert course.rules == Rules(attempts=attempts, budget_days=4, drop_lowest=1, rounding=0.5, optional="extra")
    part = course.part(assignment, {"one": 3.0})
    assert (part.name, part.late, part.weight, part.possible) == ("a", assignment.late, 100, {"one": 3.0})


def test_everything_in_course_yml_arrives_in_the_types(make_course):
    root = make_course(FULL, files=("jacobians/manual_jacobian", "jacobians/sigmoid_grad"))
    assert load_course(root) == Course(
        root, "Neural-network calculus", 20261122, individual=True, isolation="best-effort",
        assignments=(
            Assignment(
                "jacobians", "Jacobians by hand",
                datetime(2027, 3, 1, 23, 59, tzinfo=timezone(timedelta(hours=1))),
                (
                    Exercise("manual_jacobian", "jacobians", Limits(memory_mb=256), "numpy", ("scipy",)),
                    Exercise("sigmoid_grad", "jacobians", Limits(5, 7.0, 256), "torch", (), minutes=20),
                ),
                optional=True, links=(Link("Notes [1]", "https://example.org/a-b.pdf#page=2"),),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (around(head="titel: T\ntitle: T\n"), ["course.yml:1: unknown key 'titel'", "did you mean 'title'?"]),
        (around(head="title: T\ntitle: T\n"), ["course.yml:2: duplicate key 'title'"]),
        (around(head="seed: 1\n"), ["course.yml:1: missing key 'title'"]),
        (around(head="title: 3\n"), ["course.yml:1: title must be text"]),
        (around(head='title: "a\\nb"\n'), ["course.yml:1: title must be one line"]),
        (around(head='title: "\\ud800"\n'), ["course.yml:1: title must be one line"]),
        (around(head="title: T\nseed: yes\n"), ["course.yml:2: seed must be a whole number"]),
        (around(head="title: T\nseed: -1\n"), ["course.yml:2: seed must be a whole number from 0"]),
        (around(head="title: T\nseed: 1.5\n"), ["course.yml:2: seed must be a whole number"]),
        (around(head="title: T\nindividual: 1\n"), ["course.yml:2: individual must be true or false"]),
        (around(head="title: T\nframework: trch\n"), ["course.yml:2: unknown framework", "did you mean 'torch'?"]),
        (around(head="title: T\nimports: scipy\n"), ["course.yml:2: imports must be a list"]),
        (around(head="title: T\nimports: [a b]\n"), ["course.yml:2: import 'a b' must be the name of a module"]),
        (around(head="title: T\nlimits: 3\n"), ["course.yml:2: limits must be a mapping", "cpu_seconds"]),
        (around(head="title: T\nlimits: {cpu_second: 3}\n"), ["course.yml:2:", "did you mean 'cpu_seconds'?"]),
        (around(head="title: T\nlimits: {cpu_seconds: 0}\n"), ["course.yml:2: cpu_seconds must be", "from 1 to 600"]),
        (around(head="title: T\nlimits: {cpu_seconds: true}\n"), ["course.yml:2: cpu_seconds must be"]),
        (around(head="title: T\nlimits: {memory_mb: 999999}\n"), ["course.yml:2: memory_mb must be"]),
        (around(head="title: T\nlimits: {wall_seconds: .nan}\n"), ["course.yml:2: wall_seconds must be a number above 0"]),
        (around(head="title: T\nlimits: {wall_seconds: 0}\n"), ["course.yml:2: wall_seconds must be a number above 0"]),
        (around(head="title: T\nrepair: 500\n"), ["course.yml:2: repair must be a mapping", "variants, seconds, check"]),
        (around(head="title: T\nrepair: {variants: -1}\n"), ["course.yml:2: variants must be a whole number from 0"]),
        (around(head="title: T\nrepair: {seconds: 0}\n"), ["course.yml:2: seconds must be a number above 0"]),
        (around(head="title: T\nrepair: {check: 1}\n"), ["course.yml:2: check must be true or false"]),
        (around(head="title: T\nlate: 10\n"), ["course.yml:2: late must be a mapping", "grace_minutes, percent, per"]),
        (around(head="title: T\nlate: {percent: 101}\n"), ["course.yml:2: percent must be a number above 0, at most 100"]),
        (around(head="title: T\nlate: {per: week}\n"), ["course.yml:2: unknown per 'week'; known are hour, day, once"]),
        (around(more="    late: {grace_minutes: -1}\n"), ["course.yml:6: grace_minutes must be a whole number from 0"]),
        (around(head="title: T\nattempts: {count: worst}\n"), ["course.yml:2: unknown count 'worst'; known are last, best, first"]),
        (around(head="title: T\nattempts: {at_most: 0}\n"), ["course.yml:2: at_most must be a whole number from 1"]),
        (around(head="title: T\nterm: {drop_lowest: x}\n"), ["course.yml:2: drop_lowest must be a whole number from 0"]),
        (around(head="title: T\nterm: {optional: maybe}\n"), ["course.yml:2: unknown optional 'maybe'; known are apart, extra"]),
        (around(head="title: T\ntimestamps: mtime\n"), ["course.yml:2: unknown timestamps 'mtime'; known are service, nbgrader"]),
        (around(more="    weight: 40\n"), ["the weights of the assignments sum to 40; make them sum to 100"]),
        (around(more="    weight: 100\n    optional: yes\n"), ["a: optional, and so without a weight; take it out"]),
        (
            around(more="    weight: 100\n") + "  - {id: b, title: B, exercises: [two]}\n",
            ["b without a weight: give all assignments one that are not optional, or none"],
        ),
        (around(more="    due: 2027-03-01T23:59:00\n"), ["course.yml:6: due has no time zone"]),
        (around(more="    due: 2027-03-01\n"), ["course.yml:6: due has no time zone"]),
        (around(more="    due: soon\n"), ["course.yml:6: due must be a date and time", "2027-03-01T23:59:00+01:00"]),
        (around(more="    optional: 1\n"), ["course.yml:6: optional must be true or false"]),
        (around(more="    links: x\n"), ["course.yml:6: links must be a list"]),
        (around(more="    links: [{title: a}]\n"), ["course.yml:6: missing key 'url' in a link"]),
        (around(more="    links: [{title: a, url: 'javascript:x'}]\n"), ["course.yml:6: url 'javascript:x' must be an address"]),
        (around("[{id: one, minutes: 0}]"), ["course.yml:6: minutes must be a whole number from 1"]),
        (around("[]"), ["course.yml:6: exercises is empty"]),
        (around("[2nd]"), ["course.yml:6: exercise id '2nd' must be letters"]),
        (around("[yes]"), ["course.yml:6: exercise id must be text"]),
        (around("[lambda]"), ["course.yml:6: exercise id 'lambda' is a Python keyword"]),
        (around("[random]"), ["course.yml:6: exercise id 'random' is", "a module that answers import"]),
        (around("[numpy]"), ["course.yml:6: exercise id 'numpy' is", "a module that answers import"]),
        (around("[one, two,\n  ONE]"), ["course.yml:7: duplicate exercise id 'one'", "line 6"]),
        (around("[one_checks]"), ["course.yml:6: exercise id 'one_checks'", "ends in '_checks'"]),
        (around("[one, two,\n  one]"), ["course.yml:7: duplicate exercise id 'one'", "line 6"]),
        (around("[{framework: numpy}]"), ["course.yml:6: missing key 'id' in an exercise"]),
        (around("[[one]]"), ["course.yml:6: an exercise must be a mapping"]),
        ("title: T\nassignments: []\n", ["course.yml:2: assignments is empty"]),
        ("title: T\nassignments: {}\n", ["course.yml:2: assignments must be a list"]),
        ("- title\n", ["course.yml:1: the course must be a mapping"]),
        ("title: T\n  x: [\n", ["course.yml:2: not YAML"]),
        ("title: &a T\nx: *b\n", ["course.yml:2: not YAML: found undefined alias 'b'"]),
        ("title: T\nx: \a\n", ["course.yml:2: a character that YAML does not allow"]),
        ('title: "\\UFFFFFFFF"\n', ["course.yml: not YAML"]),
        ("title: T\n---\nx: 1\n", ["course.yml:2: not YAML"]),
        (b"title: T\nx: \xff\n", ["course.yml:2: byte 12 is not UTF-8"]),
        ("", ["course.yml: the file is empty"]),
        ("x: " + "[" * 100_000, ["course.yml:1: lists and mappings nest more than 16 deep"]),
        ("- " * 5_000, ["course.yml:1: lists and mappings nest more than 16 deep"]),
    ],
)  # fmt: skip
def test_a_problem_is_named_with_its_line_and_what_is_allowed(make_course, text, expected):
    lines = problems(make_course, text)
    assert any(all(part in line for part in expected) for line in lines), lines


def test_how_long_an_edit_is_looked_for_can_be_said(make_course):
    """A thousand edits and twenty seconds, and not in `grader check`, where nothing is; 0 edits are no search."""
    plain = load_course(make_course(around(), files=()))
    assert plain.repair == Repair(1000, 20.0, check=False)
    assert "repair" not in released_yaml(plain)
    text = around(head="title: T\nrepair: {variants: 0, seconds: 1.5, check: true}\n")
    course = load_course(make_course(text, files=()))
    assert course.repair == Repair(0, 1.5, check=True)
    assert "repair:\n  check: true\n" in released_yaml(course)


def test_an_assignment_may_not_be_called_like_a_folder_of_the_course(make_course):
    """A student's tree with an assignment `solutions` would count as an instructor's."""
    text = around().replace("id: a", "id: solutions")
    assert problems(make_course, text)[0].startswith("course.yml:4: assignment id 'solutions'")


def test_all_problems_are_reported_at_once_in_the_order_of_their_lines(make_course):
    text = around("[2nd, two, two]", head="seed: no\n")
    assert [line.split(": ")[0] for line in problems(make_course, text)] == [
        "course.yml:1", "course.yml:1", "course.yml:5", "course.yml:5",
    ]  # fmt: skip


def test_a_joined_error_keeps_the_first_place():
    first, second = CourseError("x", path="a", line=1), CourseError("y", path="b")
    joined = CourseError.joined([first, second])
    assert (str(joined), joined.path, joined.line) == ("a:1: x\nb: y", "a", 1)


def test_aliases_are_fine(make_course):
    text = around("[{id: one, limits: &l {cpu_seconds: 5}}, {id: two, limits: *l}]")
    course = load_course(make_course(text, files=()))
    assert [exercise.limits.cpu_seconds for exercise in course.exercises()] == [5, 5]


@pytest.mark.parametrize("text", ["&a [*a]", "&a {assignments: [*a]}", "&a {assignments: [{exercises: [*a]}]}"])
def test_an_alias_of_itself_is_a_course_error(make_course, text):
    assert problems(make_course, text)


def test_an_instructors_course_needs_a_seed_and_a_students_does_not(make_course):
    text = around(head="title: T\n")
    assert load_course(make_course(text, files=())).seed is None
    assert "missing key 'seed'" in problems(make_course, text, files=("a/one",))[0]


def test_missing_files_are_named_at_the_line_of_their_id(make_course):
    root = make_course(around("[one, two,\n  sigmoid_grd]"), files=("a/one", "a/two", "a/sigmoid_grad"))
    (root / "solutions/a/two_checks.py").unlink()
    missing, *misspelt = problems(make_course, around("[one, two,\n  sigmoid_grd]"))
    assert missing == "course.yml:6: exercise 'two' has no checks; write solutions/a/two_checks.py"
    assert [line.partition("; write ")[0] for line in misspelt] == [
        "course.yml:7: exercise 'sigmoid_grd' has no reference",
        "course.yml:7: exercise 'sigmoid_grd' has no checks",
    ]
    assert all(line.endswith("; did you mean 'sigmoid_grad'?") for line in misspelt)


def test_a_missing_folder_is_one_problem_and_not_one_for_each_file(make_course):
    lines = problems(make_course, around(), files=("aa/one",))
    assert lines == ["course.yml:4: assignment 'a' has no folder; make solutions/a/; did you mean 'aa'?"]


def test_no_course_yml_says_what_a_course_is(tmp_path):
    with pytest.raises(
        CourseError, match=r"course\.yml: .*No such file.*lies in the folder of the course.*--course DIR"
    ):
        load_course(tmp_path)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.binary(max_size=60) | st.text(alphabet='[]{}:,-&*!|>%#"\\ \n\tax1~?<', max_size=60).map(str.encode))
def test_any_bytes_give_a_course_or_a_course_error(tmp_path_factory, data):
    root = tmp_path_factory.getbasetemp() / "any"
    root.mkdir(exist_ok=True)
    (root / "course.yml").write_bytes(data)
    with pytest.raises(CourseError):
        load_course(root)


def test_the_course_is_found_from_any_folder_or_file_below_it(make_course):
    root = make_course()
    for start in (root, root / "course.yml", root / "solutions/jacobians", root / "solutions/../solutions/x/y"):
        assert find_course(start) == root.resolve()


def test_no_course_above_says_how_to_name_one(tmp_path):
    with pytest.raises(CourseError, match="--course DIR"):
        find_course(tmp_path)


def test_the_layout_of_an_instructors_course(course):
    exercise = course.exercises()[1]
    paths = (course.reference(exercise), course.checks(exercise), course.stub(exercise), course.examples(exercise))
    assert [path.relative_to(course.root).as_posix() for path in paths] == [
        "solutions/jacobians/sigmoid_grad.py",
        "solutions/jacobians/sigmoid_grad_checks.py",
        "exercises/jacobians/sigmoid_grad.py",
        "exercises/jacobians/sigmoid_grad.examples.json",
    ]


def test_the_layout_of_a_students_tree(make_course):
    course = load_course(make_course(files=()))
    exercise = course.exercises()[1]
    assert course.released
    assert course.stub(exercise) == course.root / "jacobians/sigmoid_grad.py"
    assert course.examples(exercise) == course.root / "jacobians/sigmoid_grad.examples.json"


@pytest.mark.parametrize(
    ("assignment", "exercise", "left"),
    [
        ((), (), ["manual_jacobian", "sigmoid_grad", "backprop_batch"]),
        ("jacobians", (), ["manual_jacobian", "sigmoid_grad"]),
        ((), "backprop_batch", ["backprop_batch"]),
        ("jacobians", "sigmoid_grad", ["sigmoid_grad"]),
        (("backprop", "jacobians"), (), ["manual_jacobian", "sigmoid_grad", "backprop_batch"]),
        ((), ["backprop_batch", "manual_jacobian"], ["manual_jacobian", "backprop_batch"]),
        (["jacobians", "backprop"], {"sigmoid_grad"}, ["sigmoid_grad"]),
    ],
)
def test_a_selection_keeps_only_what_was_asked_for(course, assignment, exercise, left):
    selected = course.select(assignment, exercise)
    assert [each.id for each in selected.exercises()] == left
    assert all(each.exercises for each in selected.assignments)


@pytest.mark.parametrize(
    ("assignment", "exercise", "message"),
    [
        ("jacobian", (), "no assignment 'jacobian'; did you mean 'jacobians'\\?$"),
        ((), "sigmoidgrad", "no exercise 'sigmoidgrad'; did you mean 'sigmoid_grad'\\?$"),
        ("jacobians", "backprop_batch", "no exercise 'backprop_batch'; known are manual_jacobian, sigmoid_grad"),
        (["backprop", "chess"], (), "no assignment 'chess'; known are jacobians, backprop"),
        ((), ["sigmoid_grad", "chess"], "no exercise 'chess'"),
    ],
)
def test_an_unknown_selection_lists_what_there_is(course, assignment, exercise, message):
    with pytest.raises(UsageError, match=message.rstrip("?")):
        course.select(assignment, exercise)


def test_an_exercise_and_an_assignment_are_found_by_their_ids(course):
    assert [course.exercise(each.id) for each in course.exercises()] == list(course.exercises())
    assert [course.assignment(each.id) for each in course.assignments] == list(course.assignments)
    with pytest.raises(UsageError, match=r"there is no exercise 'sigmoidgrad'; did you mean 'sigmoid_grad'"):
        course.exercise("sigmoidgrad")
    with pytest.raises(UsageError, match=r"there is no assignment 'backprob'; did you mean 'backprop'"):
        course.assignment("backprob")


def test_a_release_says_nothing_of_the_seed_and_what_is_shared_once(make_course):
    root = make_course(FULL, files=("jacobians/manual_jacobian", "jacobians/sigmoid_grad"))
    assert released_yaml(load_course(root)).splitlines() == [
        "title: Neural-network calculus",
        "imports:",
        "- scipy",
        "limits:",
        "  memory_mb: 256",
        "assignments:",
        "- id: jacobians",
        "  title: Jacobians by hand",
        "  due: 2027-03-01 23:59:00+01:00",
        "  optional: true",
        "  links:",
        "  - title: Notes [1]",
        "    url: https://example.org/a-b.pdf#page=2",
        "  exercises:",
        "  - manual_jacobian",
        "  - id: sigmoid_grad",
        "    framework: torch",
        "    imports: []",
        "    limits:",
        "      cpu_seconds: 5",
        "      wall_seconds: 7.0",
        "    minutes: 20",
    ]


ids = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).map(lambda name: f"e{name}x")
titles = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1) | st.just("a: b # 'c'")
limits = st.builds(
    Limits, st.integers(1, 600), st.floats(1e-9, 3600), st.integers(1, 65536), st.integers(1, 2**24)
) | st.just(Limits())
imports = st.lists(st.sampled_from(["scipy", "scipy.special"]), max_size=2).map(tuple)
exercises = st.builds(
    Exercise, ids, st.just(""), limits, st.sampled_from(["numpy", "torch"]), imports, st.integers(0, 10_000)
)
due = st.none() | st.datetimes(timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23))))
assignments = st.builds(
    Assignment, ids, titles, due, st.lists(exercises, min_size=1, max_size=3).map(tuple), st.booleans(),
    st.lists(st.builds(Link, titles, st.just("https://example.org/x")), max_size=2).map(tuple),
)  # fmt: skip


@pytest.mark.slow
@given(titles, st.lists(assignments, min_size=1, max_size=3))
def test_a_released_course_is_read_back_as_the_same_course(tmp_path_factory, title, groups):
    root = tmp_path_factory.getbasetemp() / "released"
    root.mkdir(exist_ok=True)
    numbered = tuple(
        replace(
            group, id=f"{group.id}{i}",
            exercises=tuple(replace(e, id=f"{e.id}{i}_{j}", assignment=f"{group.id}{i}") for j, e in enumerate(group.exercises)),
        )
        for i, group in enumerate(groups)
    )  # fmt: skip
    course = Course(root, title, None, individual=False, isolation="required", assignments=numbered)
    (root / "course.yml").write_text(released_yaml(course), encoding="utf-8")
    assert load_course(root) == course


def test_the_course_is_read_without_numpy():
    """`grader --help` must be fast."""
    code = "import sys, grader.course.course_yml; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
