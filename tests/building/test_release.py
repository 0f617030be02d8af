"""What students get: what is in it, and what is not."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from grader.building.reference import task_and_code, with_more_of_a_task
from grader.building.release import release, render_hand_out, render_release, stale
from grader.building.wheel import wheel
from grader.course.course_yml import load_course
from grader.errors import CourseError, UsageError
from grader.files import write_atomically
from grader.grading.keys import Keys
from grader.judging.answer_key import decode_key, encode_key
from grader.judging.verdicts import Verdict
from grader.wire.values import Array, pack, unpack
from marks import needs_torch
from repository import ROOT, SOLUTIONS, course_here

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

needs_solutions = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")
needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root and Windows write into read-only folders"
)

COURSE = """\
title: Calculus | for nets
seed: 918273645
assignments:
  - id: first
    title: The first | week
    due: 2026-03-01T23:59:00+01:00
    exercises: [triple, shift]
  - id: second
    title: Zweite Übung
    exercises: [half]
"""

SOLUTION = '''\
"""The task of {name}."""

### BEGIN SOLUTION
SECRET_HELPER = 7
### END SOLUTION


def {name}(x: float) -> float:
    """What to return."""
    ### BEGIN SOLUTION
    secret = {factor} * x
    return secret
    ### END SOLUTION
'''

CHECKS = '''\
"""Hidden checks of {name}; the private docstring."""
from grader import check, misconception


@check(points=1, public=True)
def open_to_all(rng):
    """the open claim"""
    yield 2.0


@check(points=2.5)
def hidden_name(rng):
    """the hidden claim"""
    yield 918.0


@misconception
def open_mistake(x):
    """The open feedback."""
    return -{factor} * x


@misconception(hidden=True)
def private_mistake(x):
    """The private feedback."""
    return x + 1000.0
'''

SECRETS = (
    "secret", "SECRET_HELPER", "SOLUTION", "918273645", "seed:", "hidden_name", "hidden claim", "918.0", "private docstring",
    "private_mistake", "private feedback", "1000.0",
)  # fmt: skip

FILES = {
    "course.yml", "README.md", "first/triple.py", "first/triple.examples.json", "first/shift.py",
    "first/shift.examples.json", "second/half.py", "second/half.examples.json",
}  # fmt: skip
WHEEL, PACKED = wheel()
HAND_OUT = FILES | {"first/first.ipynb", "second/second.ipynb", WHEEL}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Two assignments with three exercises."""
    root = tmp_path / "course"
    for assignment, name, factor in (("first", "triple", 3), ("first", "shift", 5), ("second", "half", 0.5)):
        folder = root / "solutions" / assignment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.py").write_text(SOLUTION.format(name=name, factor=factor), encoding="utf-8")
        (folder / f"{name}_checks.py").write_text(CHECKS.format(name=name, factor=factor), encoding="utf-8")
    (root / "course.yml").write_text(COURSE, encoding="utf-8")
    return load_course(root)


