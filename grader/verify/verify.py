"""Prove that an exercise's checks bite: right answers pass, wrong ones fail and are told why, what ships is current."""

from __future__ import annotations

import ast
import difflib
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from grader.building.compiler import compile_exercise, load_module
from grader.building.reference import read_reference
from grader.building.release import stale
from grader.building.stub import make_stub
from grader.course.checks import Check, Derivative, Oracle
from grader.errors import CourseError, did_you_mean, seen_from
from grader.grading.attempt import missing_packages
from grader.grading.pool import Pool
from grader.judging.judge import trusted
from grader.sandbox.sandbox import WorkerError
from grader.syntax import parse
from grader.verify.altered import unseen
from grader.verify.gradcheck import Agreement, with_differences, with_oracles
from grader.verify.inputs import drawn_anew, never_public, of_one_size
from grader.verify.misconceptions import raising, rejected_and_named, seldom_seen, without_a_value
from grader.verify.mutants import Mutant, mutants
from grader.verify.programs import Subject, alternatives, capped, real_size, reference_and_stub, rejected
from grader.verify.separation import too_near
from grader.verify.steps import wrong_steps
from grader.verify.texts import defined_twice, formulas_told, left_to_do, shares_code, without_a_rubric, without_a_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["Verification", "verify"]

_Declaration = TypeVar("_Declaration", Check, Derivative, Oracle)


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was proven of an exercise; a sentence for each fault, and for each remark that is none."""

    exercise: str
    checks: int = 0
    cases: int = 0
    misconceptions: int = 0
    points: float = 0.0
    oracle: int | None = None
    """On how many cases the oracles agree; None where there is none, or no torch."""
    differences: int | None = None
    """On how many cases differences agree, for each derivative; None where the checks declare none."""
    alternatives: int = 0
    """How many other right answers there are that share no code with the reference."""
    independent: bool = False
    """Whether an oracle or differences agree for each function, or another right answer does."""
    mutants: int = 0
    rejected: int = 0
    equivalent: int = 0
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        """`proven` where something independent says that the right answers are right, else `consistent`."""
        return "faults" if self.faults else "proven" if self.independent else "consistent"


class _Mutation(msgspec.Struct, frozen=True):
    """How many mutants there are, how many are rejected, how many are declared equivalent, and what is wrong."""

    total: int
    rejected: int
    equivalent: int
    faults: tuple[str, ...]


def verify(
    course: Course, exercises: Iterable[Exercise], jobs: int, advance: Callable[[int, int], None] = lambda *_: None
) -> Iterator[Verification]:
    """Verify exercises in parallel, in order, `jobs` at once; `advance` is told how many are done with, of how many."""
    chosen = tuple(exercises)
    # Few exercises share the cores by their mutants, many by themselves.
    share = max(1, jobs // max(1, len(chosen)))
    pool, interrupted = ThreadPoolExecutor(jobs), False
    try:
        advance(0, len(chosen))
        for done, found in enumerate(pool.map(lambda exercise: _verify(course, exercise, share), chosen), 1):
            advance(done, len(chosen))
            yield found
    except KeyboardInterrupt:
        interrupted = True
        raise
    finally:
        # Code of the course's may never end: who interrupts it is not to wait for it.
        pool.shutdown(wait=not interrupted, cancel_futures=interrupted)


def _verify(course: Course, exercise: Exercise, jobs: int) -> Verification:
    try:
        if unfinished := tuple(_left_to_do(course, exercise)):
            return Verification(exercise=exercise.id, faults=unfinished)
        if absent := missing_packages(exercise):
            fault = f"needs {', '.join(absent)}, not installed here: pip install {' '.join(absent)}, or mend course.yml"
            return Verification(exercise=exercise.id, faults=(fault,))
        # Of this exercise alone, so that another that is broken does not matter.
        outdated = stale(course.select(exercise=exercise.id), course.root / "exercises")
        compiled = compile_exercise(course, exercise)
        again = compile_exercise(course, exercise).key
        key, own_judge = compiled.key, trusted(compiled.judges)
        module = load_module(course.checks(exercise))
        equivalent = _equivalent(module, course.checks(exercise))
        path = course.reference(exercise)
        source = read_reference(path)
        stub = make_stub(source, path)
        others = alternatives(course.root, exercise.id)
        right = {"the reference": source, **{each.name: each.source for each in others}}
        with Pool(jobs) as pool:
            subject = Subject(exercise, key, own_judge, pool)
            proven = [
                *reference_and_stub(subject, source, stub),
                *rejected(subject, others),
                *real_size(subject, right, _long_ways(module)),
            ]
            mutation = _mutants(subject, source, seen_from(course.root, path), equivalent, jobs)
    except CourseError as error:
        return Verification(exercise=exercise.id, faults=(error.told(seen_from(course.root, error.path)),))
    except WorkerError as error:
        # The machine's fault, as where it is overloaded: the other exercises are proven all the same.
        return Verification(exercise=exercise.id, faults=(f"it could not be run, try again: {error}",))
    own = [path for path in outdated if path.rpartition("/")[2].partition(".")[0] == exercise.id]
    oracles, derivatives = _declared(module, Oracle), _declared(module, Derivative)
    oracle, differences = with_oracles(key, oracles, own_judge), with_differences(key, derivatives)
    checks = {check.name: check for check in _declared(module, Check)}
    near, marks = too_near(key)
    ways = [way for way in (oracle, differences) if way]
    # Differences that compare nothing are a fault.
    agreed = {each.function or exercise.id for each in oracles if oracle and oracle.cases}
    agreed |= {each.function or exercise.id for each in derivatives}
    independent = sum(not shares_code(source, each.source) for each in others)
    return Verification(
        exercise=exercise.id,
        checks=len(key.checks),
        cases=sum(len(check.cases) for check in key.checks),
        misconceptions=len(key.misconceptions),
        points=key.points,
        oracle=_cases(oracle),
        differences=_cases(differences),
        alternatives=independent,
        independent=bool(independent) or agreed >= set(key.functions),
        mutants=mutation.total,
        rejected=mutation.rejected,
        equivalent=mutation.equivalent,
        faults=(
            *without_a_task(source),
            *without_a_rubric(key, compiled.rubric),
            *defined_twice(
                course.checks(exercise).read_text(encoding="utf-8"), seen_from(course.root, course.checks(exercise))
            ),
            *never_public(key),
            *drawn_anew(key, again),
            *of_one_size(key, source),
            *formulas_told(source, key, compiled.alterations),
            *proven,
            *raising(compiled, course.root),
            *without_a_value(compiled, course.root),
            *rejected_and_named(key, own_judge),
            *seldom_seen(key),
            # Grading looks for altered inputs where arrays are asked for.
            *(unseen(compiled, checks, course.seed) if exercise.framework == "numpy" else ()),
            *near,
            *chain.from_iterable(way.faults for way in ways),
            *mutation.faults,
            *wrong_steps(compiled.derivation, vars(load_module(path))),
            *(_outdated(course, path) for path in own),
        ),
        notes=(*marks, *chain.from_iterable(way.notes for way in ways), *_unnamed(key)),
    )


def _outdated(course: Course, path: str) -> str:
    there = (course.root / "exercises" / path).exists()
    return f"exercises/{path} {'is stale' if there else 'has not been written yet'}; run `grader release exercises`"


def _left_to_do(course: Course, exercise: Exercise) -> Iterator[str]:
    """A fault for each text of an exercise's files that its author has still to write: till then nothing else is proven."""
    for path in (course.reference(exercise), course.checks(exercise)):
        for line, what in left_to_do(read_reference(path)).items():
            yield f"{seen_from(course.root, path)}:{line}: still to be written: {what}"


