"""The one edit of a student's program that makes every check pass: looked for in the sandbox, judged as any answer is.

Variants of a program share a child within one check, whose failed cases alone are sent there; the values come back, and are judged
here. What gives the right ones is run again, a whole program in a child of its own, on all checks, and counts only if it is right in
all of them. Their number and their order are fixed, so two runs say the same; the clock is a brake on odd programs. Of survivors that
are equally small those come first that undo a mistake of a kind that the course knows.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.building.reference import read_reference
from grader.grading.attempt import call_of, load_of, packages, run_and_judge
from grader.grading.brake import Brake, GivenUpError
from grader.grading.kept import keep
from grader.grading.kept_searches import Searched, kept_search
from grader.grading.known_changes import kinds_of_known
from grader.grading.provenance import exact_version
from grader.judging.answer_key import digest
from grader.judging.judge import is_right, no_judge
from grader.judging.own_words import Program
from grader.judging.repairs import edits, ranked
from grader.judging.verdicts import CheckResult, ExerciseResult, Told, Verdict
from grader.sandbox.sandbox import WorkerError, met_limit, require_alive
from grader.submissions.cells import SOLUTION
from grader.wire.values import Array, Value, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.course.model import Exercise, Repair
    from grader.grading.attempt import Attempt
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.judge import OwnJudge
    from grader.judging.repairs import Edit
    from grader.sandbox.sandbox import Sandbox
    from grader.submissions.cells import ProgramReading

    _Found = dict[str, tuple[Edit, ...]]
    """By function, the edits that make all of its checks pass, the likeliest first."""

__all__ = ["WAITS", "Repairs", "is_due", "marked", "name_of"]

_log = logging.getLogger(__name__)

WAITS = "not searched: it waits for the search"
_ATTEMPTS = 3
_RERUN = 16
"""How many variants that are right in what failed are run as whole programs, at most: those that are likeliest."""
_CASES, _NUMBERS = 2, 4
"""How many cases, and numbers that differ in them, the public examples need before one edit that fits them says anything."""


def is_due(attempt: Attempt) -> bool:
    """Whether an edit is worth looking for: there are wrong values, and no limit stopped the program."""
    stopped = any(map(met_limit, itertools.chain.from_iterable(attempt.outcomes)))
    wrong = any(check.verdict is Verdict.WRONG_ANSWER for check in attempt.result.checks)
    return attempt.program is not None and wrong and not stopped


def marked(attempt: Attempt, bounds: Repair) -> ExerciseResult:
    """The result, with a remark where an edit is still to be looked for."""
    due = bounds.variants and is_due(attempt)
    return msgspec.structs.replace(attempt.result, not_searched=WAITS) if due else attempt.result


def name_of(program: ProgramReading | None, bounds: Repair) -> str:
    """A hash of a program and of how many edits are tried; empty where there is none."""
    if program is None:
        return ""
    return hashlib.sha256(msgspec.msgpack.encode((program.chunks, program.mode, bounds.variants))).hexdigest()


class Repairs:
    """The searches of a process, each program and key searched once. For several threads."""

    def __init__(self, bounds: Repair, reference: Callable[[Exercise], Path]) -> None:
        """Search nothing yet; `reference` is where an exercise's reference is."""
        self.bounds, self._reference = bounds, reference
        self._searched: dict[str, Searched] = {}
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        self._keeping = threading.Lock()

    def result(  # noqa: PLR0913
        self, bench: Bench, exercise: Exercise, key: AnswerKey, attempt: Attempt, own_judge: OwnJudge | None,
        passes: str = "every check", place: Path | None = None,
    ) -> ExerciseResult:  # fmt: skip
        """The result of an attempt with what one edit says of it, if it is worth looking for one.

        `passes` is what an edit is said to make pass. Without an `own_judge` there are public examples alone: what these are
        too few to tell, and what a shipped judge decides, is not looked for. In `place` the search is kept for the next process.
        """
        if not self.bounds.variants or not is_due(attempt) or attempt.program is None:
            return attempt.result
        name = f"{name_of(attempt.program, self.bounds)} {digest(key)} {exact_version()}"
        with self._keeping:
            searched = self._searched.get(name) or kept_search(place, name)
        if searched is None:
            sandbox = bench.sandbox(packages(exercise))
            known = partial(self._known_kinds, sandbox, exercise, key) if own_judge else _none_known
            try:
                brake = Brake(sandbox, self.bounds.seconds)
                search = _Search(sandbox, exercise, key, attempt, own_judge, self.bounds, known, brake)
                searched = Searched(name, _searched(search))
            except GivenUpError as error:
                searched = Searched(name, given_up=str(error))
            except WorkerError as error:
                return msgspec.structs.replace(attempt.result, not_searched=f"not searched: {error}")
            with self._keeping:
                self._searched[name] = searched
            keep(place, searched)
        if searched.given_up:
            return msgspec.structs.replace(attempt.result, not_searched=f"not searched: {searched.given_up}")
        told = _told(attempt.result, key, attempt.program, searched.found, passes)
        return told if own_judge is not None else _without_edits(told)

    def _known_kinds(self, sandbox: Sandbox, exercise: Exercise, key: AnswerKey, function: str) -> frozenset[str]:
        """The kinds of change that the known mistakes in a function are, found when they are first asked for."""
        place = digest(key), function
        if place not in self._known:
            reference = read_reference(self._reference(exercise))
            self._known[place] = kinds_of_known(sandbox, exercise, key, function, reference)
        return self._known[place]


