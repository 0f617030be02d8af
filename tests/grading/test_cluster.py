"""Grading on many machines: real schedulers and workers of Dask, and what comes of a class is what comes of it here."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import processes_below
from dask_cluster import DaskCluster, certificates
from grader.course.course_yml import load_course
from grader.errors import GraderError, UsageError
from grader.grading import cluster, messages, node, node_messages, nodes, scheduler
from grader.grading.checkout import checkout_of, differences
from grader.grading.classes import grade_class, task_of
from grader.grading.cluster import Cluster
from grader.grading.keys import Keys, decode_kept
from grader.grading.node_messages import End, Exchange, Found, Join, Lacking, Meet, Met, Refused
from grader.grading.pool import required_by
from grader.grading.processes import executor
from grader.grading.reading import Reader
from grader.grading.scheduler import Address, LostError, Scheduler, is_private, problem_with
from grader.judging.verdicts import Verdict
from grader.submissions.find import Submission
from repository import course_text, reference, write_course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.model import Course
    from grader.grading.reading import Answer

linux = pytest.mark.skipif(
    sys.platform != "linux", reason="grading processes, and the layers of isolation, are Linux's"
)

RIGHT = reference("neighbours/softmax_xent_grad")
SLOW = RIGHT.replace("### BEGIN SOLUTION", "import time; time.sleep(0.03)")
CLASS = {
    "softmax_xent_grad": (
        SLOW, "import numpy as np\ndef softmax_xent_grad(z, y): return np.exp(z) / np.exp(z).sum() - y\n", SLOW,
        "def softmax_xent_grad(z, y): return z.T * 3 + y\n", SLOW, "def softmax_xent_grad(z, y): import os; os._exit(1)\n",
        SLOW, SLOW,
    ),
    "dead_relu_input": (
        reference("relu/dead_relu_input"), "def dead_relu_input(W, b): return b\n", "def dead_relu_input(: 1",
    ),
}  # fmt: skip
TEXT = course_text("neighbours/softmax_xent_grad", "relu/dead_relu_input") + "repair: {variants: 40, seconds: 600}\n"


def written_class(folder: Path) -> Path:
    for exercise, assignment in (("softmax_xent_grad", "neighbours"), ("dead_relu_input", "relu")):
        for number, source in enumerate(CLASS[exercise]):
            path = folder / f"student-{number}" / assignment / f"{exercise}.py"
            path.parent.mkdir(parents=True)
            path.write_text(source, encoding="utf-8")
            os.utime(path, (0, 0))
    return folder


def written(out: Path) -> dict[str, bytes]:
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def command(course: Path, submitted: Path, out: Path, *options: object) -> list[str]:
    words = ["--course", course, "grade", submitted, "--out", out, "--db", f"{out}.sqlite", *options]
    return [sys.executable, "-m", "grader.cli", *map(str, words)]


def until(there: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(processes: set[int]) -> set[int]:
    return {each for each in processes if Path(f"/proc/{each}").exists()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Path]) -> Iterator[DaskCluster]:
    """With TLS, and two workers."""
    made = DaskCluster(tmp_path_factory.mktemp("dask"), files)
    made.worker("one")
    made.worker("two")
    yield made
    made.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two exercises, one of which has a judge of its own."""
    return load_course(write_course(tmp_path_factory.mktemp("course") / "course", TEXT))


@pytest.fixture(scope="module")
def submissions(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Submission]:
    folder = written_class(tmp_path_factory.mktemp("submitted"))
    return [
        Submission(f"student-{number}", exercise.assignment, exercise.id, path, "")
        for number in range(3)
        for exercise in course.exercises()
        for path in [folder / f"student-{number}" / exercise.assignment / f"{exercise.id}.py"]
    ]


LACKING = """
from grader.sandbox import launch
CODE = "from grader.worker import lock; lock._landlock_abi = lambda: 0; import runpy; runpy.run_module('grader.worker', run_name='__main__', alter_sys=True)"
launch.COMMAND[-2:] = ["-c", CODE]
"""
"""For a node that finds itself on a kernel without Landlock."""