def content(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by its relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_release_is_the_stubs_the_examples_the_notebooks_the_grader_and_how_to_start(
    course: Course, tmp_path: Path
) -> None:
    """What is returned, rendered and on disk is the same, and nothing else is written."""
    written = release(course, tmp_path / "new" / "out")
    assert {path.as_posix() for path in written} == HAND_OUT
    assert content(tmp_path / "new" / "out") == render_hand_out(course)
    assert (tmp_path / "new" / "out" / WHEEL).read_bytes() == PACKED


def test_the_course_s_own_exercises_are_text_alone(course: Course) -> None:
    """They stand beside solutions/ under version control, where the grader is already."""
    written = release(course, course.root / "exercises")
    assert {path.as_posix() for path in written} == FILES
    assert content(course.root / "exercises") == render_release(course)


def test_the_text_of_a_hand_out_is_that_of_the_exercises(course: Course) -> None:
    """But for README.md, which says how to install what is beside it."""
    hand_out = render_hand_out(course)
    text = render_release(course)
    assert {name for name in text if text[name] != hand_out[name]} == {"README.md"}


def test_a_released_stub_asks_for_the_solution(course: Course) -> None:
    """The signature and the task are kept."""
    assert render_release(course)["first/triple.py"].decode() == (
        '"""The task of triple."""\n\n\ndef triple(x: float) -> float:\n    """What to return."""\n'
        "    raise NotImplementedError\n"
    )


def test_a_release_is_a_course_of_its_own(course: Course, tmp_path: Path) -> None:
    """It loads, without seed, and its files are where the loaded course looks for them."""
    release(course, tmp_path / "out")
    student = load_course(tmp_path / "out")
    assert (student.title, student.seed, student.assignments) == (course.title, None, course.assignments)
    assert all(
        student.stub(exercise).is_file() and student.examples(exercise).is_file() for exercise in student.exercises()
    )


@pytest.mark.slow
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_private_goes_out(course: Course, secret: str) -> None:
    """No solution, hidden check, hidden input, private misconception or seed is in any file or file name."""
    for name, data in render_hand_out(course).items():
        assert secret not in name
        assert name == WHEEL or secret not in data.decode()


def test_what_is_public_goes_out(course: Course) -> None:
    """The public check and the misconception that is not hidden are in the examples."""
    examples = render_release(course)["first/shift.examples.json"].decode()
    for public in ("open_to_all", "the open claim", "open_mistake", "The open feedback."):
        assert public in examples


def test_examples_are_json(course: Course) -> None:
    """Any tool can read them."""
    examples = [data for name, data in render_release(course).items() if name.endswith(".json")]
    assert [type(json.loads(data)) for data in examples] == [dict] * 3


def test_every_file_is_utf_8_with_one_newline_at_the_end(course: Course) -> None:
    """Text files as every editor and diff likes them."""
    for name, data in render_hand_out(course).items():
        if name == WHEEL:
            continue
        text = data.decode()
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "\r" not in text


def test_the_readme_lists_exercises_with_due_dates_and_points(course: Course) -> None:
    """Points are those of all checks; a `|` in a title does not break the table."""
    readme = render_release(course)["README.md"].decode()
    assert readme.startswith("# Calculus | for nets\n")
    assert (
        "### The first | week\n\nDue 2026-03-01 23:59+01:00.\n\n| Exercise | Points |\n| --- | ---: |\n| `first/triple.py` | 3.5 |\n"
        in readme
    )
    assert (
        "### Zweite Übung\n\nNo due date.\n\n| Exercise | Points |\n| --- | ---: |\n| `second/half.py` | 3.5 |\n"
        in readme
    )
    assert "    grader check triple\n" in readme
    assert "    grader hint triple\n" in readme


def test_minutes_readings_and_what_is_optional_are_in_the_readme_and_the_notebook(course: Course) -> None:
    """An assignment has a time where each of its exercises has one."""
    path = course.root / "course.yml"
    timed = "exercises: [{id: triple, minutes: 50}, {id: shift, minutes: 75}]"
    links = 'optional: true\n    links: [{title: "Notes [1]", url: "https://example.org/n.pdf"}]'
    path.write_text(
        COURSE.replace("exercises: [triple, shift]", timed).replace("title: Zweite Übung", f"title: Z\n    {links}")
    )
    hand_out = render_hand_out(load_course(course.root))
    readme = hand_out["README.md"].decode()
    assert "Minutes are an estimate" in readme
    assert "Due 2026-03-01 23:59+01:00. About 2 h 5 min, by estimate." in readme
    assert "| `first/shift.py` | 3.5 | 75 |\n" in readme
    assert (
        "No due date. Optional: it goes beyond what the course asks for.\n\nTo read:\n\n- [Notes \\[1\\]](https://example.org/n.pdf)\n"
        in readme
    )
    top = "".join(json.loads(hand_out["second/second.ipynb"])["cells"][0]["source"])
    assert "To read:\n\n- [Notes \\[1\\]](https://example.org/n.pdf)\n" in top


def test_a_package_is_to_be_installed_once_however_many_of_its_modules_are_imported(course: Course) -> None:
    first = course.assignments[0]
    using = replace(first.exercises[0], imports=("scipy.special", "scipy.stats"))
    changed = replace(course, assignments=(replace(first, exercises=(using, *first.exercises[1:])),))
    readme = render_release(changed)["README.md"].decode()
    assert "For `triple` also: `python -m pip install scipy`, when you get there." in readme
    assert "`numpy`, and `scipy` in `triple`." in readme


@pytest.mark.parametrize("verdict", Verdict)
def test_the_readme_explains_every_verdict(course: Course, verdict: Verdict) -> None:
    """A student looks up what the table of results says."""
    assert f"| `{verdict}` | " in render_release(course)["README.md"].decode()


def test_releasing_twice_gives_the_same_files(course: Course, tmp_path: Path) -> None:
    """A release can be repeated in place, with a student's change replaced and other files kept."""
    release(course, tmp_path / "out")
    first = content(tmp_path / "out")
    (tmp_path / "out/first/triple.py").write_text("changed", encoding="utf-8")
    (tmp_path / "out/notes.txt").write_text("mine", encoding="utf-8")
    release(course, tmp_path / "out")
    assert content(tmp_path / "out") == {**first, "notes.txt": b"mine"}


def test_last_bits_of_another_processor_stay(course: Course, tmp_path: Path) -> None:
    """Whoever releases a course on another machine has nothing to commit; a number that is another one is written."""
    release(course, tmp_path / "out")
    path = tmp_path / "out/first/shift.examples.json"
    ours = path.read_bytes()
    number = re.search(rb'"dtype": "<f8",\s+"shape": \[[^]]*\],\s+"data": "([^"]+)"', ours)
    assert number
    there = np.frombuffer(base64.b64decode(number[1]))
    for factor, stays in ((1 + 2**-52, True), (1.001, False)):
        other = ours.replace(number[1], base64.b64encode((there * factor).tobytes()))
        assert other != ours
        path.write_bytes(other)
        release(course, tmp_path / "out")
        assert path.read_bytes() == (other if stays else ours)


def test_a_current_release_is_not_stale(course: Course) -> None:
    """Files that are no stubs or examples, and stubs elsewhere, do not matter."""
    out = course.root / "exercises"
    release(course, out)
    (out / "first/notes.txt").write_text("mine", encoding="utf-8")
    (out / ".venv").mkdir()
    (out / ".venv/site.py").write_text("", encoding="utf-8")
    assert stale(course, out) == ()


def test_what_is_different_missing_or_too_much_is_stale(course: Course) -> None:
    """Each path is named once, in order, also in a folder that is no assignment any more."""
    out = course.root / "exercises"
    release(course, out)
    (out / "first/triple.py").write_text("changed", encoding="utf-8")
    (out / "first/shift.examples.json").unlink()
    (out / "second/half_checks.py").write_text("", encoding="utf-8")
    (out / "dropped").mkdir()
    (out / "dropped/old.py").write_text("", encoding="utf-8")
    (out / "dropped/old.examples.json").write_text("", encoding="utf-8")
    assert stale(course, out) == (
        "dropped/old.examples.json", "dropped/old.py", "first/shift.examples.json", "first/triple.py",
        "second/half_checks.py",
    )  # fmt: skip


def test_all_of_a_release_that_is_not_there_is_stale(course: Course, tmp_path: Path) -> None:
    """A folder that does not exist lacks every file."""
    assert stale(course, tmp_path / "none") == tuple(sorted(FILES))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"thesis.txt": b""}, "not empty"),
        ({"course.yml": b"title: x\nseed: 3\n"}, "a whole course"),
        ({"course.yml": b"{'seed': 3}\n"}, "a whole course"),
        ({"course.yml": b"title: x\n", "solutions/a.py": b""}, "a whole course"),
        ({"solutions/a.py": b""}, "a whole course"),
        ({"course.yml": b"title: \xff\n"}, "not UTF-8"),
        ({"course.yml/a": b""}, "cannot be read"),
    ],
)
def test_a_folder_with_other_content_is_refused_whole(
    course: Course, tmp_path: Path, files: dict[str, bytes], words: str
) -> None:
    """Nothing is written into it."""
    for name, data in files.items():
        write_atomically(tmp_path / "out" / name, data)
    with pytest.raises(UsageError, match=words):
        release(course, tmp_path / "out")
    assert content(tmp_path / "out") == files


