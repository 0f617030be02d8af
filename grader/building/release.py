"""The student's tree: stubs, public examples, a course.yml without seed and a README; of solutions/ nothing else."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.building.compiler import compile_key
from grader.building.stub import make_stub
from grader.course.course_yml import released_yaml
from grader.errors import CourseError, UsageError
from grader.files import write_atomically
from grader.judging.answer_key import decode_key, encode_key
from grader.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.course.model import Course, Exercise

__all__ = ["release", "render_release", "stale"]

_EXAMPLES = ".examples.json"

_ROUNDING = 1e-9
"""How far two processors may be apart, relative: they round functions and sums differently, and quotients enlarge that."""

_SEED = re.compile(r"^[\s{]*[\"']?seed[\"']?\s*:", re.MULTILINE)

_README = """\
# {title}

Each file below is an exercise: it says what to write, and you write it in place of `raise NotImplementedError`.

## How to start

You need Python 3.11 or newer, and the grader, which you get from your instructor: a file whose name ends in `.whl`, or a
folder. Run `pip install` with that file's name, or `pip install .` in that folder, once; it installs the command `grader`.
Then, in the folder of this README:

    grader check                    every exercise, on the public examples
    grader check {example}
                                    one exercise; or go into its folder and name the file alone

The examples are a part of what is graded: hidden checks call your functions with other inputs. Hand in each file, or a
notebook of the same name, by itself: it cannot import another file of yours.

## Exercises

Points are those of all checks, public and hidden.

| Assignment | Due | Exercise | Points |
| --- | --- | --- | ---: |
{exercises}

## What a verdict means

| Verdict | Meaning |
| --- | --- |
{verdicts}
"""

_MEANINGS = {
    Verdict.ACCEPTED: "Right.",
    Verdict.WRONG_ANSWER: "Your code ran and returned something else; the feedback says in what it differs.",
    Verdict.RUNTIME_ERROR: "Your code raised an error, is not valid Python, or lacks the function that is asked for.",
    Verdict.TIME_LIMIT_EXCEEDED: "Your code took too long: look for a loop that does not end.",
    Verdict.MEMORY_LIMIT_EXCEEDED: "Your code needed too much memory: look for an array that is larger than you think.",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "Your code printed too much: take out what you print while debugging.",
    Verdict.NOT_ATTEMPTED: "There is no answer yet: the file is missing, empty, or still the stub.",
    Verdict.FORBIDDEN: "The file was refused: it is too large, a link, or imports what the exercise does not allow.",
    Verdict.JUDGE_ERROR: "A mistake of the course, not yours: tell your instructor. It costs you no points.",
}


def release(course: Course, out: Path) -> tuple[Path, ...]:
    """Write the student's tree into `out`, and return its files, relative to `out`.

    Raises UsageError where `out` holds anything but an earlier release (nothing is written then), or cannot be
    written; and CourseError for a course that cannot be released.
    """
    _refuse_other_content(out)
    rendered = render_release(course)
    # course.yml is the first: by it, a release that was cut off is known as one when it is repeated.
    for name, content in rendered.items():
        try:
            write_atomically(out / name, content)
        except OSError as error:
            raise UsageError(f"{out / name} cannot be written: {error.strerror}") from None
    return tuple(Path(name) for name in rendered)


def render_release(course: Course) -> dict[str, bytes]:
    """Return the content of every file of the student's tree, by its relative POSIX path.

    Raises UsageError for a course without solutions/, and CourseError for one that cannot be released.
    """
    if course.released:
        raise UsageError(f"{course.root} has no solutions/: a release is made from the whole course")
    points = {exercise.id: compile_key(course, exercise).points for exercise in course.exercises()}
    texts = {"course.yml": released_yaml(course), "README.md": _readme(course, points)}
    for exercise in course.exercises():
        name = _name(exercise)
        source = course.reference(exercise)
        texts[f"{name}.py"] = make_stub(_read(source), source)
        texts[f"{name}{_EXAMPLES}"] = encode_key(compile_key(course, exercise, public=True)).decode()
    return {name: (text.rstrip("\n") + "\n").encode() for name, text in texts.items()}


def stale(course: Course, out: Path) -> tuple[str, ...]:
    """Return the paths in `out` that are not as a release would write them: different, missing, or no part of one.

    Only stubs and examples can be one file too many; what else lies in `out` is not looked at.
    """
    rendered = render_release(course)
    differing = {name for name, content in rendered.items() if not _is_current(out / name, content)}
    folders = {out / assignment.id for assignment in course.assignments}
    folders.update(path.parent for path in out.glob(f"*/*{_EXAMPLES}"))  # an assignment that the course has dropped
    found = {path.relative_to(out).as_posix() for folder in folders for path in _stubs_and_examples(folder)}
    return tuple(sorted(differing | (found - rendered.keys())))


def _is_current(path: Path, rendered: bytes) -> bool:
    """Whether a file is as it would be written; examples up to the last bits, which differ between processors."""
    there = _content(path)
    if there is None or there == rendered:
        return there is not None
    try:
        return _alike(*(msgspec.to_builtins(decode_key(data, path)) for data in (there, rendered)))
    except (msgspec.MsgspecError, UsageError):
        return False


def _alike(one: Any, other: Any) -> bool:
    """Whether two keys, as plain data, are equal but for rounding in their floating-point arrays."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        if one.get("type") == "array" and one["dtype"] == other["dtype"] == "<f8" and one["shape"] == other["shape"]:
            want, have = (np.frombuffer(base64.b64decode(each["data"])) for each in (one, other))
            return bool(np.allclose(want, have, rtol=_ROUNDING, atol=0, equal_nan=True))
        return all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        return all(map(_alike, one, other))
    return bool(one == other)