@linux
@pytest.mark.slow
@pytest.mark.sandbox
def test_a_class_is_graded_by_the_nodes_that_may_and_what_one_loses_another_does(
    dask: DaskCluster, files: dict[str, Path], tmp_path: Path
) -> None:
    """Reports, pages and grades are a local run's byte by byte, and nothing counts twice.

    Of four nodes one has another checkout, one lacks a layer that the run began with, and one is killed while it grades; each is
    named. What it started ends with it, and those that are not used start nothing.
    """
    root, submitted = write_course(tmp_path / "course", TEXT), written_class(tmp_path / "submitted")
    other = write_course(tmp_path / "other", TEXT)
    checks = other / "solutions" / "relu" / "dead_relu_input_checks.py"
    checks.write_text(f"{checks.read_text(encoding='utf-8')}# one more line\n", encoding="utf-8")
    dask.worker("elsewhere", course=other)
    dask.worker("bare", preload=LACKING)
    subprocess.run(command(root, submitted, tmp_path / "local", "--jobs", "2"), check=True, capture_output=True)
    tls = [f"--tls-{name}={path}" for name, path in files.items()]
    out = tmp_path / "out"
    run = subprocess.Popen(
        command(root, submitted, out, "--scheduler", dask.url, *tls), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )  # fmt: skip
    until(lambda: list((out / "reports").glob("*/*.json")) or run.poll() is not None)
    lost = processes_below(dask.nodes["one"].pid)
    assert lost
    dask.kill("one")
    _, said = run.communicate(timeout=300)
    assert run.returncode == 0, said
    assert "is gone; what it had not finished is graded again by others" in said
    assert "is not used: its checkout is another: course.yml or solutions/ are others there" in said
    assert "is not used: it isolates student code without landlock:files" in said
    assert said.count("is not used") == 2
    assert written(out) == written(tmp_path / "local")
    for table in ("result", "judgement", "edit"):
        counts = []
        for place in ("out", "local"):
            with closing(sqlite3.connect(tmp_path / f"{place}.sqlite")) as database:
                counts += database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert counts[0] == counts[1] > 0
    until(lambda: not alive(lost) and not any(processes_below(each.pid) for each in dask.nodes.values()))


@linux
@pytest.mark.slow
@pytest.mark.sandbox
def test_an_interrupt_ends_what_runs_on_the_nodes_and_keeps_what_was_finished(
    dask: DaskCluster, files: dict[str, Path], tmp_path: Path
) -> None:
    """A loop holds up nobody: a node gives back what waits behind it."""
    if "one" not in dask.nodes:  # which another test kills
        dask.worker("one")
    text = course_text("relu/dead_relu_input", limits="{cpu_seconds: 300, wall_seconds: 300}")
    root, submitted = write_course(tmp_path / "course", text), tmp_path / "submitted"
    for student, source in (("ada", "while True: pass\n"), ("zoe", reference("relu/dead_relu_input"))):
        (submitted / student / "relu").mkdir(parents=True)
        (submitted / student / "relu" / "dead_relu_input.py").write_text(source, encoding="utf-8")
    tls = [f"--tls-{name}={path}" for name, path in files.items()]
    run = subprocess.Popen(
        command(root, submitted, tmp_path / "out", "--scheduler", dask.url, *tls),
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    until(lambda: (tmp_path / "out" / "reports" / "zoe" / "relu.json").exists() or run.poll() is not None)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, "interrupted: what was finished is written" in said) == (130, True), said
    assert (tmp_path / "out" / "grades.csv").read_text().count("ACCEPTED") == 1
    until(lambda: not any(processes_below(each.pid) for each in dask.nodes.values()))


@pytest.mark.long
@linux
@pytest.mark.sandbox
def test_what_is_lost_is_said_and_what_comes_is_used(
    course: Course, submissions: list[Submission], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    """On loopback without TLS: no worker, a first one, one that takes its place, and no scheduler any more."""
    dask, address = DaskCluster(tmp_path, {}), None
    try:
        address, required = Address(dask.url), required_by(course)
        monkeypatch.setattr(nodes, "_MEETING", 1.0)
        with (
            Cluster(course, Keys(course), address, required) as made,
            pytest.raises(UsageError, match="has no workers: start some with `dask worker tcp://127"),
        ):
            made.start()
        dask.worker("first")
        monkeypatch.setattr(nodes, "_MEETING", 60.0)
        with Cluster(course, Keys(course), address, required) as made:
            graded = grade_class(course, Keys(course), submissions * 3, made)
            found = [next(graded)]
            dask.kill("first")
            dask.worker("second")
            found += list(graded)
            assert [one.report.verdict for group in found for one in group].count(Verdict.JUDGE_ERROR) == 0
            assert len(found) == 3 * len(submissions)
            assert "is gone" in caplog.text
            graded = grade_class(course, Keys(course), submissions * 3, made)
            next(graded)
            dask.scheduler.kill()
            with pytest.raises(GraderError, match="cannot be reached any more; what was finished is written"):
                list(graded)
    finally:
        dask.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("tls://head.example.org:8786", ""),
        ("tcp://127.0.0.1:8786", ""),
        ("tcp://[::1]:8786", ""),
        ("tcp://localhost:8786", ""),
        ("tcp://10.0.0.3:8786", "in the clear"),
        ("tcp://head.example.org:8786", "in the clear"),
        ("tcp://127.0.0.1.example.org:8786", "in the clear"),
        ("tcp://0.0.0.0:8786", "in the clear"),
        ("ws://127.0.0.1:8786", "write tls://HOST:PORT"),
        ("head.example.org:8786", "write tls://HOST:PORT"),
        ("tls://head.example.org", "write tls://HOST:PORT"),
        ("tls://head.example.org:port", "write tls://HOST:PORT"),
    ],
)
def test_an_address_is_encrypted_or_stays_on_the_machine(url: str, problem: str) -> None:
    """A scheduler's, and a node's."""
    assert problem in problem_with(url)
    assert (problem == "") == (problem_with(url) == "")
    if "in the clear" in problem:
        assert not is_private(url)
        with pytest.raises(UsageError, match="would cross the network in the clear"):
            Scheduler(Address(url))