def test_the_course_itself_is_no_place_for_its_release(course: Course) -> None:
    """`grader release .` in the course's folder does not replace its course.yml."""
    with pytest.raises(UsageError, match="a whole course"):
        release(course, course.root)
    assert (course.root / "course.yml").read_text(encoding="utf-8") == COURSE


def test_a_solution_that_is_not_utf_8_is_named_with_its_byte(course: Course, tmp_path: Path) -> None:
    """An author's editor may save in another encoding; nothing is written."""
    (path, *_) = [course.reference(exercise) for exercise in course.exercises()]
    path.write_bytes(path.read_bytes() + "# naïve\n".encode("latin-1"))
    with pytest.raises(CourseError, match=r"byte \d+ is not UTF-8; save the file as UTF-8") as caught:
        release(course, tmp_path / "out")
    assert caught.value.path == path
    assert not (tmp_path / "out").exists()


def test_a_file_is_no_place_for_a_release(course: Course, tmp_path: Path) -> None:
    """The message says what to name instead."""
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        release(course, tmp_path / "out")


@needs_permissions
def test_a_folder_that_is_not_writable_is_refused_with_the_reason(course: Course, tmp_path: Path) -> None:
    """The reason is the system's."""
    (tmp_path / "out").mkdir(mode=0o555)
    with pytest.raises(UsageError, match="cannot be written: Permission denied"):
        release(course, tmp_path / "out")


