"""One submission of one exercise: its program is run in the sandbox, and what comes of it is judged.

What was handed in may be read as a program in several ways; the best that one of them gives is the attempt. They are few,
and the search ends where a function is stopped: whoever has written an endless loop waits for it once.
"""

from __future__ import annotations

import importlib.util
import itertools
import logging
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from grader.judging.exceptions import is_stub, left_out, withheld
from grader.judging.judge import Altered, OwnJudge, is_right, judge, no_alterations, no_judge, refuse
from grader.judging.own_words import Program
from grader.judging.verdicts import UNJUDGED, ExerciseResult, Verdict
from grader.log import reraises
from grader.reports.comparison import with_examples
from grader.sandbox.printed import Printed
from grader.sandbox.sandbox import Batch, Sandbox, WorkerError, was_killed
from grader.submissions.cells import ProgramReading, bound_in, is_released, readings
from grader.submissions.program import Refusal, Source
from grader.wire import messages as wire
from grader.wire.values import Nothing, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.course.model import Exercise
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = [
    "Attempt",
    "attempt",
    "batch_of",
    "best_attempt",
    "call_of",
    "load_of",
    "missing_packages",
    "packages",
    "run_and_judge",
]

_log = logging.getLogger(__name__)

_FRAMEWORKS = {
    "numpy": (),
    # torch imports the second at the first backward(), and that the next two; the last for torch.func and torch.optim, with a folder to write in.
    "torch": ("torch", "torch.fx.experimental.symbolic_shapes", "sympy", "mpmath", "torch._dynamo"),
}
Known = Callable[[Sequence[Sequence[wire.Outcome]], Callable[[], ExerciseResult]], ExerciseResult]
"""What outcomes come to: known from before, or what the second gives."""

_MAX_NOTES = 20
_DEFINITIONS_ALONE = "what your program computes outside of its functions was left out, since it gave no answer with it"

_KEPT = (
    "what `{}` returns depends on the calls before: a call that is not right was right in a program that was started anew. Something is kept"
    " from one call to the next, as a list outside of the function or in a default argument is"
)


class Attempt(msgspec.Struct, frozen=True):
    """One exercise, graded: the result, what it was judged from, and what the program printed."""

    result: ExerciseResult
    outcomes: tuple[tuple[wire.Outcome, ...], ...] = ()
    printed: Printed = msgspec.field(default_factory=Printed)
    program: ProgramReading | None = None
    """What was run, where anything was."""
    lasting: bool = True
    """Whether it would come out the same again: not where it could not be judged, the clock stopped it, or it may have been killed."""


def packages(exercise: Exercise) -> tuple[str, ...]:
    """What the worker for an exercise imports beside numpy before it locks itself."""
    return (*_FRAMEWORKS[exercise.framework], *exercise.imports)


def missing_packages(exercise: Exercise) -> tuple[str, ...]:
    """The packages that an exercise needs and that are not installed here; what they bring along need not be named."""
    needed = (exercise.framework, *exercise.imports)
    return tuple(name for name in needed if importlib.util.find_spec(name.partition(".")[0]) is None)


def attempt(  # noqa: PLR0913
    bench: Bench, exercise: Exercise, key: AnswerKey, source: Source | Refusal, others: Mapping[str, Iterable[str]],
    own_judge: OwnJudge | None, altered: Altered = no_alterations, known: Known | None = None,
) -> Attempt:  # fmt: skip
    """Run and judge what was handed in for an exercise: a file, or a notebook with answers to `others` in it.

    `others` are the functions that other exercises ask for, by the exercise. Without an `own_judge` the judges that the
    key ships with, which anybody may have written, run in the sandbox. Raises UsageError where isolation that is
    required is missing.
    """
    if isinstance(source, Refusal):
        result = refuse(key, source.verdict, source.feedback, fault=source.fault)
        return Attempt(result, lasting=result.verdict is not Verdict.JUDGE_ERROR)
    if absent := missing_packages(exercise):
        fault = f"{exercise.id} needs {', '.join(absent)}, not installed here: pip install {' '.join(absent)}"
        return Attempt(refuse(key, Verdict.JUDGE_ERROR, UNJUDGED, fault=fault), lasting=False)
    try:
        sandbox = bench.sandbox(packages(exercise))
    except WorkerError as error:
        return _failed(key, error)

    def run(reading: ProgramReading) -> Attempt:
        return run_and_judge(sandbox, exercise, key, reading.chunks, reading.mode, own_judge, altered, known)

    if source.notebook:
        found = _attempt_notebook(source, key, run, others)
    else:
        found = best_attempt(_whole([each.cell for each in source.cells]), run, key.functions)
    try:
        return _noted(found, _right_anew(sandbox, exercise, key, found, own_judge or no_judge))
    except WorkerError as error:
        return _failed(key, error)


