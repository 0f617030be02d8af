"""Grading processes: what they find is what one process finds, and one that ends costs nothing."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from commands import processes_below
from grader.course.course_yml import load_course
from grader.errors import UsageError
from grader.grading import messages, processes
from grader.grading.classes import grade_answers, grade_class, task_of
from grader.grading.executor import Here
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.grading.process import _Keys, _Run
from grader.grading.processes import Processes, executor
from grader.grading.reading import Reader
from grader.judging.verdicts import Verdict
from grader.submissions.find import Submission
from one_exercise import HEAD, make
from repository import course_text, reference, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course
    from grader.grading.reading import Answer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what is below a process is read in /proc"),
]

WRONG = "import numpy as np\ndef softmax_xent_grad(z, y): return np.exp(z) / np.exp(z).sum() - y\n"
CLASS = {
    "softmax_xent_grad": (
        reference("neighbours/softmax_xent_grad"),
        WRONG,
        "def softmax_xent_grad(z, y): return z.T * 3 + y\n",
    ),
    "dead_relu_input": (
        reference("relu/dead_relu_input"),
        "def dead_relu_input(W, b): return b\n",
        "def dead_relu_input(: 1",
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two exercises, one of which has a judge of its own."""
    text = course_text("neighbours/softmax_xent_grad", "relu/dead_relu_input")
    return load_course(write_course(tmp_path_factory.mktemp("processes") / "course", text))


@pytest.fixture(scope="module")
def submissions(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Submission]:
    folder = tmp_path_factory.mktemp("submitted")
    found = []
    for exercise in course.exercises():
        for number, source in enumerate(CLASS[exercise.id]):
            path = folder / str(number) / f"{exercise.id}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(source, encoding="utf-8")
            found.append(Submission(f"student-{number}", exercise.assignment, exercise.id, path, ""))
    return sorted(found, key=lambda each: (each.student, each.assignment))


@pytest.fixture
def two(course: Course) -> Iterator[Processes]:
    with executor(course, Keys(course), 2, required_by(course)) as made:
        assert isinstance(made, Processes)
        yield made


@pytest.mark.parametrize("individual", [False, True], ids=["shared", "individual"])
def test_two_processes_find_what_one_does(course: Course, submissions: list[Submission], individual: bool) -> None:  # noqa: FBT001
    """Each of them: own judges, what altered inputs give, and the search for an edit among it; in any order."""
    course = replace(course, individual=individual)
    found = []
    for jobs in (1, 2):
        keys = Keys(course)
        with executor(course, keys, jobs, required_by(course)) as grading:
            reports = [graded.report for group in grade_class(course, keys, submissions, grading) for graded in group]
            reader = Reader(course, keys, grading.start())
            wrong = [reader.with_key(answer) for answer in reader.answers(submissions[1:3])]
            reports += [graded.report for graded in grade_answers(grading, wrong, search=True)]
        found.append(sorted(reports, key=repr))
    assert found[0] == found[1]
    assert {each.verdict for each in found[0]} == {Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR}


def processes_of(executor: Processes) -> set[int]:
    """Its grading processes and all below them: other tests of this process may have some too, of fixtures that live on."""
    graders = {seat.process.process.pid for seat in executor._seats if seat.process}
    return graders.union(*map(processes_below, graders))


