"""What students get: stubs, public examples, a course.yml without seed, a README; of solutions/ nothing else.

A hand-out, which needs nothing beside it, has notebooks and the grader's wheel as well. The course's own exercises/ are text alone.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.building.compiler import compile_exercise
from grader.building.notebook import about, notebook_cells, notebook_exercises, student_notebook
from grader.building.public import public_key
from grader.building.reference import read_reference, with_more_of_a_task
from grader.building.stub import make_stub
from grader.building.wheel import wheel
from grader.course.course_yml import released_yaml
from grader.course.model import EXAMPLES, PICTURE
from grader.errors import UsageError
from grader.files import write_atomically
from grader.judging.answer_key import decode_key, encode_key
from grader.judging.facts import call_shown
from grader.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.building.compiler import Compiled
    from grader.course.model import Assignment, Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["is_own_tree", "release", "render_hand_out", "render_release", "stale"]


_ROUNDING = 1e-9
"""How far two processors may be apart, relative: they round functions and sums differently, and quotients enlarge that."""

_SEED = re.compile(r"^[\s{]*[\"']?seed[\"']?\s*:", re.MULTILINE)

_README = """\
# {title}

Each file below is an exercise: it says what to write, and you write it in place of `raise NotImplementedError`.{notebooks}{pictures}

## How to start

{install}

Then, in this folder:

    grader status                   where you stand, and which exercise is next
    grader check                    all that you have worked on, on the public examples
    grader check --watch            one exercise after the other, again whenever you save
    grader check {exercise}
                                    one exercise; its file or a folder can be named as well
    grader hint {exercise}
                                    the next hint for it, from a nudge to nearly the solution

The examples are a part of what is graded: hidden checks call your functions with other inputs.

## What to use

{imports}
Anything else is refused where an answer uses it (`FORBIDDEN`, no points): {refused}.
Your code runs by itself: it reads no file of yours and imports no other one.

## What to hand in

For each exercise its file, or a notebook: `{assignment}/{exercise}.ipynb` for one exercise, `{assignment}/{assignment}.ipynb` for
all of an assignment. Keep these names. In a notebook an answer is a code cell that defines what the stub does, with its name and
arguments:

    import numpy as np

    def {signature}:
        ...
        return ...

Other cells may stand above and below: what you tried, plots, text. Outputs do not matter. Of a file and a notebook the one that
you worked on counts, and the file where you worked on both.

## Exercises

Points are those of all checks, public and hidden.{minutes}

{exercises}

## What a verdict means

| Verdict | Meaning |
| --- | --- |
{verdicts}
"""

_INSTALL = """\
You need Python 3.11 or newer. The grader is the file here that ends in `.whl`; these lines, typed in this folder, put it into
an environment of its own. On Linux and macOS:

    python3 -m venv .venv
    . .venv/bin/activate
    python -m pip install ./{wheel}

On Windows, in the Command Prompt:

    py -m venv .venv
    .venv\\Scripts\\activate
    python -m pip install .\\{wheel}

