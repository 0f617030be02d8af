"""Generate students from the course itself: every known wrong formula, and every alternative right answer, once.

    python tests/classes/generate.py DIR [MOST]      write DIR/<student>/<assignment>/<exercise>.py, of each exercise and kind MOST

Student wrong-07 answers each exercise with its seventh misconception; right-02 with the second of tests/alternatives.
A wrong answer is the reference and the checks file as they stand, with decorators that do nothing, and the function
that is asked for replaced by the wrong formula: so it cannot differ from what the course declares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.checks import Check, Misconception
from grader.course.model import Course, Exercise
from grader.course.course_yml import load_course
from grader.building.compiler import load_module

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
ALTERNATIVES = ROOT / "tests" / "alternatives"

DECORATORS = """
def _ignored(*arguments, **options):
    return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else _ignored

check = misconception = oracle = derivative_of = _ignored
"""


def wrong_answers(course: Course, exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Each misconception's name, and a program that has it."""
    reference = course.reference(exercise).read_text(encoding="utf-8")
    checks = course.checks(exercise).read_text(encoding="utf-8")
    checks = re.sub(r"^from grader import .*$", DECORATORS, checks, flags=re.MULTILINE)
    # What is imported from beside the assignments stands in the program itself.
    # Pictures are no part of an answer.
    checks = re.sub(r"^from \.\.drawing import (.*)$", _without_drawing, checks, flags=re.MULTILINE)
    checks = re.sub(r"^from \.\.(\w+) import .*$", lambda found: _beside(course, found[1]), checks, flags=re.MULTILINE)
    declared = vars(load_module(course.checks(exercise)))
    functions = [thing.function or exercise.id for thing in declared.values() if isinstance(thing, Check)]
    for name, value in declared.items():
        for index, thing in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(thing, Misconception):
                asked = thing.function or (exercise.id if exercise.id in functions else functions[0])
                wrong = f"{name}[{index}]" if isinstance(value, tuple) else thing.answer.__name__
                yield thing.name, f"{reference}\n\n{checks}\n\n{asked} = {wrong}\n"


def _without_drawing(imported: re.Match[str]) -> str:
    return f"{imported[1].replace(', ', ' = ')} = lambda *_, **__: None"


def _beside(course: Course, module: str) -> str:
    """The text of a module that checks import, without its own imports of the grader."""
    text = (course.root / "solutions" / f"{module}.py").read_text(encoding="utf-8")
    return re.sub(r"^from grader.*$", "Misconception = object", text, flags=re.MULTILINE)


def right_answers(exercise: Exercise) -> Iterator[str]:
    """Each alternative program."""
    yield from (path.read_text(encoding="utf-8") for path in sorted((ALTERNATIVES / exercise.id).glob("*.py")))


def programs(course: Course) -> Iterator[tuple[str, Exercise, str, str]]:
    """Student, exercise, the misconception that is to be diagnosed ("" for a right answer), and the program."""
    for exercise in course.exercises():
        for number, (name, program) in enumerate(wrong_answers(course, exercise), 1):
            yield f"wrong-{number:02}", exercise, name, program
        for number, program in enumerate(right_answers(exercise), 1):
            yield f"right-{number:02}", exercise, "", program


def write(course: Course, out: Path, most: int) -> None:
    """Write the class into `out`: of each exercise's wrong and right answers so many at most."""
    for student, exercise, _, program in programs(course):
        if int(student.rpartition("-")[2]) > most:
            continue
        path = out / student / exercise.assignment / f"{exercise.id}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(program, encoding="utf-8")


if __name__ == "__main__":
    write(load_course(ROOT), Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize)  # noqa: PLR2004