def _none_known(_: str) -> frozenset[str]:
    """Where there is no course at hand, nothing is known of its mistakes."""
    return frozenset()


def _searched(search: _Search) -> _Found:
    """What a search finds. Raises GivenUpError, and WorkerError where the worker died three times."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return search.edits()
        except WorkerError as error:
            _log.info("searching an answer to %s failed", search.key.exercise, exc_info=error)
            search.sandbox.close()
            search.brake = Brake(search.sandbox, search.bounds.seconds)
    return search.edits()


class _Search(msgspec.Struct):
    """One answer's search."""

    sandbox: Sandbox
    exercise: Exercise
    key: AnswerKey
    attempt: Attempt
    own_judge: OwnJudge | None
    bounds: Repair
    known: Callable[[str], frozenset[str]]
    """The kinds of change that the known mistakes in a function are."""
    brake: Brake

    def edits(self) -> _Found:
        """By function with wrong values, the edits that make all of its checks pass, the likeliest first."""
        failed = [check for check, judged in zip(self.key.checks, self.attempt.result.checks, strict=True) if judged.verdict is not Verdict.ACCEPTED]  # fmt: skip
        wrong = {check.name for check in self.attempt.result.checks if check.verdict is Verdict.WRONG_ANSWER}
        functions = list(dict.fromkeys(check.function for check in failed if check.name in wrong))
        most = self.bounds.variants // max(len(functions), 1)
        found = {}
        for function in functions:
            checks = [check for check in failed if check.function == function]
            if self.own_judge is not None or self._says_something(function, checks):
                found[function] = self._of_function(function, checks, most)
        return {function: self._ranked(function, right) for function, right in found.items()}

    def _says_something(self, function: str, failed: Sequence[CheckKey]) -> bool:
        """Whether the public examples are enough for an edit that fits them to be more than a chance."""
        cases = sum(len(check.cases) for check in self.key.checks if check.function == function)
        judged = any(check.judge for check in self.key.checks if check.function == function)
        numbers = {number for check in failed for case in self._failed(check) for number in _numbers(case.expected)}
        return not judged and cases >= _CASES and len(numbers) >= _NUMBERS

    def _of_function(self, function: str, failed: Sequence[CheckKey], most: int) -> tuple[Edit, ...]:
        program = self._program
        own = {chunk.name for chunk in program.chunks if not chunk.grade_id or chunk.grade_id.startswith(SOLUTION)}
        left = edits(program.chunks, own, function, most)
        for check in failed:
            left = self._right_in(check, left)
        return tuple(edit for edit in left[:_RERUN] if self._is_right(edit, function))

    def _ranked(self, function: str, right: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """The edits by their size and, where the likeliest are several, by what is known of the function."""
        likeliest = {(edit.before.name, edit.line, edit.kind) for edit in right if edit.rank == right[0].rank}
        return ranked(right, self.known(function)) if len(likeliest) > 1 else right

    @property
    def _program(self) -> ProgramReading:
        if self.attempt.program is None:
            raise ValueError("there is nothing to search")
        return self.attempt.program

    def _failed(self, check: CheckKey) -> list[CaseKey]:
        """A check's cases that are not right, the smallest first: most variants end there."""
        index = next(index for index, each in enumerate(self.key.checks) if each.name == check.name)
        outcomes = self.attempt.outcomes[index]
        judge = self.own_judge or no_judge
        cases = [
            case
            for number, case in enumerate(check.cases)
            if not is_right(check, case, outcomes[number] if number < len(outcomes) else None, judge)
        ]
        return sorted(cases, key=lambda case: sum(map(_size, case.args)))

    def _right_in(self, check: CheckKey, left: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Those of the edits that are right in a check's failed cases, which one child after the other is sent, and no others."""
        load = load_of(self.exercise, self.key, self._program.chunks, self._program.mode)
        with self.sandbox.variants(load, self.exercise.limits) as variants:
            for case in self._failed(check):
                statements = [edit.statement for edit in left]
                outcomes = self.brake.outcomes(variants.outcomes(call_of(check, case), statements))
                right = [is_right(check, case, outcome, self.own_judge or no_judge) for outcome in outcomes]
                left = tuple(edit for edit, is_good in zip(left, right, strict=False) if is_good)
        return left

    def _is_right(self, edit: Edit, function: str) -> bool:
        """Whether a program with an edit, run by itself as any answer, earns all that a function can. Raises WorkerError, GivenUpError."""
        self.brake.look()
        program = edit.applied(self._program.chunks)
        found = run_and_judge(self.sandbox, self.exercise, self.key, program, self._program.mode, self.own_judge)
        if not found.outcomes:
            raise WorkerError("a variant could not be judged")
        outcomes = tuple(itertools.chain.from_iterable(found.outcomes))
        require_alive(outcomes)
        self.brake.count(outcomes)
        return all(
            judged.verdict is Verdict.ACCEPTED
            for check, judged in zip(self.key.checks, found.result.checks, strict=True)
            if check.function == function
        )


def _size(value: Value) -> int:
    return value.numpy().size if isinstance(value, Array) else 1 + sum(map(_size, parts(value)))


def _numbers(value: Value) -> set[float]:
    """The finite numbers in a value."""
    if isinstance(value, Array) and value.numpy().dtype.kind in "fiu":
        numbers = value.numpy().astype(float).ravel()
        return set(numbers[np.isfinite(numbers)].tolist())
    return set().union(*map(_numbers, parts(value)))


def _without_edits(result: ExerciseResult) -> ExerciseResult:
    """The result as a student may see it: an edit is nearly the solution."""
    replace = msgspec.structs.replace
    checks = (replace(each, diagnosis=each.diagnosis and replace(each.diagnosis, edit="")) for each in result.checks)
    return replace(result, checks=tuple(checks))


def _told(
    result: ExerciseResult, key: AnswerKey, program: ProgramReading, found: _Found, passes: str
) -> ExerciseResult:
    """The result with the edits in it that were found."""
    checks = []
    for check, judged in zip(key.checks, result.checks, strict=True):
        right = found.get(check.function, ())
        if right and judged.verdict is Verdict.WRONG_ANSWER:
            what = f"{passes} of `{check.function}`" if len(key.functions) > 1 else passes
            checks.append(_with_edit(judged, right, program, what))
        else:
            checks.append(judged)
    return msgspec.structs.replace(result, checks=tuple(checks))


def _with_edit(judged: CheckResult, right: Sequence[Edit], program: ProgramReading, what: str) -> CheckResult:
    """A check with what the likeliest edits say: the line if they agree in it, the kind if they agree in that."""
    likeliest = [edit for edit in right if edit.rank == right[0].rank]
    first = likeliest[0]
    one_line = len({(edit.before.name, edit.line) for edit in likeliest}) == 1
    tells_line = one_line and Program.of(program.chunks).shows(first.before.name, first.line)
    kind = first.kind if one_line or len({edit.kind for edit in likeliest}) == 1 else ""
    where = (f"{first.before.name}, line {first.line}" if program.own else f"line {first.line}") if tells_line else ""
    # Of the line it is said what is known: that a change in it would do. What is wrong may be in another one.
    edit = f"{f'{where}: ' * bool(where)}one change to {kind} makes {what} pass" if kind else ""
    known = judged.diagnosis
    if known is None:
        told = Told(way=4, sentence=edit, line=first.line * tells_line, edit=first.diff())
        feedback = "\n".join(filter(None, (edit, judged.feedback)))
    else:
        sentence = "\n".join(filter(None, (known.sentence, edit * bool(where))))
        told = Told(way=known.way, sentence=sentence, line=first.line * tells_line, edit=first.diff())
        feedback = sentence + judged.feedback.removeprefix(known.sentence)
    # With a line or a kind of change it is no longer one of the answers that nothing explains.
    group = "" if kind or where else judged.group
    return msgspec.structs.replace(judged, diagnosis=told, feedback=feedback, group=group)