Where the first line fails on Debian or Ubuntu, `sudo apt install python3-venv` comes before it. In a new terminal the second
line alone is needed.{packages}"""

_INSTALL_ELSEWHERE = """\
You need Python 3.11 or newer and the command `grader`, which comes with the hand-out: `grader release DIR`, in the whole course,
writes it, with notebooks of these exercises beside what is here.{packages}"""

_NOTEBOOKS = "\nThe notebooks hold the same exercises: take whichever you like."

_MINUTES = " Minutes are an estimate: take the time that you need."

_OWN_INPUTS = "Your own inputs, which are nobody else's; the public examples have what is to come of them:"

_PICTURES = "\nA file that ends in `.svg` is the picture of a task: a browser shows it."

_REFUSED = ("scipy", "pandas", "sympy", "torch", "jax")
"""What students may think of."""

_MEANINGS = {
    Verdict.ACCEPTED: "Right.",
    Verdict.WRONG_ANSWER: "Your code ran and returned something else; the feedback says in what it differs.",
    Verdict.RUNTIME_ERROR: "Your code raised an error, is not valid Python, or lacks the function that is asked for.",
    Verdict.TIME_LIMIT_EXCEEDED: "Your code took too long: look for a loop that does not end, or for the same work done over and over.",
    Verdict.MEMORY_LIMIT_EXCEEDED: "Your code needed too much memory: look for an array that is larger than you think.",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "Your code printed too much: take out what you print while debugging.",
    Verdict.NOT_ATTEMPTED: "There is no answer yet: the file is missing, empty, or still the stub.",
    Verdict.FORBIDDEN: "The file was refused: it is too large, a link, or imports what the exercise does not allow.",
    Verdict.JUDGE_ERROR: "A mistake of the course, not yours: tell your instructor. It costs you no points.",
}


def release(course: Course, out: Path, student: str = "") -> tuple[Path, ...]:
    """Write the hand-out into `out`, or the text alone into the course's own exercises/; return its files, relative to `out`.

    Raises UsageError where `out` holds anything but an earlier release (nothing is written then), or cannot be
    written, or where a student has no inputs of their own; and CourseError for a course that cannot be released.
    """
    _refuse_other_content(out)
    own_tree = is_own_tree(course, out)
    if student and own_tree:
        raise UsageError(f"{out} is everybody's; name another folder for what {student} gets")
    rendered = render_release(course) if own_tree else render_hand_out(course, student)
    # course.yml is the first: by it, a release that was cut off is known as one when it is repeated.
    for name, content in rendered.items():
        if _is_current(out / name, content):  # the last bits of another processor's examples are no difference
            continue
        try:
            write_atomically(out / name, content)
        except OSError as error:
            raise UsageError(f"{out / name} cannot be written: {error.strerror}") from None
    return tuple(Path(name) for name in rendered)


def is_own_tree(course: Course, out: Path) -> bool:
    """Whether a folder is the course's own exercises/, which is kept beside solutions/."""
    return out.resolve() == (course.root / "exercises").resolve()


def render_release(course: Course) -> dict[str, bytes]:
    """Return the content of every file of the course's exercises/, by its relative POSIX path.

    Raises UsageError for a course without solutions/, and CourseError for one that cannot be released.
    """
    return _rendered(course, _keys(course))


def render_hand_out(course: Course, student: str = "") -> dict[str, bytes]:
    """Return the content of every file of the hand-out, by its relative POSIX path. Raises as `render_release` does.

    For a student, whose inputs are individual, the examples are made with these, and each task ends with them. Raises UsageError
    where inputs are everybody's, or where the grader, which is in a hand-out, is not installed.
    """
    if student and not course.individual:
        problem = f"the inputs of this course are everybody's: there is nothing for {student} alone"
        raise UsageError(f"{problem}; with `individual: true` in course.yml each student has their own")
    keys = _keys(course, student)
    name, packed = wheel()
    files = _rendered(course, keys, name)
    for assignment in course.assignments:
        for notebook, exercises in notebook_exercises(course, assignment).items():
            file = f"{assignment.id}/{notebook}.ipynb"
            cells = [
                cell
                for exercise in exercises
                for cell in notebook_cells(
                    exercise, files[f"{_name(exercise)}.py"].decode(), course.reference(exercise),
                    keys[exercise.id].public, keys[exercise.id].points, keys[exercise.id].picture,
                )
            ]  # fmt: skip
            files[file] = student_notebook(assignment, file, cells).encode()
    return files | {name: packed}


class _Key(msgspec.Struct, frozen=True):
    """What a release tells of an exercise's checks: the public ones, the points of all, the picture, and how it is called."""

    public: AnswerKey
    points: float
    picture: str
    signature: str
    own: str
    """What the task says of a student's own inputs; empty where they are everybody's."""

    @staticmethod
    def of(made: Compiled, everybody: Compiled) -> _Key:
        """What is told of an exercise, compiled for a student or for everybody."""
        public = public_key(made)
        own = _own_inputs(public, public_key(everybody)) if made is not everybody else ""
        first = next((check for check in made.key.checks if not check.driver), made.key.checks[0])
        signature = f"{first.function}({', '.join(first.arguments)})"
        return _Key(public, made.key.points, made.picture, signature, own)


def _own_inputs(public: AnswerKey, everybody: AnswerKey) -> str:
    """Markdown with the calls of the public examples that nobody else has; none where all are everybody's."""
    calls = [call_shown(check, case) for check in public.checks for case in check.cases]
    shared = {call_shown(check, case) for check in everybody.checks for case in check.cases}
    own = "\n".join(f"    {call}" for call in calls if call not in shared)
    return f"{_OWN_INPUTS}\n\n{own}" if own else ""


def _keys(course: Course, student: str = "") -> dict[str, _Key]:
    if course.released:
        raise UsageError(f"{course.root} has no solutions/: a release is made from the whole course")
    keys = {}
    for exercise in course.exercises():
        everybody = compile_exercise(course, exercise)
        keys[exercise.id] = _Key.of(compile_exercise(course, exercise, student) if student else everybody, everybody)
    return keys