def _whole(cells: Sequence[wire.Chunk]) -> tuple[ProgramReading, ...]:
    """The readings of a program of which every chunk belongs to the answer."""
    chunks = tuple(cell for cell in cells if cell.source.strip() and not is_released(cell))
    return (ProgramReading(chunks), ProgramReading(chunks, "definitions", rescue=True))


def load_of(exercise: Exercise, key: AnswerKey, program: tuple[wire.Chunk, ...], mode: wire.Mode) -> wire.Load:
    """How a program is loaded for an exercise."""
    return wire.Load(exercise.id, program, key.functions, packages(exercise), mode)


def call_of(check: CheckKey, case: CaseKey) -> wire.Call:
    """The call that a case of a check is."""
    return wire.Call(check.function, case.args, check.readonly, check.driver, check.strict)


def batch_of(check: CheckKey) -> Batch:
    """The calls that a check is."""
    return Batch(check.function, tuple(call_of(check, case) for case in check.cases), check.together)


def run_and_judge(  # noqa: PLR0913
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, program: tuple[wire.Chunk, ...], mode: wire.Mode = "all",
    own_judge: OwnJudge | None = None, altered: Altered = no_alterations, known: Known | None = None,
) -> Attempt:  # fmt: skip
    """Run and judge a program. A worker that keeps dying, and a fault of the judge's, is a JUDGE_ERROR.

    Without an `own_judge` the key is one that was shipped: it has no hidden check, and all that the program says is told.
    Else exceptions are told within bounds.
    """
    load = load_of(exercise, key, program, mode)
    batches = [batch_of(check) for check in key.checks]
    try:
        run = sandbox.run(load, batches, exercise.limits)
        told = _told(key, run.outcomes, program) if own_judge else run.outcomes
        its_judge = own_judge or _judge_apart(sandbox, exercise, key)

        def judged() -> ExerciseResult:
            return with_examples(judge(key, told, its_judge, altered), key, told)

        result = known(told, judged) if known else judged()
    except Exception as error:  # noqa: BLE001  a fault of ours costs one answer its verdict, and not the class its run
        return _failed(key, error)
    if result.fault:
        _log.info("judging %s failed:\n%s", key.exercise, result.fault)
    answered = {_whence(each) for each in itertools.chain(*run.outcomes) if isinstance(each, wire.Raised)}
    left = [raised for raised in reversed(run.failed) if raised.chunk and _whence(raised) not in answered]
    failed = {(raised.chunk, raised.kind, raised.message): raised for raised in left}
    source = Program.of(program) if own_judge else None
    notes = tuple(dict.fromkeys(left_out(raised, source) for raised in reversed(failed.values())))
    lasting = result.verdict is not Verdict.JUDGE_ERROR and not any(map(_by_chance, itertools.chain(*run.outcomes)))
    return Attempt(msgspec.structs.replace(result, notes=notes), run.outcomes, run.printed, lasting=lasting)


