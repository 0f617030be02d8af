"""One submission of one exercise: its program is run in the sandbox, and what comes of it is judged.

Of a notebook each reading is a program; the best that one of them gives is the attempt.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.judging.exceptions import left_out, withheld
from grader.judging.judge import OwnJudge, judge, judge_of_the_course, refuse, with_notes
from grader.judging.own_words import Program
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.sandbox.sandbox import Batch, Sandbox, WorkerError
from grader.submissions.cells import NotebookReading, readings, reviewed, solution_id
from grader.submissions.program import Refusal, read_program
from grader.wire import messages as wire
from grader.wire.values import Nothing, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.submissions.cells import ReviewedCell
    from grader.submissions.find import Submission
    from grader.wire.values import Value

    Read = Callable[[Submission], tuple[wire.Chunk, ...] | Refusal]

__all__ = ["Attempt", "attempt", "attempt_notebook", "best_attempt", "packages", "run_and_judge"]

_FRAMEWORKS = {
    "numpy": (),
    # torch imports the second at the first backward(), and that the others.
    "torch": ("torch", "torch.fx.experimental.symbolic_shapes", "sympy", "mpmath"),
}
_MAX_NOTES = 20
_DEFINITIONS_ALONE = (
    "what your cells compute beside their functions was left out, since your notebook gave no answer with it"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exercise, graded: the result, what it was judged from, and what else its student should know."""

    result: ExerciseResult
    outcomes: tuple[tuple[wire.Outcome, ...], ...] = ()
    printed: str = ""
    notes: tuple[str, ...] = ()


class _ShippedJudgeError(Exception):
    """What a judge did in the sandbox instead of judging."""


def _judge_apart(sandbox: Sandbox, exercise: Exercise) -> OwnJudge:
    """Runs a shipped judge in a child that has never run a student's program."""

    def own_judge(check: CheckKey, case: CaseKey, value: Value) -> str | None:
        name = check.judge.removeprefix("def ").partition("(")[0].strip()
        source = f"from __future__ import annotations\nimport numpy as np\n{check.judge}"
        load = wire.Load("judge", (wire.Chunk("judge.py", source),), (name,))
        run = sandbox.run(load, [Batch(name, (wire.Call(name, (value, *case.args)),))], exercise.limits)
        match run.outcomes[0][0]:
            case wire.Returned(Nothing()):
                return None
            case wire.Returned(Text(sentence)):
                return sentence
            case wire.Raised(kind, message):
                raise _ShippedJudgeError(f"{kind}: {message}")
            case other:
                raise _ShippedJudgeError(f"no sentence: {type(other).__name__}")

    return own_judge


def packages(exercise: Exercise) -> tuple[str, ...]:
    """What the worker for an exercise imports beside numpy before it locks itself."""
    return (*_FRAMEWORKS[exercise.framework], *exercise.imports)


def run_and_judge(  # noqa: PLR0913
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, program: tuple[wire.Chunk, ...], mode: wire.Mode = "file",
    *, shipped: bool = False,
) -> Attempt:  # fmt: skip
    """Run and judge a program. A worker that keeps dying is a JUDGE_ERROR.

    The judges in a `shipped` key, which comes from a file that anybody may have written, run in the sandbox as well; it
    holds no hidden check, and all that the program says is told. Else exceptions are told within bounds.

    Public checks are run first: what their feedback shows, a program that has seen hidden inputs could make of these.
    """
    load = wire.Load(exercise.id, program, key.functions, packages(exercise), mode)
    batches = [
        Batch(
            check.function,
            tuple(
                wire.Call(check.function, case.args, check.readonly, check.driver, check.strict) for case in check.cases
            ),
        )
        for check in key.checks
    ]
    order = sorted(range(len(batches)), key=lambda index: not key.checks[index].public)
    try:
        run = sandbox.run(load, [batches[index] for index in order], exercise.limits)
    except WorkerError as error:
        return Attempt(
            refuse(key, Verdict.JUDGE_ERROR, f"the grader's worker failed, which is not your fault: {error}")
        )
    outcomes = tuple(found for _, found in sorted(zip(order, run.outcomes, strict=True), key=operator.itemgetter(0)))
    try:
        told = outcomes if shipped else _told(key, outcomes, program)
        result = judge(key, told, _judge_apart(sandbox, exercise) if shipped else judge_of_the_course)
    except Exception as error:  # noqa: BLE001  a fault of ours costs one answer its verdict, and not the class its run
        fault = f"the grader failed to judge this, which is not your fault: {type(error).__name__}"
        result = refuse(key, Verdict.JUDGE_ERROR, fault)
    failed = {(raised.chunk, raised.kind, raised.message): raised for raised in reversed(run.failed) if raised.chunk}
    source = None if shipped else Program.of(program)
    notes = dict.fromkeys(left_out(each, source) for each in reversed(failed.values()))
    return Attempt(result, outcomes, run.printed, tuple(notes))


