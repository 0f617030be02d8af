"""Judge the outcomes of a program against an answer key. Pure: the same outcomes give the same result, everywhere."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.errors import COURSE_RAISES
from grader.judging.compare import WHOLE, Difference, arranged, compare, form, split, widened
from grader.judging.diagnosis import PATTERN, Alteration, Diagnosis, diagnose
from grader.judging.exceptions import NOT_YET, is_stub, raised, stopped, verdict_of
from grader.judging.facts import call_shown, describe, dimensions
from grader.judging.groups import group_of
from grader.judging.mistakes.recognise import by_part
from grader.judging.verdicts import UNJUDGED, CheckResult, ExerciseResult, Told, Verdict
from grader.wire import messages as wire
from grader.wire.functions import compiled
from grader.wire.values import Text, parts, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = ["Altered", "OwnJudge", "is_right", "judge", "no_alterations", "no_judge", "points_of", "refuse", "trusted"]

Outcomes = tuple[wire.Outcome, ...]

OwnJudge = Callable[["CheckKey", "CaseKey", "Value"], Any]
"""Runs a check's own judge on a value: None for right, else the sentence for the student. Raises what the judge raises."""

Altered = Callable[[str], "Iterable[Alteration]"]
"""What a function's right formula and its misconceptions give on altered inputs."""

_KEPT = 10_000
"""How many characters of a written answer the report keeps."""
_JUDGED = 100_000
"""How many characters of text a check's own judge is given: it may take a text to pieces."""


def refuse(key: AnswerKey, verdict: Verdict, feedback: str, *, fault: str = "") -> ExerciseResult:
    """The result of an exercise that was not run at all, or not judged."""
    return ExerciseResult.of(
        key.exercise, [_result(check, verdict, 0.0, (), feedback) for check in key.checks], fault=fault
    )


def trusted(judges: Mapping[str, str]) -> OwnJudge:
    """Runs the course's own judges, whose sources are given by name, in this process."""

    def own_judge(check: CheckKey, case: CaseKey, value: Value) -> Any:
        return compiled(judges[check.judge])(unpack(value), *map(unpack, case.args))

    return own_judge


def no_judge(check: CheckKey, case: CaseKey, value: Value) -> Any:  # noqa: ARG001
    """For keys whose checks have none. Raises LookupError."""
    raise LookupError(f"{check.name}: no judge was given for a check that has its own")


def no_alterations(function: str) -> Iterable[Alteration]:  # noqa: ARG001
    """Where nobody has run the reference on altered inputs."""
    return ()


def judge(
    key: AnswerKey, outcomes: Sequence[Outcomes], own_judge: OwnJudge = no_judge, altered: Altered = no_alterations
) -> ExerciseResult:
    """The result of an exercise from the outcomes of each check's cases (fewer than the cases after a stop)."""
    with np.errstate(all="ignore"):  # what came back may hold any bits, and what numpy says of them is nobody's affair
        return _judged(key, outcomes, own_judge, altered)


def _judged(key: AnswerKey, outcomes: Sequence[Outcomes], own_judge: OwnJudge, altered: Altered) -> ExerciseResult:
    pairs = [(check, _arranged(check, found)) for check, found in zip(key.checks, outcomes, strict=True)]
    checks, faults = [], []
    for function in key.functions:
        answered = [
            (check, *item) for check, got in pairs if check.function == function for item in _answered(check, got)
        ]
        # Looked for once, and only where something is wrong.
        diagnosed = functools.cache(functools.partial(diagnose, key, answered, functools.partial(altered, function)))
        group = functools.partial(group_of, key.exercise, function, answered)
        for check, got in pairs:
            if check.function != function:
                continue
            try:
                wrong = [_wrong_parts(check, case, outcome, own_judge) for case, outcome in _answered(check, got)]
            except _JudgeError as error:
                checks.append(_result(check, Verdict.JUDGE_ERROR, 0.0, (), UNJUDGED))
                faults.append("".join(traceback.format_exception(error)))
            else:
                checks.append(_check(check, got, wrong, diagnosed, group))
    order = {check.name: index for index, check in enumerate(key.checks)}
    checks.sort(key=lambda result: order[result.name])
    return ExerciseResult.of(key.exercise, checks, fault="\n".join(faults))


