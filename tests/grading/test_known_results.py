"""What outcomes came to is known the next time, and to nobody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.grading import attempt as attempts
from grader.grading import known_results
from grader.grading.keys import Keys
from grader.grading.known_results import KnownResults
from grader.grading.pool import Pool
from grader.grading.repair import Repairs
from grader.grading.tasks import Given, Task, Workplace
from grader.judging import judge as judging
from grader.judging.answer_key import digest
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.wire import messages as wire
from grader.wire.values import pack
from repository import course_here

COURSE = course_here()
KEYS = Keys(COURSE)
ZERO = ((wire.Returned(pack(0.0)),),)


def counted(verdict=Verdict.ACCEPTED):
    """Something that judges, and how often it was asked."""
    asked: list[None] = []

    def judged():
        asked.append(None)
        return ExerciseResult(exercise="e", verdict=verdict, score=0.0, max_score=0.0, checks=())

    return judged, asked


outcomes = st.lists(
    st.lists(
        st.one_of(
            st.floats(width=16).map(lambda number: wire.Returned(pack(number))),
            st.builds(wire.Raised, st.sampled_from(["ValueError", "KeyError"]), line=st.integers(0, 2)),
            st.builds(wire.Stopped, st.sampled_from(["time", "output"])),
        ),
        max_size=2,
    ).map(tuple),
    max_size=2,
).map(tuple)
asked = st.tuples(st.sampled_from("ab"), outcomes)


@given(st.lists(asked, max_size=6))
def test_each_key_s_outcomes_are_judged_once(requests) -> None:
    """Whatever differs, of the key or of the outcomes to the last bit, is judged for itself."""
    known = KnownResults()
    judged, times = counted()
    for name, found in requests:
        known.result(name, found, judged)
    assert len(times) == len(set(requests))


def test_what_could_not_be_judged_is_tried_again() -> None:
    known = KnownResults()
    judged, times = counted(Verdict.JUDGE_ERROR)
    for _ in range(2):
        known.result("a", ZERO, judged)
    assert len(times) == 2


def test_they_are_bounded(monkeypatch) -> None:
    monkeypatch.setattr(known_results, "_MOST", 3)
    known = KnownResults()
    judged, times = counted()
    for number in range(8):
        known.result("a", ((wire.Returned(pack(float(number))),),), judged)
        assert len(known._results) <= 3
    assert len(times) == 8


ANSWERS = {
    "right": "def tanh_grad_from_output(a):\n    return 1 - a * a\n",
    "wrong": "def tanh_grad_from_output(a):\n    return a * (1 - a)\n",
    "raises": "def tanh_grad_from_output(a):\n    return 1 - a * z\n",
    "raises in another line": "\n\ndef tanh_grad_from_output(a):\n    return 1 - a * z\n",
    "stub": "def tanh_grad_from_output(a):\n    raise NotImplementedError\n",
}


def test_a_class_is_judged_once_for_each_of_its_answers_and_told_the_same(monkeypatch) -> None:
    """As without it, the lines of their own programs among it."""
    exercise = COURSE.exercise("tanh_grad_from_output")
    key = KEYS.of(exercise)
    programs = {name: text.encode() for name, text in ANSWERS.items()}
    judged: list[None] = []

    def judge(*arguments):
        judged.append(None)
        return judging.judge(*arguments)

    monkeypatch.setattr(attempts, "judge", judge)

    def task(program: bytes) -> Task:
        return Task((Given(exercise, key, digest(key), program, "content", f"{exercise.id}.py", {}),))

    with Pool() as pool:

        def workplace():
            return Workplace(pool, KEYS.own_judge, KEYS.altered, Repairs(COURSE.repair, COURSE.reference))

        apart = {name: workplace().grade(task(program)) for name, program in programs.items()}
        assert len(judged) == len(programs)
        judged.clear()
        together = workplace()
        for turn in range(2):
            for name, program in programs.items():
                (finding,) = together.grade(task(program + f"# {turn}\n".encode()))
                assert (name, finding.result) == (name, apart[name][0].result)
        assert len(judged) == len(programs)
    found = {name: finding.result.verdict for name, (finding,) in apart.items()}
    assert found["raises"] == found["raises in another line"] == Verdict.RUNTIME_ERROR
    assert apart["raises"][0].result != apart["raises in another line"][0].result