def test_a_write_that_fails_is_a_usage_error(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is named with the file that did not fit."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.building.release.write_atomically", full)
    with pytest.raises(UsageError, match=r"course\.yml cannot be written: No space left on device"):
        release(course, tmp_path / "out")


def test_a_release_is_not_made_from_a_release(course: Course, tmp_path: Path) -> None:
    """A student's tree lacks what a release is made from, and the message says so."""
    release(course, tmp_path / "out")
    with pytest.raises(UsageError, match="made from the whole course"):
        release(load_course(tmp_path / "out"), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_course_that_cannot_be_released_writes_nothing(course: Course, tmp_path: Path) -> None:
    """The last exercise's fault is found before the first file is written."""
    source = course.reference(course.exercises()[-1])
    source.write_text(source.read_text(encoding="utf-8").replace("### END", "#"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"half\.py:10: .* begun in line 3"):
        release(course, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_is_written_whole_with_its_folders(tmp_path: Path) -> None:
    """Parents are created, an old file is replaced, and nothing is left beside it."""
    path = tmp_path / "a" / "b" / ("n" * 255)
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert content(tmp_path) == {f"a/b/{path.name}": b"new"}


def test_a_written_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    """Not those of a temporary file, which others cannot read."""
    (tmp_path / "usual").touch()
    write_atomically(tmp_path / "written", b"")
    assert (tmp_path / "written").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_symlink_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """A link that someone put in the way leads nowhere."""
    (tmp_path / "target").write_bytes(b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_atomically(tmp_path / "link", b"new")
    assert not (tmp_path / "link").is_symlink()
    assert content(tmp_path) == {"target": b"precious", "link": b"new"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """The old content stays, no temporary file does, and the error comes through."""

    def fail(*_: object) -> None:
        raise error

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        write_atomically(tmp_path / "file", b"new")
    assert content(tmp_path) == {"file": b"old"}


def test_a_folder_in_the_way_is_an_os_error(tmp_path: Path) -> None:
    """It is neither removed nor filled."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


@pytest.mark.slow
@needs_solutions
@needs_torch
def test_the_exercises_here_are_current() -> None:
    """What students get is what the solutions say; `grader release exercises` makes it so."""
    assert stale(course_here(), ROOT / "exercises") == ()


def test_examples_that_differ_in_the_last_bit_are_current_and_others_are_not(course: Course) -> None:
    """Processors round sines and sums differently: the committed examples come from another one than a reader's."""
    root = course.root / "exercises"
    release(course, root)
    path = next(root.rglob("*.examples.json"))
    key = decode_key(path.read_bytes(), path)
    (first, *checks), expected = key.checks, key.checks[0].cases[0].expected
    assert isinstance(expected, Array)

    def write(factor: float) -> None:
        case = msgspec.structs.replace(first.cases[0], expected=pack(expected.numpy() * factor))
        changed = msgspec.structs.replace(first, cases=(case, *first.cases[1:]))
        path.write_bytes(encode_key(msgspec.structs.replace(key, checks=(changed, *checks))))

    assert np.any(expected.numpy())
    write(1 + 1e-15)
    assert stale(course, root) == ()
    write(1 + 1e-6)
    assert stale(course, root) == (path.relative_to(root).as_posix(),)


OWN = """\

@check(points=0, public=True)
def own(rng):
    \"\"\"the drawn claim\"\"\"
    yield rng.uniform(1.0, 2.0)
"""


@pytest.fixture
def individual(course: Course) -> Course:
    """The course with inputs of each student's own, of which one of `shift` is public."""
    checks = course.checks(course.exercise("shift"))
    checks.write_text(checks.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    (course.root / "course.yml").write_text(COURSE.replace("seed:", "individual: true\nseed:"), encoding="utf-8")
    return load_course(course.root)


def drawn(course: Course, student: str) -> float:
    """The input that a student's answer to `shift` is graded with."""
    key = Keys(course).of(course.exercise("shift"), student)
    (check,) = [check for check in key.checks if check.name == "own"]
    return float(unpack(check.cases[0].args[0]))


def test_a_student_s_hand_out_has_the_inputs_that_this_student_is_graded_with(individual: Course) -> None:
    """In the task, in the file as in the notebook, and in the examples; another student's has others."""
    for student, other in (("anna", "Zoë"), ("Zoë", "anna")):
        hand_out = render_hand_out(individual, student)
        call = f"    shift(x={drawn(individual, student)!r})\n"
        assert drawn(individual, student) != drawn(individual, other)
        stub = hand_out["first/shift.py"].decode()
        assert stub.startswith('"""The task of shift.\n\nYour own inputs, which are nobody else\'s')
        assert f'{call}"""\n\n\ndef shift(x: float)' in stub
        cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(hand_out["first/first.ipynb"])["cells"]}
        assert call in cells["task-shift"]
        assert cells["solution-shift"].startswith("def shift(x: float)")
        assert repr(drawn(individual, student)) in cells["examples-shift"]
        key = decode_key(hand_out["first/shift.examples.json"], individual.root)
        assert [unpack(check.cases[0].args[0]) for check in key.checks] == [2.0, drawn(individual, student)]
        everybody = render_hand_out(individual)
        assert {name for name in everybody if everybody[name] != hand_out[name]} == {
            "first/shift.py", "first/shift.examples.json", "first/first.ipynb",
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_private_is_in_a_student_s_hand_out(individual: Course, secret: str) -> None:
    """As in everybody's: their own hidden inputs stay hidden, and so does the seed."""
    for name, data in render_hand_out(individual, "anna").items():
        assert name == WHEEL or secret not in data.decode()


def test_where_no_student_has_inputs_of_their_own_or_the_place_is_everybody_s_the_message_says_so(
    course: Course, individual: Course, tmp_path: Path, run
) -> None:
    with pytest.raises(UsageError, match=r"there is nothing for anna alone; with `individual: true` in course\.yml"):
        render_hand_out(replace(course, individual=False), "anna")
    with pytest.raises(UsageError, match="is everybody's; name another folder for what anna gets"):
        release(individual, individual.root / "exercises", "anna")
    assert not (individual.root / "exercises").exists()
    said = run("--course", course.root, "release", tmp_path / "out", "--student", "anna")
    assert (said.code, (tmp_path / "out" / "first" / "first.ipynb").is_file()) == (0, True)
    said = run("--course", course.root, "release", tmp_path / "more", "--student", "anna", "--derivations")
    assert (said.code, "--student goes with a hand-out" in said.err) == (2, True)


@pytest.mark.parametrize(
    "more", ["Yours:\n\n    f(x=1)", "Yours:\n\n    f(name='\\n')", 'f(text=\'"""\')', "ends with \\"]
)
@pytest.mark.parametrize("above", ["", "# A comment above.\n\n"])
def test_more_of_a_task_reads_as_it_is_meant(tmp_path: Path, more: str, above: str) -> None:
    """Whatever signs are in it; the code stays as it was."""
    text = with_more_of_a_task(f'{above}"""A `\\\\n` of a task."""\n\nx = 1\n', more, tmp_path)
    assert text.startswith(above)
    assert task_and_code(text, tmp_path) == (f"A `\\n` of a task.\n\n{more}", "\nx = 1\n")