def is_right(check: CheckKey, case: CaseKey, outcome: wire.Outcome | None, own_judge: OwnJudge = no_judge) -> bool:
    """Whether nothing of an outcome is wrong. Raises nothing: what a judge cannot judge is not right."""
    if outcome is None:
        return False
    try:
        return not _wrong_parts(check, case, _in_form(check, case, outcome), own_judge)
    except _JudgeError:
        return False


def points_of(check: CheckKey, outcomes: Outcomes, own_judge: OwnJudge = no_judge) -> float | None:
    """What the outcomes of a check's cases earn, without saying why; None where its judge cannot judge one."""
    try:
        wrong = [
            _wrong_parts(check, case, got, own_judge) for case, got in _answered(check, _arranged(check, outcomes))
        ]
    except _JudgeError:
        return None
    return _points(check, {part for found in wrong for part in found})


def _points(check: CheckKey, wrong_parts: set[str]) -> float:
    """All of a check's points, or those of the parts that are right."""
    if not wrong_parts:
        return check.points
    return sum((check.parts[part] for part in _right_parts(check, wrong_parts)), start=0.0)


def _right_parts(check: CheckKey, wrong_parts: set[str]) -> list[str]:
    return [] if WHOLE in wrong_parts else [part for part in check.parts if part not in wrong_parts]


def _arranged(check: CheckKey, outcomes: Outcomes) -> Outcomes:
    """The outcomes with named parts in the form that is asked for: all that follows knows one form alone."""
    return tuple(_in_form(check, case, outcome) for case, outcome in zip(check.cases, outcomes, strict=False))


def _in_form(check: CheckKey, case: CaseKey, outcome: wire.Outcome) -> wire.Outcome:
    if not isinstance(outcome, wire.Returned):
        return outcome
    return wire.Returned(arranged(case.expected, check.names, outcome.value))


def _answered(check: CheckKey, outcomes: Outcomes) -> list[tuple[CaseKey, wire.Outcome | None]]:
    """Each case with its outcome; None for a case that was skipped."""
    return [(case, outcomes[index] if index < len(outcomes) else None) for index, case in enumerate(check.cases)]


def _check(
    check: CheckKey,
    outcomes: Outcomes,
    faults: Sequence[Mapping[str, str]],
    diagnosed: Callable[[], Sequence[Diagnosis]],
    group: Callable[[], str],
) -> CheckResult:
    wrong_parts = {part for found in faults for part in found}
    if not wrong_parts:
        return msgspec.structs.replace(
            _result(check, Verdict.ACCEPTED, check.points, (), ""), kept=_kept(check, outcomes)
        )
    right_parts, points = _right_parts(check, wrong_parts), _points(check, wrong_parts)
    verdict = _verdict(outcomes, faults)
    told = _of_parts([each for each in diagnosed() if check.name in each.checks], wrong_parts)
    # Of a misconception on altered inputs the name alone would say too little.
    names = tuple(dict.fromkeys(each.misconception for each in told if each.misconception and each.way == 1))
    # Parts may have their names for one mistake each, and one sentence.
    sentences = list(dict.fromkeys(each.sentence for each in told if each.misconception))
    sentences += by_part([(part, each.sentence) for each in told if not each.misconception for part in each.parts])
    known = Told(way=min(each.way for each in told), sentence="\n".join(sentences)) if sentences else None
    if verdict is Verdict.WRONG_ANSWER and check.parts and WHOLE not in wrong_parts:
        wrong = [part for part in check.parts if part in wrong_parts]
        sentences += [f"{_listed(right_parts)} right, {_listed(wrong)} wrong"] if right_parts else []
    sentences += _facts(check, outcomes, faults)
    # For which inputs values are right tells no mistake; and what a judge of its own refuses, that judge explains.
    unnamed = verdict is Verdict.WRONG_ANSWER and not check.judge and all(each.way == PATTERN for each in told)
    return msgspec.structs.replace(
        _result(check, verdict, points, names, "\n".join(sentences)),
        diagnosis=known,
        group=group() if unnamed else "",
    )


def _of_parts(diagnosed: Sequence[Diagnosis], wrong_parts: set[str]) -> list[Diagnosis]:
    """What is said of these parts; where all is wrong, of any."""
    return [each for each in diagnosed if WHOLE in each.parts or WHOLE in wrong_parts or each.parts & wrong_parts]