def _unnamed(key: AnswerKey) -> Iterator[str]:
    if not key.misconceptions:
        yield "no misconception: of no wrong formula are students told which it is"


def _declared(module: ModuleType, kind: type[_Declaration]) -> list[_Declaration]:
    """What a checks file declares of one kind, in its order."""
    return [thing for thing in vars(module).values() if isinstance(thing, kind)]


def _long_ways(module: ModuleType) -> dict[str, Callable[..., object]]:
    """What each check that only size decides rules out, by the name of the check."""
    return {check.name: check.long_way for check in _declared(module, Check) if check.long_way}


def _cases(way: Agreement | None) -> int | None:
    return None if way is None or not (way.cases or way.faults) else way.cases


def _equivalent(module: ModuleType, path: Path) -> dict[str, str]:
    """The mutants that the author says are as right as the reference, with the reasons. Raises CourseError."""
    declared = getattr(module, "equivalent", {})
    if not isinstance(declared, dict) or not all(
        isinstance(text, str) and text.strip() for pair in declared.items() for text in pair
    ):
        raise CourseError("`equivalent` is not a dict from a mutant's description to the reason", path=path)
    return declared


def _mutants(subject: Subject, source: str, place: str, equivalent: dict[str, str], jobs: int) -> _Mutation:
    """Run every mutant of the reference, whose file is `place`.

    A fault for each that earns everything unless it is declared equivalent, and for false declarations.
    """
    found = mutants(source)
    bounded = replace(subject, exercise=capped(subject.exercise))
    with ThreadPoolExecutor(jobs) as threads:
        fates = threads.map(lambda mutant: _survives(bounded, mutant), found)
        fate = {mutant.description: survives for mutant, survives in zip(found, fates, strict=True)}
    faults = []
    for mutant in found:
        survives = fate[mutant.description]
        if survives is None:
            faults.append(f"{place}:{mutant.line}: a judge cannot judge the mutant {mutant.description!r}")
        elif survives and mutant.description not in equivalent:
            faults.append(
                f"{place}:{mutant.line}: this mutant earns everything; add a case that it fails, or declare {mutant.description!r}"
                f" in `equivalent` with the reason\n{_difference(source, mutant)}"
            )
        elif not survives and mutant.description in equivalent:
            faults.append(f"`equivalent` lists {mutant.description!r}, which the checks reject; take it out")
    faults += [
        f"`equivalent` lists {name!r}, which is no mutant (any more){did_you_mean(name, fate)}"
        for name in equivalent
        if name not in fate
    ]
    listed = sum(mutant.description in equivalent and fate[mutant.description] is True for mutant in found)
    return _Mutation(len(found), sum(survives is False for survives in fate.values()), listed, tuple(faults))


def _survives(subject: Subject, mutant: Mutant) -> bool | None:
    """Whether a mutant earns everything; None where a judge failed."""
    # One check after the other, those with most points first: most mutants are rejected by the first.
    for check in sorted(subject.key.checks, key=lambda check: -check.points):
        if not check.points:
            break
        earned = subject.earned(mutant.source, check)
        if earned is None:
            return None
        if earned < check.points:
            return False
    return True


def _difference(source: str, mutant: Mutant) -> str:
    """What a mutant changed, as a unified diff without context."""
    before = ast.unparse(parse(source)).splitlines()
    diff = difflib.unified_diff(before, mutant.source.splitlines(), "reference", "mutant", n=0, lineterm="")
    return "\n".join(line for line in diff if not line.startswith("@@"))