@pytest.mark.slow
def test_a_cluster_that_cannot_be_used_is_refused_with_what_to_do(
    run, files: dict[str, Path], course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No certificates, broken ones, nobody there, no Dask, and options that are for something else."""
    monkeypatch.setattr(scheduler, "_CONNECTING", 0.5)
    (tmp_path / "submitted" / "ada").mkdir(parents=True)

    def refused(*options: object) -> str:
        ran = run("--course", course.root, "grade", tmp_path / "submitted", "--out", tmp_path / "out", *options)
        assert (ran.code, ran.out) == (2, "")
        return str(ran.err)

    tls = "--scheduler", "tls://127.0.0.1:1"
    assert (
        "tls:// needs certificates: give --tls-ca and --tls-cert (and --tls-key), or name them in Dask's own"
        in refused(*tls)
    )
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    of_files = [f"--tls-{name}={path}" for name, path in files.items()]
    assert "the certificates cannot be used" in refused(*tls, *of_files, f"--tls-cert={broken}")
    assert "the scheduler at tls://127.0.0.1:1 cannot be reached" in refused(*tls, *of_files)
    assert "the scheduler at tcp://127.0.0.1:1 cannot be reached" in refused("--scheduler", "tcp://127.0.0.1:1")
    assert "give --scheduler URL too" in refused(*of_files)
    assert "--jobs is for this machine" in refused("--scheduler", "tcp://127.0.0.1:1", "--jobs", "2")
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "--scheduler needs Dask, which is not installed: pip install distributed" in refused(
        "--scheduler", "tcp://127.0.0.1:1"
    )


def join_of(course: Course, **changes: object) -> Join:
    required = required_by(course)
    join = Join("a run", os.fsencode(course.root), checkout_of(course), required, course.repair)
    return msgspec.structs.replace(join, **changes)


def told(message: Meet | Exchange | End) -> node_messages.Reply:
    return node_messages.answer(node.answer(node_messages.frame(message)))


def found_of(join: Join, work: messages.Work) -> node_messages.Reply:
    """What a node says of one task."""
    tasks: tuple[tuple[int, bytes], ...] = ((7, messages.frame(work)),)
    while True:
        reply = told(Exchange(join, 1, tasks))
        if not isinstance(reply, Found):
            return reply
        if reply.each:
            ((number, data),) = reply.each
            assert number == 7
            return node_messages.answer(data)
        tasks = ()


@given(st.binary(max_size=60) | st.sampled_from([b"\x01\0\0\0\x80", node_messages.frame(End("x")) * 2]))
def test_a_node_answers_whatever_it_is_sent_and_raises_nothing(data: bytes) -> None:
    """What it raised would be pickled."""
    assert isinstance(node_messages.answer(node.answer(data)), messages.Failed)


@linux
@pytest.mark.slow
def test_a_node_meets_a_run_that_has_its_checkout_and_asks_for_the_isolation_that_it_has(
    course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with executor(course, Keys(course), 1, required_by(course)) as here:
        met = told(Meet(join_of(course)))
        assert isinstance(met, Met)
        assert met.layers == here.start()
    future = told(Meet(join_of(course, required=(("a layer of the future",),))))
    assert isinstance(future, Refused)
    assert "does not isolate student code: a layer of the future missing" in future.problem
    mine = checkout_of(course)
    for field, said in (
        ("grader", "grader is"), ("numpy", "numpy is 1 there and"), ("torch", "torch is 1 there and missing here"),
    ):  # fmt: skip
        assert said in "; ".join(differences(msgspec.structs.replace(mine, **{field: "1"}), mine))
    assert list(differences(msgspec.structs.replace(mine, missing=("scipy",)), mine)) == ["scipy not installed there"]
    assert list(differences(mine, msgspec.structs.replace(mine, missing=("scipy",)))) == []
    absent = told(Meet(join_of(course, root=os.fsencode(tmp_path / "nowhere"))))
    assert isinstance(absent, Refused)
    assert "GRADER_COURSE names the course's folder on a node" in absent.problem
    monkeypatch.setenv("GRADER_COURSE", str(course.root))
    assert isinstance(told(Meet(join_of(course, root=b"/nowhere"))), Met)


@linux
@pytest.mark.slow
def test_what_a_node_is_sent_is_held_to_its_name_and_a_run_that_says_nothing_is_let_go(
    course: Course, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the run was killed. One that has said that it ends begins nothing any more."""
    keys, join, before = Keys(course), join_of(course), processes_below(os.getpid())
    task = task_of(answers(course, keys, submissions[1:2]))
    (wanted,) = task.given
    key = messages.Key(wanted.digest, keys.packed(wanted.key, judges=False), kept=True)
    work = messages.work_of(task, (key,))
    for false in (
        msgspec.structs.replace(work, keys=(messages.Key(key.name, key.data.replace(b"claim", b"clarm"), kept=True),)),
        msgspec.structs.replace(work, keys=(messages.Key("0" * 64, key.data, kept=True),)),
        msgspec.structs.replace(work, contents={wanted.content: b"def dead_relu_input(W, b): return 0\n"}),
    ):
        found = found_of(join, false)
        assert isinstance(found, messages.Failed)
    unsent = messages.work_of(task, (), {wanted.content})
    assert found_of(msgspec.structs.replace(join, run="another"), unsent) == Lacking((wanted.digest, wanted.content))
    graded = found_of(join, work)
    assert isinstance(graded, messages.Graded)
    assert found_of(join, unsent) == graded
    assert processes_below(os.getpid(), but=before)
    monkeypatch.setattr(node, "_SILENT", 0.1)
    until(lambda: not processes_below(os.getpid(), but=before))
    assert found_of(join, unsent) == Lacking((wanted.digest, wanted.content))
    told(End(join.run))
    assert found_of(join, work) == Refused(socket.gethostname(), "the run has ended")


class Nodes:
    """A scheduler of two nodes in this process, which do what a test says."""

    url = "tcp://127.0.0.1:8786"

    def __init__(self, _: Address) -> None:
        self._threads = ThreadPoolExecutor(8)
        self.sent: list[tuple[str, bytes]] = []

    def nodes(self) -> dict[str, int]:
        return {"tcp://127.0.0.1:1": 1, "tcp://127.0.0.1:2": 1}

    @staticmethod
    def does(address: str, frame: bytes) -> bytes:
        request = node_messages.request(frame)
        if isinstance(request, Exchange):  # in one process, the two have their own parts in a run
            own = msgspec.structs.replace(request.join, run=request.join.run + address)
            frame = node_messages.frame(msgspec.structs.replace(request, join=own))
        return node.answer(frame)

    def ask(self, address: str, frame: bytes):
        self.sent.append((address, frame))
        return self._threads.submit(self.does, address, frame)

    def heard(self, asked) -> bytes:
        return asked.result()

    def give_up(self, asked) -> None:
        pass

    def tell(self, addresses, frame: bytes) -> None:
        request = node_messages.request(frame)
        assert isinstance(request, End)
        for address in addresses:
            told(End(request.run + address))

    def close(self) -> None:
        self._threads.shutdown()

    def work(self) -> list[tuple[str, messages.Work]]:
        """The tasks that were sent, and where."""
        requests = [(address, node_messages.request(frame)) for address, frame in self.sent]
        exchanges = [(address, request) for address, request in requests if isinstance(request, Exchange)]
        return [(address, node_messages.task(data)) for address, request in exchanges for _, data in request.tasks]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "Scheduler", Nodes)