def _kept(check: CheckKey, outcomes: Outcomes) -> str:
    """What the student wrote, where the check keeps it for a person to read."""
    texts = [
        outcome.value.text
        for outcome in outcomes
        if isinstance(outcome, wire.Returned) and isinstance(outcome.value, Text)
    ]
    return "\n".join(texts)[:_KEPT] if check.keep else ""


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _result(check: CheckKey, verdict: Verdict, points: float, names: tuple[str, ...], feedback: str) -> CheckResult:
    return CheckResult(
        name=check.name, claim=check.claim, public=check.public, verdict=verdict, points=points,
        max_points=check.points, misconceptions=names, feedback=feedback, visibility=check.visibility,
    )  # fmt: skip


class _JudgeError(Exception):
    """A check's own judge raised."""


def _wrong_parts(check: CheckKey, case: CaseKey, outcome: wire.Outcome | None, own_judge: OwnJudge) -> dict[str, str]:
    """What is wrong with the outcome of a case: a sentence for each wrong part, or for the WHOLE."""
    if not isinstance(outcome, wire.Returned):
        return {WHOLE: ""}
    if check.judge:
        sentence = _own_judgement(check, case, outcome.value, own_judge)
        return {WHOLE: sentence} if sentence else {}
    if outcome.value == case.expected:
        return {}  # as most answers are, and all that follows takes longer
    dims, precision = _shown(check, case), check.precision(case)
    pieces = [split(case.expected, check.parts, value) for value in (case.expected, outcome.value)]
    if not check.parts or pieces[0] is None or pieces[1] is None:
        mismatch = compare(case.expected, outcome.value, precision)
        return {WHOLE: describe(mismatch, dims, check.names, driven=bool(check.driver))} if mismatch else {}
    found = {}
    for part, expected in pieces[0].items():
        if mismatch := compare(expected, pieces[1][part], precision):
            found[part] = describe(mismatch, dims, driven=bool(check.driver), part=True)
    return found


def _shown(check: CheckKey, case: CaseKey) -> frozenset[int] | None:
    """The sizes that a sentence on a hidden check's case may name; None for a public one's, which may name any."""
    return None if check.public else dimensions(case)


def _own_judgement(check: CheckKey, case: CaseKey, value: Value, own_judge: OwnJudge) -> str | None:
    if mismatch := form(case.expected, value):
        # The answer is not unique: of a number that is none, no other one is the right one.
        none = mismatch.kind is Difference.NONFINITE
        if none:
            return "returned nan or inf where finite numbers are asked"
        return describe(mismatch, _shown(check, case), check.names)
    if _characters(value) > _JUDGED:
        return f"the text is too long to be judged: at most {_JUDGED:,} characters".replace(",", " ")
    try:
        with np.errstate(all="ignore"):
            sentence: str | None = own_judge(check, case, widened(case.expected, value))
    except COURSE_RAISES as error:
        raise _JudgeError(f"the judge of {check.name} raised {type(error).__name__}: {error}") from error
    if not isinstance(sentence, str | None):
        raise _JudgeError(
            f"the judge of {check.name} returned a {type(sentence).__name__}, neither None nor a sentence"
        )
    return sentence


def _characters(value: Value) -> int:
    return len(value.text) if isinstance(value, Text) else sum(map(_characters, parts(value)))


def _verdict(outcomes: Outcomes, faults: Iterable[Mapping[str, str]]) -> Verdict:
    """The verdict of the first case that is not right."""
    if _is_left_open(outcomes):
        return Verdict.NOT_ATTEMPTED
    outcome = next(outcome for outcome, found in zip(outcomes, faults, strict=False) if found)
    return Verdict.WRONG_ANSWER if isinstance(outcome, wire.Returned) else verdict_of(outcome)


def _is_left_open(outcomes: Outcomes) -> bool:
    """Whether all that came back is what a stub raises."""
    return all(map(is_stub, outcomes))


def _facts(check: CheckKey, outcomes: Outcomes, faults: Sequence[Mapping[str, str]]) -> list[str]:
    """What came back for the first case that is not right, part by part; for a public check, with its inputs."""
    if _is_left_open(outcomes):
        return [NOT_YET]
    index = next(index for index, found in enumerate(faults) if found)
    outcome, case = outcomes[index], check.cases[index]
    if isinstance(outcome, wire.Returned):
        facts = [sentence if part == WHOLE else f"{part}: {sentence}" for part, sentence in faults[index].items()]
    else:
        facts = [raised(outcome, check, case) if isinstance(outcome, wire.Raised) else stopped(outcome)]
    if check.public and not (isinstance(outcome, wire.Raised) and outcome.loading):
        return [f"{call_shown(check, case)}:", *facts]
    return facts