def _rendered(course: Course, keys: Mapping[str, _Key], grader_wheel: str = "") -> dict[str, bytes]:
    """The text of a release; with the file name of the wheel where that is beside it."""
    texts = {"course.yml": released_yaml(course), "README.md": _readme(course, keys, grader_wheel)}
    for exercise in course.exercises():
        source = course.reference(exercise)
        stub, own = make_stub(read_reference(source), source), keys[exercise.id].own
        texts[f"{_name(exercise)}.py"] = with_more_of_a_task(stub, own, source) if own else stub
        texts[f"{_name(exercise)}{EXAMPLES}"] = encode_key(keys[exercise.id].public).decode()
        if picture := keys[exercise.id].picture:
            texts[f"{_name(exercise)}{PICTURE}"] = picture
    return {name: (text.rstrip("\n") + "\n").encode() for name, text in texts.items()}


def stale(course: Course, out: Path) -> tuple[str, ...]:
    """Return the paths in `out` that are not as a release would write them: different, missing, or no part of one.

    Only stubs and examples can be one file too many; what else lies in `out` is not looked at.
    """
    rendered = render_release(course)
    differing = {name for name, content in rendered.items() if not _is_current(out / name, content)}
    folders = {out / assignment.id for assignment in course.assignments}
    folders.update(path.parent for path in out.glob(f"*/*{EXAMPLES}"))  # an assignment that the course has dropped
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
    yield from folder.rglob(f"*{EXAMPLES}")
    yield from folder.rglob(f"*{PICTURE}")


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


def _readme(course: Course, keys: Mapping[str, _Key], grader_wheel: str) -> str:
    """Write what a student reads first."""
    first = course.exercises()[0]
    install = _INSTALL if grader_wheel else _INSTALL_ELSEWHERE
    return _README.format(
        title=_one_line(course.title),
        notebooks=_NOTEBOOKS if grader_wheel else "",
        pictures=_PICTURES if any(key.picture for key in keys.values()) else "",
        install=install.format(wheel=grader_wheel, packages=_packages(course)),
        exercise=first.id,
        assignment=first.assignment,
        imports=_imports(course),
        refused=", ".join(f"`{name}`" for name in _REFUSED if name not in _others(course)),
        signature=keys[first.id].signature,
        minutes=_MINUTES if any(exercise.minutes for exercise in course.exercises()) else "",
        exercises="\n\n".join(_exercises(assignment, keys) for assignment in course.assignments),
        verdicts="\n".join(_row((f"`{verdict}`", meaning)) for verdict, meaning in _MEANINGS.items()),
    )


def _exercises(assignment: Assignment, keys: Mapping[str, _Key]) -> str:
    """An assignment's exercises under its title, with what is to be known and to be read for it."""
    timed = any(exercise.minutes for exercise in assignment.exercises)
    rows = [("Exercise", "Points", *(["Minutes"] * timed)), ("---", "---:", *(["---:"] * timed))]
    for exercise in assignment.exercises:
        minutes = [str(exercise.minutes or "")] * timed
        rows.append((f"`{_name(exercise)}.py`", f"{keys[exercise.id].points:g}", *minutes))
    return "\n".join([f"### {_one_line(assignment.title)}", "", *about(assignment), "", *map(_row, rows)])


def _others(course: Course) -> dict[str, list[str]]:
    """The exercises that may use a package beside numpy, by the package."""
    found: dict[str, list[str]] = {}
    for exercise in course.exercises():
        for name in exercise.packages:
            found.setdefault(name, []).append(exercise.id)
    return found


def _packages(course: Course) -> str:
    """What else is to be installed, and for what."""
    return "".join(
        f"\n\nFor {_some(exercises)} also: `python -m pip install {name}`, when you get there."
        for name, exercises in _others(course).items()
    )


def _imports(course: Course) -> str:
    """What may be imported, and where."""
    more = "".join(f", and `{name}` in {_some(exercises)}" for name, exercises in _others(course).items())
    return f"You may import Python's standard library and `numpy`{more}."


def _some(exercises: Sequence[str]) -> str:
    most = 3
    rest = [f"{len(exercises) - most} more"] * (len(exercises) > most)
    return " and ".join([", ".join(f"`{name}`" for name in exercises[:most]), *rest])


def _row(cells: Iterable[str]) -> str:
    """Write one row of a Markdown table."""
    return "| " + " | ".join(_one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())