def of(made: Cluster) -> Nodes:
    assert isinstance(made._scheduler, Nodes)
    return made._scheduler


@pytest.mark.long
@linux
@pytest.mark.parametrize("individual", [False, True], ids=["shared", "individual"])
@pytest.mark.usefixtures("two")
def test_keys_and_answers_are_sent_once_to_each_node_without_the_judges_that_it_has_itself(
    submissions: list[Submission], tmp_path: Path, individual: bool  # noqa: FBT001
) -> None:  # fmt: skip
    """A key of individual inputs goes with the answer that it is for. What comes of it is what comes of it here."""
    course = load_course(write_course(tmp_path, f"{TEXT}individual: {str(individual).lower()}\n"))
    keys = Keys(course)
    with executor(course, keys, 1, required_by(course)) as here:
        local = sorted(grade_class(course, keys, submissions, here), key=repr)
    with Cluster(course, keys, Address(Nodes.url), required_by(course)) as made:
        for _ in range(2):
            assert sorted(grade_class(course, keys, submissions, made), key=repr) == local
        sent = [(address, key) for address, work in of(made).work() for key in work.keys]
        contents = [(address, name) for address, work in of(made).work() for name in work.contents]
    assert len(set(contents)) == len(contents) >= len(submissions) - 1  # two have the same
    assert {key.kept for _, key in sent} == {not individual}
    assert individual or len({(address, key.name) for address, key in sent}) == len(sent) <= 2 * len(course.exercises())
    assert [judges for _, key in sent for _, judges in [decode_kept(key.data)] if judges] == []