def _right_anew(
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, found: Attempt, own_judge: OwnJudge
) -> tuple[str, ...]:
    """A note where the first call that is not right would be right if no call came before it; that one call is made again for this.

    Of an answer whose very first call is wrong, as most wrong ones are, nothing is run again: no call came before that.
    """
    if found.program is None or found.result.verdict not in {Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR}:
        return ()
    calls = (
        (check, case, outcome)
        for check, outcomes in zip(key.checks, found.outcomes, strict=True)
        for case, outcome in zip(check.cases, outcomes, strict=False)
    )
    first = next(calls, None)
    if first is None or not is_right(*first, own_judge):
        return ()
    check, case, outcome = next((call for call in calls if not is_right(*call, own_judge)), (None, None, None))
    if check is None or case is None or isinstance(outcome, wire.Stopped) or _by_loading(outcome):
        return ()
    load = load_of(exercise, key, found.program.chunks, found.program.mode)
    run = sandbox.run(load, [Batch(check.function, (call_of(check, case),))], exercise.limits)
    right = all(is_right(check, case, each, own_judge) for each in run.outcomes[0])
    return (_KEPT.format(check.function),) if right else ()


def _by_loading(outcome: wire.Outcome | None) -> bool:
    return isinstance(outcome, wire.Raised) and outcome.loading


def _whence(raised: wire.Raised) -> tuple[str, str, int]:
    """What was raised, and where: what a check is told of needs no note."""
    return raised.kind, raised.chunk, raised.line


def _by_chance(outcome: wire.Outcome) -> bool:
    """Whether an outcome may be another the next time: the clock depends on the machine's load, and a kill on others."""
    return was_killed(outcome) or (isinstance(outcome, wire.Stopped) and outcome.detail == wire.BY_THE_CLOCK)


def _told(
    key: AnswerKey, outcomes: Sequence[tuple[wire.Outcome, ...]], program: Sequence[wire.Chunk]
) -> tuple[tuple[wire.Outcome, ...], ...]:
    """The outcomes as they are told where there are hidden inputs."""
    source = Program.of(program)
    return tuple(
        tuple(withheld(outcome, source, public=check.public) for outcome in found)
        for check, found in zip(key.checks, outcomes, strict=True)
    )


def _failed(key: AnswerKey, error: Exception) -> Attempt:
    """What becomes of an answer where the grader itself fails."""
    if reraises():
        raise error
    _log.info("grading an answer to %s failed", key.exercise, exc_info=error)
    fault = "".join(traceback.format_exception(error))
    return Attempt(refuse(key, Verdict.JUDGE_ERROR, UNJUDGED, fault=fault), lasting=False)


class _ShippedJudgeError(Exception):
    """What a judge did in the sandbox instead of judging."""


def _judge_apart(sandbox: Sandbox, exercise: Exercise, key: AnswerKey) -> OwnJudge:
    """Runs a shipped judge in a child that has never run a student's program."""

    def own_judge(check: CheckKey, case: CaseKey, value: Value) -> str | None:
        judge_source = key.judges[check.judge]
        name = judge_source.removeprefix("def ").partition("(")[0].strip()
        source = f"from __future__ import annotations\nimport numpy as np\n{judge_source}"
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


def best_attempt(
    readings: Sequence[ProgramReading], run: Callable[[ProgramReading], Attempt], functions: Sequence[str]
) -> Attempt:
    """Run what may be the program until one is right in everything: the best attempt, and of equals the first.

    Of equals one comes first whose first exception is in a cell that answers the exercise: it is about the answer.
    """
    waiting = list(readings)
    first: tuple[float, int] | None = None
    best: tuple[Attempt, ProgramReading] | None = None
    lasting = True
    while waiting:
        reading = waiting.pop(0)
        attempt = run(reading)
        lasting = lasting and attempt.lasting  # also what is not the best may have been, another time
        first = first or _merit(attempt, reading)[:2]
        if best is None or _merit(attempt, reading) > _merit(*best):
            best = attempt, reading
        stop = next((each for each in _outcomes(attempt) if isinstance(each, wire.Stopped)), None)
        if attempt.result.verdict is Verdict.ACCEPTED or (stop and not stop.loading):
            break
        if stop:  # what computes least is all that may still end
            waiting = [each for each in waiting if each.mode == "definitions"]
        else:
            failed = any(_no_answer(each) for each in _outcomes(attempt))
            waiting = [each for each in waiting if each.mode == reading.mode and (failed or not each.rescue)]
    if best is None:
        raise ValueError("there is nothing to run")
    counts = msgspec.structs.replace(best[0], program=best[1], lasting=lasting)
    return _noted(counts, _notes_of(best[1], functions, gained=_merit(*best)[:2] != first))