@pytest.mark.parametrize(
    ("cores", "jobs", "bound"), [({0, 5}, 2, [0, 5]), ({0, 5}, 3, [None] * 3), ({0, 5, 6}, 2, [None] * 2)]
)
def test_jobs_have_a_core_each_where_there_are_as_many(
    cores: set[int], jobs: int, bound: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fewer jobs each goes where it is quiet, and more than there are cores share them as they come."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)
    assert processes._cores(jobs) == bound


def test_a_job_with_a_core_and_all_that_it_starts_run_there(
    course: Course, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the run itself wherever it may."""
    mine = os.sched_getaffinity(0)
    core = max(mine)
    monkeypatch.setattr(processes, "_cores", lambda jobs: [core] * jobs)
    with Processes(course, Keys(course), 1, required_by(course)) as one:
        assert len(list(grade_class(course, one._keys, submissions, one))) == len(submissions)
        found = [os.sched_getaffinity(process) for process in processes_of(one)]
    assert len(found) >= 2
    assert all(cores == {core} for cores in found)
    assert os.sched_getaffinity(0) == mine


def test_processes_that_let_others_go_first_do_so_with_all_that_they_start(
    course: Course, submissions: list[Submission]
) -> None:
    """Also where the system shares processors among sessions first, of which each has a niceness of its own."""
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    with Processes(course, Keys(course), 1, required_by(course), nicer=3) as one:
        assert len(list(grade_class(course, one._keys, submissions, one))) == len(submissions)
        found = processes_of(one)
        assert len(found) >= 2
        assert {os.getpriority(os.PRIO_PROCESS, process) for process in found} == {mine + 3}
        groups = [Path(f"/proc/{process}/autogroup") for process in found]
        said = {group.read_text().split()[-1] for group in groups if group.exists()}
    assert said <= {str(mine + 3)}
    assert os.getpriority(os.PRIO_PROCESS, 0) == mine


def test_a_core_that_is_gone_costs_nothing(
    course: Course, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_cores", lambda jobs: [2**16] * jobs)
    with Processes(course, Keys(course), 1, required_by(course)) as one:
        assert len(list(grade_class(course, one._keys, submissions, one))) == len(submissions)


def test_an_interrupt_is_the_run_s_to_hear_and_a_key_is_sent_once(
    course: Course, submissions: list[Submission], two: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    work_of = messages.work_of

    def noted(task, keys):
        sent.extend(key.name for key in keys)
        return work_of(task, keys)

    monkeypatch.setattr(messages, "work_of", noted)
    keys = two._keys
    first = list(grade_class(course, keys, submissions, two))
    for process in processes_of(two):
        os.kill(process, signal.SIGINT)
    assert sorted(map(repr, grade_class(course, keys, submissions, two))) == sorted(map(repr, first))
    assert len(sent) <= 2 * len(course.exercises())


def test_a_process_that_ends_is_replaced_and_costs_nothing_but_one_that_ends_each_time(
    course: Course, submissions: list[Submission], two: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice it is graded again; then those answers alone could not be judged, and the reports say so."""
    twice, always = submissions[0], submissions[3]
    left = {read_name(twice): 2, read_name(always): 99}
    exchange = processes._Process.exchange

    def unlucky(self, message):
        for content in message.contents if isinstance(message, messages.Work) else ():
            if left.get(content, 0):
                left[content] -= 1
                os.kill(self.process.pid, signal.SIGKILL)
        return exchange(self, message)

    with Here(course, two._keys, Pool()) as here:
        undisturbed = {graded.answer.content: graded for (graded,) in grade_class(course, two._keys, submissions, here)}
    monkeypatch.setattr(processes._Process, "exchange", unlucky)
    found = {graded.answer.content: graded for (graded,) in grade_class(course, two._keys, submissions, two)}
    assert list(left.values()) == [0, 96]
    lost = found.pop(read_name(always))
    assert (lost.report.verdict, lost.lasting) == (Verdict.JUDGE_ERROR, False)
    assert "ended, 3 times" in lost.report.fault
    del undisturbed[read_name(always)]
    assert found == undisturbed


def read_name(submission: Submission) -> str:
    """The name that the content of an answer has."""
    assert submission.path
    return hashlib.sha256(submission.path.read_bytes()).hexdigest()


def answers(course: Course, keys: Keys, executor: Processes, path: Path, source: str) -> list[Answer]:
    path.write_text(source, encoding="utf-8")
    reader = Reader(course, keys, executor.start())
    return [reader.with_key(each) for each in reader.answers([Submission("s", "relu", "dead_relu_input", path, "")])]


def test_what_runs_ends_with_the_run(course: Course, two: Processes, tmp_path: Path) -> None:
    """A student's loop, its worker and the process, when the run hangs up: as when it is killed."""
    before = processes_below(os.getpid())
    (answer,) = answers(course, two._keys, two, tmp_path / "dead_relu_input.py", "while True: pass")
    found = two.run([("loop", task_of([answer]))])
    started = []

    def idle() -> None:
        started.append(processes_below(os.getpid(), but=before))
        two.abort()

    found = two.run([("loop", task_of([answer]))], idle)
    with pytest.raises(Exception, match="the run was aborted"):
        next(found)
    assert started
    deadline = time.monotonic() + 5
    while processes_below(os.getpid(), but=before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not processes_below(os.getpid(), but=before)


def test_processes_that_are_expected_are_there_before_an_answer_and_grade_it(
    course: Course, submissions: list[Submission], two: Processes
) -> None:
    """As many as there are answers, no more than jobs; where none comes they end with the run."""
    two.expect(1)
    (first,) = [seat.process for seat in two._seats if seat.process]
    two.expect(1000)
    there = [seat.process for seat in two._seats]
    assert first in there
    assert None not in there
    assert len(list(grade_class(course, two._keys, submissions, two))) == len(submissions)
    assert [seat.process for seat in two._seats] == there
    with Processes(course, two._keys, 1, required_by(course)) as idle:
        idle.expect(1)
        (seat,) = idle._seats
        process = seat.process
    assert process
    assert process.process.returncode is not None


def test_isolation_that_is_required_is_required_of_each_process(course: Course) -> None:
    with (
        executor(course, Keys(course), 2, (("a layer of the future",),)) as made,
        pytest.raises(UsageError, match="a layer of the future missing"),
    ):
        made.start()


def test_what_a_process_logs_is_logged_here(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And a fault of the course's is in the report, as it is where one process grades."""
    judge = "def doubled(value, x):\n    return None if value == 2 * x else {}['not there']\n"
    checks = f'{HEAD}\n{judge}\n@check(points=1, judge=doubled)\ndef numbers(rng):\n    """gives it"""\n    yield 3.0\n'
    course = load_course(make(tmp_path, checks, "return 2.0 * x", "x"))
    path = tmp_path / "gate.py"
    path.write_text("def gate(x): return 0.0\n", encoding="utf-8")
    keys = Keys(course)
    with caplog.at_level(logging.INFO, "grader"), executor(course, keys, 2, required_by(course)) as made:
        ((graded,),) = grade_class(course, keys, [Submission("s", "first", "gate", path, "")], made)
    assert graded.report.verdict is Verdict.JUDGE_ERROR
    assert "KeyError: 'not there'" in graded.report.fault
    assert ("grader.grading.attempt", logging.INFO) in [(each.name, each.levelno) for each in caplog.records]


def test_what_was_sent_as_a_key_is_held_to_its_name(course: Course, submissions: list[Submission]) -> None:
    """And each judge's source to the hash that the key names it by: what is run as the course's own is the course's."""
    keys = Keys(course)
    reader = Reader(course, keys, ())
    task = task_of([reader.with_key(each) for each in reader.answers(submissions)])
    with socket.socket() as nobody:
        at_hand = _Keys(_Run(nobody))
        sent = tuple(messages.Key(each.digest, keys.packed(each.key), kept=True) for each in task.given)
        assert at_hand.task(messages.work_of(task, sent)) == task
        with_judges = next(key for key in sent if b"def " in key.data)
        for name, data in (
            ("0" * 64, with_judges.data),
            (with_judges.name, with_judges.data.replace(b"claim", b"clarm")),
            (with_judges.name, with_judges.data.replace(b"return None", b"return Nono")),
        ):
            assert (name, data) != (with_judges.name, with_judges.data)
            with pytest.raises((ValueError, TypeError)):
                at_hand.task(messages.work_of(task, (messages.Key(name, data, kept=True),)))