@pytest.mark.usefixtures("two")
def test_a_node_that_is_lost_each_time_costs_that_answer_alone_and_one_that_lacks_a_key_is_sent_it_again(
    course: Course, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And one that refuses in the middle is not used any more."""
    keys = Keys(course)
    tasks = [task_of([each]) for each in answers(course, keys, submissions)]
    unlucky, lacked = (each.given[0].content for each in tasks[2:4])
    seen = set()

    def does(address: str, frame: bytes) -> bytes:
        request = node_messages.request(frame)
        if isinstance(request, Meet):
            return node_messages.frame(Met("a host", ("a layer",)))
        assert isinstance(request, Exchange)
        done: list[tuple[int, bytes]] = []
        for number, data in request.tasks:
            names = [name for each in node_messages.task(data).answers for name in (each.content, each.key)]
            if unlucky in names:
                raise LostError("it is gone")
            if address.endswith("2"):
                return node_messages.frame(Refused("a host", "its checkout has changed"))
            lacks = lacked in names and lacked not in seen
            seen.update(names)
            reply = Lacking(tuple(names)) if lacks else messages.Graded(())
            done.append((number, node_messages.frame(reply)))
        return node_messages.frame(Found(tuple(done)))

    monkeypatch.setattr(Nodes, "does", staticmethod(does))
    with caplog.at_level(logging.WARNING, "grader"), Cluster(course, keys, Address(Nodes.url), ()) as made:
        assert made.start() == ("a layer",)
        (lost,) = made.grade(tasks.pop(2))
        assert (lost.result.verdict, lost.lasting) == (Verdict.JUDGE_ERROR, False)
        assert "was lost, 3 times in a row" in lost.result.fault
        for _ in range(20):  # both nodes have been asked then
            assert [found for _, found in made.run((str(each), each) for each in tasks)] == [()] * len(tasks)
        asked = [
            work
            for address, work in of(made).work()
            if lacked in {each.content for each in work.answers} and address.endswith("1")
        ]
    assert asked[1].keys
    assert asked[1].contents
    assert not asked[2].keys
    assert caplog.text.count("its checkout has changed") == 1


@pytest.mark.slow
@pytest.mark.usefixtures("two")
def test_a_run_whose_last_node_is_lost_ends_and_says_why(
    course: Course, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, there = Keys(course), {"tcp://127.0.0.1:1": 1, "tcp://10.0.0.2:1": 1}
    given_up = threading.Event()

    def does(_: str, frame: bytes) -> bytes:
        if isinstance(node_messages.request(frame), Meet):
            return node_messages.frame(Met("a host", ("a layer",)))
        there.pop("tcp://127.0.0.1:1", None)
        given_up.wait(60)
        raise LostError("cancelled")

    monkeypatch.setattr(Nodes, "does", staticmethod(does))
    monkeypatch.setattr(Nodes, "nodes", lambda _: dict(there))
    monkeypatch.setattr(Nodes, "give_up", lambda *_: given_up.set())
    monkeypatch.setattr(nodes, "_MEETING", 2.0)
    with Cluster(course, keys, Address(Nodes.url), ()) as made:
        assert made.start() == ("a layer",)
        with pytest.raises(
            UsageError,
            match=r"no node .* can be used: tcp://10\.0\.0\.2:1: .* in the clear; .*; what was finished is written",
        ):
            list(made.run((each, task_of([each])) for each in answers(course, keys, submissions)))


def answers(course: Course, keys: Keys, submissions: list[Submission]) -> list[Answer]:
    reader = Reader(course, keys, ())
    return [reader.with_key(each) for each in reader.answers(submissions)]