def _name(exercise: Exercise) -> str:
    """Return the path of an exercise's files in the student's tree, up to the suffix."""
    return f"{exercise.assignment}/{exercise.id}"


def _stubs_and_examples(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.py")
    yield from folder.rglob(f"*{_EXAMPLES}")


def _content(path: Path) -> bytes | None:
    """Return the file's bytes, None where there is no such file."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _refuse_other_content(out: Path) -> None:
    """Raise UsageError unless `out` is new, empty, or an earlier release."""
    try:
        names = {path.name for path in out.iterdir()}
        course_yml = (out / "course.yml").read_bytes().decode() if "course.yml" in names else ""
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise UsageError(f"{out} is a file; name a folder that is new, empty, or an earlier release") from None
    except OSError as error:
        raise UsageError(f"{out} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{out} is not an earlier release: its course.yml is not UTF-8") from None
    if "solutions" in names or _SEED.search(course_yml):
        raise UsageError(f"{out} is a whole course, not a student's tree; name a folder that is new or empty")
    if names and "course.yml" not in names:
        raise UsageError(f"{out} is not empty and not an earlier release; name a folder that is new or empty")


def _read(path: Path) -> str:
    """Return a reference's text. Raises CourseError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CourseError(f"the solution cannot be read: {error.strerror}", path=path) from None
    except UnicodeDecodeError as error:
        raise CourseError(f"byte {error.start} is not UTF-8; save the file as UTF-8", path=path) from None


def _readme(course: Course, points: Mapping[str, float]) -> str:
    """Write what a student reads first."""
    exercises = [
        (
            assignment.title,
            assignment.due.isoformat(" ", "minutes") if assignment.due else "no due date",
            f"`{_name(exercise)}.py`",
            f"{points[exercise.id]:g}",
        )
        for assignment in course.assignments
        for exercise in assignment.exercises
    ]
    return _README.format(
        title=_one_line(course.title),
        example=f"{_name(course.exercises()[0])}.py",
        exercises="\n".join(map(_row, exercises)),
        verdicts="\n".join(_row((f"`{verdict}`", meaning)) for verdict, meaning in _MEANINGS.items()),
    )


def _row(cells: Iterable[str]) -> str:
    """Write one row of a Markdown table."""
    return "| " + " | ".join(_one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())