def _outcomes(attempt: Attempt) -> Iterator[wire.Outcome]:
    return itertools.chain.from_iterable(attempt.outcomes)


def _no_answer(outcome: wire.Outcome) -> bool:
    """Whether a program gave no answer, where more or other cells of the notebook may give one: what they define, or fill in.

    A stub's own exception says that nothing is there.
    """
    return isinstance(outcome, wire.Raised) and not is_stub(outcome)


def _merit(attempt: Attempt, reading: ProgramReading) -> tuple[float, int, bool]:
    """How good an attempt is: its points, its checks that are right, and whether what it tells is about the answer."""
    result = attempt.result
    right = sum(check.verdict is Verdict.ACCEPTED for check in result.checks)
    failure = next((each for each in _outcomes(attempt) if not isinstance(each, wire.Returned)), None)
    elsewhere = isinstance(failure, wire.Raised) and bool(failure.chunk) and failure.chunk not in reading.own
    return result.score, right, not (elsewhere and reading.own)


def _notes_of(reading: ProgramReading, functions: Sequence[str], *, gained: bool) -> tuple[str, ...]:
    """How a program was read, where that is not what its student may think."""
    if reading.mode == "definitions":
        return (_DEFINITIONS_ALONE,)
    again = [
        (cell.name, ", ".join(f"`{name}`" for name in functions if name in bound) or "your answer")
        for cell, bound in ((cell, bound_in(cell.source)) for cell in reading.later)
    ]
    return (
        tuple(
            f"{what} is defined again in {name}: what stood above that cell counts, and is worth more"
            for name, what in again
        )
        if gained
        else ()
    )


def _noted(attempt: Attempt, notes: Sequence[str]) -> Attempt:
    """The attempt, with notes before those it has."""
    result = msgspec.structs.replace(attempt.result, notes=(*notes[:_MAX_NOTES], *attempt.result.notes))
    return msgspec.structs.replace(attempt, result=result)


def _attempt_notebook(
    source: Source,
    key: AnswerKey,
    run: Callable[[ProgramReading], Attempt],
    others: Mapping[str, Iterable[str]],
) -> Attempt:
    """The best that a notebook's cells are for an exercise; NOT_ATTEMPTED where none answers it.

    `run` runs and judges a program; `others` are those of `readings`. A notebook that is for this exercise alone is run
    whatever is in it.
    """
    cells = source.cells
    allowed = [each.cell for each in cells if not each.forbidden]
    forbidden = [each for each in cells if each.forbidden]
    programs = readings(allowed, key.functions, key.exercise, others)
    if not programs and readings([each.cell for each in forbidden], key.functions, key.exercise, others):
        return Attempt(refuse(key, Verdict.FORBIDDEN, "; ".join(each.forbidden for each in forbidden[:_MAX_NOTES])))
    if not programs and not source.alone:
        return Attempt(refuse(key, Verdict.NOT_ATTEMPTED, _missing(key)))
    found = best_attempt(programs or _whole(allowed), run, key.functions)
    used = {chunk.name for program in programs for chunk in program.chunks}
    notes = [note for each in cells if each.cell.name in used or not each.cell.source for note in each.notes]
    notes += [f"{each.forbidden}; the cell was left out" for each in forbidden]
    return _noted(found, notes)


def _missing(key: AnswerKey) -> str:
    names = " and ".join(f"`{name}`" for name in key.functions)
    return f"No cell of the notebook answers {key.exercise}: none defines {names}. Keep the names that the stub has."