def _told(
    key: AnswerKey, outcomes: Sequence[tuple[wire.Outcome, ...]], program: Sequence[wire.Chunk]
) -> tuple[tuple[wire.Outcome, ...], ...]:
    """The outcomes as they are told where there are hidden inputs."""
    source = Program.of(program)
    return tuple(
        tuple(withheld(outcome, source, public=check.public) for outcome in found)
        for check, found in zip(key.checks, outcomes, strict=True)
    )


def attempt(  # noqa: PLR0913
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, submission: Submission, read: Read = read_program,
    *, shipped: bool = False,
) -> Attempt:  # fmt: skip
    """Run and judge one submission of one exercise; `read` gives the program that was handed in.

    A `shipped` key comes from a file, not from the course's own solutions/.
    """
    # What torch brings along need not be named.
    needed = (exercise.framework, *exercise.imports)
    absent = [name for name in needed if importlib.util.find_spec(name.partition(".")[0]) is None]
    if absent:
        fault = f"not run: this exercise needs {', '.join(absent)}, not installed here; pip install {' '.join(absent)}"
        return Attempt(refuse(key, Verdict.JUDGE_ERROR, fault))
    program = read(submission)
    if isinstance(program, Refusal):
        return Attempt(refuse(key, program.verdict, program.feedback))
    if not submission.notebook:
        return run_and_judge(sandbox, exercise, key, program, shipped=shipped)
    own = solution_id(exercise.id)
    others: dict[str, tuple[str, ...]] = {
        cell.grade_id: () for cell in program if cell.grade_id.startswith(solution_id("")) and cell.grade_id != own
    }
    found = attempt_notebook(
        [reviewed(cell) for cell in program],
        key,
        lambda reading: run_and_judge(sandbox, exercise, key, reading.chunks, reading.mode, shipped=shipped),
        others,
        alone=not submission.shared,
    )
    return dataclasses.replace(found, result=with_notes(found.result, found.notes))


def best_attempt(programs: Sequence[NotebookReading], run: Callable[[NotebookReading], Attempt]) -> Attempt:
    """Run the programs until one answers: the attempt with the best score, the first of several."""
    waiting = list(programs)
    attempts: list[Attempt] = []
    while waiting:
        program = waiting.pop(0)
        attempt = run(program)
        if program.mode == "definitions":
            attempt = dataclasses.replace(attempt, notes=(_DEFINITIONS_ALONE, *attempt.notes))
        attempts.append(attempt)
        failure = _failure(attempts[-1])
        if failure is None:
            break
        if isinstance(failure, wire.Stopped):
            waiting = waiting[-1:]  # each further reading may take as long: the last computes least
    return max(attempts, key=lambda attempt: attempt.result.score)


def _failure(attempt: Attempt) -> wire.Raised | wire.Stopped | None:
    """What kept a program from answering, where another reading of the notebook may do better."""
    for outcomes in attempt.outcomes:
        for outcome in outcomes:
            if isinstance(outcome, wire.Stopped):
                return outcome
            if isinstance(outcome, wire.Raised) and (outcome.loading or outcome.kind == "NameError"):
                return outcome
    return None


def attempt_notebook(
    cells: Sequence[ReviewedCell],
    key: AnswerKey,
    run: Callable[[NotebookReading], Attempt],
    others: Mapping[str, Iterable[str]],
    *,
    alone: bool = False,
) -> Attempt:
    """The best that a notebook's cells are for an exercise; NOT_ATTEMPTED where none answers it.

    `run` runs and judges a program; `others` are those of `readings`. A notebook that is for this exercise `alone` is run
    whatever is in it.
    """
    own_id = solution_id(key.exercise)
    allowed = [each.cell for each in cells if not each.forbidden]
    forbidden = [each for each in cells if each.forbidden]
    programs = readings(allowed, key.functions, own_id, others)
    if not programs and readings([each.cell for each in forbidden], key.functions, own_id, others):
        return Attempt(refuse(key, Verdict.FORBIDDEN, "; ".join(each.forbidden for each in forbidden[:_MAX_NOTES])))
    if not programs and not alone:
        return Attempt(refuse(key, Verdict.NOT_ATTEMPTED, _missing(key)))
    found = best_attempt(programs or (NotebookReading.of(allowed),), run)
    used = {chunk.name for program in programs for chunk in program.chunks}
    notes = [note for each in cells if each.cell.name in used or not each.cell.source for note in each.notes]
    notes += [f"{each.forbidden}; the cell was left out" for each in forbidden]
    return dataclasses.replace(found, notes=(*notes[:_MAX_NOTES], *found.notes))


def _missing(key: AnswerKey) -> str:
    names = " and ".join(f"`{name}`" for name in key.functions)
    return f"No cell of the notebook answers {key.exercise}: none defines {names}. Keep the names that the stub has."
