"""The corpus of attacks: each gets the verdict that it deserves, reads nothing, changes nothing and disturbs nobody.

An attack is a student's file below tests/attacks/hostile/<threat>/. Its docstring says what it tries and, in lines of their own,
the `verdict` it must get, as a file and in the cells of a notebook, the `exercise` where that is not manual_jacobian, and what it `needs` (x86_64: it calls the
kernel by numbers; mounts: it would succeed without that layer). `@course@`, `@submitted@`, `@canaries@`, `@port@` and
`@abstract@` stand for what a well-informed attacker knows. An attack on what it may not do answers rightly unless it
succeeds: ACCEPTED then proves that it did not.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import platform
import pwd
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course
from grader.grading.attempt import Attempt, attempt, run_and_judge
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.judging.verdicts import Verdict
from grader.reports.feedback import feedback_page
from grader.reports.report import ExerciseReport, Provenance, Report
from grader.sandbox import launch
from grader.sandbox.layers import IN_A_CONTAINER, missing
from grader.sandbox.sandbox import Sandbox
from grader.submissions.program import read_program
from grader.submissions.submission import Submission
from grader.wire.messages import Chunk, Raised
from grader.wire.values import arrays
from reports import NOW
from repository import ROOT, SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.model import Course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the isolation that is attacked here is Linux's")

CORPUS = ROOT / "tests" / "attacks" / "hostile"
THREATS = ("forge", "read", "tamper", "exhaust", "escape", "exfiltrate", "inject")
SMALL_COURSE = """\
title: A course under attack
seed: 20270301
limits: {cpu_seconds: 1, wall_seconds: 2, memory_mb: 200, output_bytes: 20000}
repair: {variants: 30, seconds: 600}
assignments:
  - {id: jacobians, title: Jacobians, exercises: [manual_jacobian]}
  - {id: activations, title: Activations, exercises: [sigmoid_stable, sigmoid_saturation_written, dead_relu_input]}
  - {id: backprop, title: Backpropagation, exercises: [backprop_batch, backprop_single]}
"""
EXERCISES = {
    "manual_jacobian": "jacobians",
    "sigmoid_stable": "activations",
    "sigmoid_saturation_written": "activations",
    "dead_relu_input": "activations",
    "backprop_batch": "backprop",
    "backprop_single": "backprop",
}
NOON = 1795348800
LONG_AGO = 10**9
NOBODY = 65534


@dataclass(frozen=True)
class Attack:
    """A file of the corpus."""

    name: str
    source: str
    verdict: Verdict
    exercise: str
    needs: frozenset[str]

    @property
    def threat(self) -> str:
        return self.name.partition("/")[0]


def read_attack(path: Path) -> Attack:
    source = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source)) or ""
    said = dict(re.findall(r"^(verdict|exercise|needs): (.+)$", docstring, re.MULTILINE))
    name = path.relative_to(CORPUS).with_suffix("").as_posix()
    needs = frozenset(said.get("needs", "").split())
    return Attack(name, source, Verdict(said["verdict"]), said.get("exercise", "manual_jacobian"), needs)


ATTACKS = [read_attack(path) for path in sorted(CORPUS.glob("*/*.py"))]
HERE = [attack for attack in ATTACKS if "x86_64" not in attack.needs or platform.machine() == "x86_64"]


def canary(label: str) -> str:
    """A text that is nowhere else."""
    return f"canary-{hashlib.sha256(label.encode()).hexdigest()[:16]}"


SECRET_VARIABLE = {"COURSE_TOKEN": canary("environment")}
EVERY_CANARY = re.compile(r"canary-[0-9a-f]{16}")


class World:
    """A course, and beside it what must stay unread: a tree of canaries, listeners, and a secret in the environment."""

    def __init__(self, root: Path) -> None:
        self.root, self.course_folder, self.canaries = root, root / "course", root / "canaries"
        for exercise, assignment in EXERCISES.items():
            name = f"{assignment}/{exercise}"
            for suffix in (".py", "_checks.py"):
                target = self.course_folder / "solutions" / f"{name}{suffix}"
                target.parent.mkdir(parents=True, exist_ok=True)
                source = next(SOLUTIONS.glob(f"*/{exercise}{suffix}")).read_text(encoding="utf-8")
                target.write_text(f'{source}\n\nSECRET = "{canary(target.name)}"\n', encoding="utf-8")
        for shared in SOLUTIONS.glob("*.py"):
            shutil.copy(shared, self.course_folder / "solutions")
        (self.course_folder / "course.yml").write_text(f"# {canary('course.yml')}\n{SMALL_COURSE}")
        for name in (
            "solutions/manual_jacobian.py", "results/grades.csv", "results/reports/alice/jacobians.json",
            "submitted/alice/jacobians/manual_jacobian.py", "home/.netrc", "home/.ssh/id_ed25519", "home/.bash_history",
        ):  # fmt: skip
            path = self.canaries / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{canary(name)}\n")
            # A read is recorded where the file was last read before it was last written.
            os.utime(path, (LONG_AGO, NOON))
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.abstract_name = f"grader-test-{os.getpid()}"
        self.abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.abstract.bind(f"\0{self.abstract_name}")
        self.unix = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.unix.bind(str(self.canaries / "socket"))

    def close(self) -> None:
        for listener in (self.tcp, self.udp, self.abstract, self.unix):
            listener.close()
        shutil.rmtree(self.root)

    def informed(self, source: str, submitted: Path) -> str:
        """An attack that knows where everything is."""
        for name, value in {
            "course": self.course_folder, "canaries": self.canaries, "submitted": submitted,
            "port": self.port, "abstract": self.abstract_name,
        }.items():  # fmt: skip
            source = source.replace(f"@{name}@", str(value))
        return source

    def heard(self) -> list[str]:
        """The listeners that were reached."""
        listeners = {"tcp": self.tcp, "udp": self.udp, "abstract": self.abstract, "unix": self.unix}
        ready, _, _ = select.select(list(listeners.values()), [], [], 0)
        return [name for name, listener in listeners.items() if listener in ready]


def state(*folders: Path) -> dict[str, tuple[object, ...]]:
    """All there is to see of every file: type, mode, owner, times, size and content."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(path for folder in folders for path in (folder, *folder.rglob("*"))):
        status = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path)] = (
            status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, status.st_ctime_ns, status.st_nlink, content
        )  # fmt: skip
    return found


def last_read(folder: Path) -> dict[str, int]:
    """When each file was last read, as far as the mount records it."""
    return {str(path): path.stat().st_atime_ns for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="grader-hostile-"))
    folder.chmod(0o755)  # pytest's own folders are closed to `nobody`
    made = World(folder)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def course(world: World) -> Course:
    return load_course(world.course_folder)


@pytest.fixture(scope="module")
def keys(course: Course) -> Keys:
    found = Keys(course)
    assert not found.faults(course.exercises())
    return found


def reference(exercise: str) -> str:
    (path,) = SOLUTIONS.glob(f"*/{exercise}.py")
    return path.read_text(encoding="utf-8")


def grade_one(sandbox: Sandbox, course: Course, keys: Keys, exercise: str, source: str) -> Attempt:
    (chosen,) = course.select(exercise=exercise).exercises()
    program = (Chunk(f"{exercise}.py", source),)
    return run_and_judge(sandbox, chosen, keys.of(chosen), program, own_judge=keys.own_judge)


WITHOUT_A_LAYER = {
    "namespaces": "from grader.worker import namespaces; namespaces.available = lambda: False",
    "landlock": "from grader.worker import lock; lock._landlock_abi = lambda: 0",
}
"""What a worker runs before its own code, to find itself on a machine that lacks a layer."""


@pytest.fixture(scope="module")
def weaker() -> Iterator[dict[str, Sandbox]]:
    """A sandbox for each layer that can be lacking while the baseline holds."""
    found = {}
    for layer, patch in WITHOUT_A_LAYER.items():
        code = f"{patch}\nimport runpy; runpy.run_module('grader.worker', run_name='__main__', alter_sys=True)"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(launch, "COMMAND", [*launch.COMMAND[:-2], "-c", code])
            found[layer] = Sandbox()
            found[layer].start()
    yield found
    for sandbox in found.values():
        sandbox.close()


def test_the_corpus_covers_every_threat() -> None:
    """At least 190 attacks, some on each row, and each says what it tries."""
    assert len(ATTACKS) >= 190
    assert {attack.threat for attack in ATTACKS} == set(THREATS)
    for attack in ATTACKS:
        first = (ast.get_docstring(ast.parse(attack.source)) or "").splitlines()[0]
        assert first.endswith((".", ":")), attack.name
    assert {attack.verdict for attack in ATTACKS} >= set(Verdict) - {Verdict.JUDGE_ERROR, Verdict.NOT_ATTEMPTED}


NOWHERE = Provenance(seed=None, key="", grader="", python="", numpy="", isolation=(), limits={})


def page_of(found: Attempt) -> str:
    """The student's page."""
    return feedback_page(Report.of("attacker", "jacobians", [ExerciseReport.about(found.result, "", NOWHERE)]), NOW)


def told(found: Attempt) -> str:
    """Everything that a run of one exercise leaves: the result, the student's page, outcomes and output."""
    page = page_of(found)
    values = [outcome.value for group in found.outcomes for outcome in group if hasattr(outcome, "value")]
    raw = b"".join(array.data[: 10**6] for value in values for array in arrays(value)).decode("latin-1")
    small = [outcome for group in found.outcomes for outcome in group if len(repr(outcome)[: 10**6]) < 10**6]
    return f"{found.result}{page}{small}{raw}{found.printed}"


def check_alone(sandbox: Sandbox, course: Course, keys: Keys, world: World, attack: Attack) -> None:
    """One attack between two honest answers, in one worker."""
    honest = grade_one(sandbox, course, keys, attack.exercise, reference(attack.exercise))
    assert honest.result.verdict is Verdict.ACCEPTED
    before, unread = state(world.course_folder, world.canaries), last_read(world.canaries)
    began = time.monotonic()
    source = world.informed(attack.source, world.canaries / "submitted")
    found = grade_one(sandbox, course, keys, attack.exercise, source)
    assert time.monotonic() - began < 20, "the limit did not come on time"
    assert found.result.verdict is attack.verdict, [(check.name, check.feedback) for check in found.result.checks]
    assert not EVERY_CANARY.search(told(found))
    assert last_read(world.canaries) == unread
    assert state(world.course_folder, world.canaries) == before
    assert world.heard() == []
    assert grade_one(sandbox, course, keys, attack.exercise, reference(attack.exercise)) == honest


@pytest.fixture(scope="module")
def strong() -> Iterator[Sandbox]:
    """A sandbox with all layers; in the environment that it starts from is a secret."""
    with pytest.MonkeyPatch.context() as patched, Sandbox() as sandbox:
        for name, value in SECRET_VARIABLE.items():
            patched.setenv(name, value)
        yield sandbox


@pytest.mark.parametrize("attack", HERE, ids=lambda attack: attack.name)
def test_an_attack_on_its_own_gets_the_verdict_it_deserves(
    attack: Attack, strong: Sandbox, world: World, course: Course, keys: Keys
) -> None:
    """With all layers, after whatever other attacks have left; canaries are unread and unchanged, the next answer judged alike."""
    if "mounts" in attack.needs and "mounts" not in strong.start().layers:
        pytest.skip("this machine offers no mount namespace")
    check_alone(strong, course, keys, world, attack)


@pytest.mark.parametrize("layer", WITHOUT_A_LAYER)
@pytest.mark.parametrize(
    "attack", [attack for attack in HERE if attack.threat != "exhaust"], ids=lambda attack: attack.name
)
def test_no_attack_gains_from_a_layer_that_is_lacking(
    attack: Attack, layer: str, weaker: dict[str, Sandbox], world: World, course: Course, keys: Keys
) -> None:
    """Where the baseline holds, the same attacks get the same verdicts without namespaces, and without Landlock."""
    if layer == "namespaces" and "mounts" in attack.needs:
        pytest.skip("this attack is one on the layer of mounts")
    if layer == "landlock" and "mounts" not in weaker[layer].start().layers:
        pytest.skip("this machine offers no mount namespace, and so no baseline without Landlock")
    check_alone(weaker[layer], course, keys, world, attack)


LEFT_TO_EVERYBODY = {
    "escape/out_of_its_root", "read/devices", "read/home", "read/libraries_of_the_system", "read/packages_of_the_grader",
    "read/packages_of_the_system", "read/proc_of_other_processes", "read/system_files",
}  # fmt: skip
"""The attacks that find something in such a container: accounts, command lines, the system's libraries, the grader's own sources."""


@pytest.fixture(scope="module")
def container(world: World, container_python: Path) -> Iterator[Sandbox]:
    """A sandbox without namespaces and Landlock, whose worker becomes another user; what is root's is closed to that one."""
    code = f"{chr(10).join(WITHOUT_A_LAYER.values())}\nimport runpy; runpy.run_module('grader.worker', run_name='__main__', alter_sys=True)"
    for folder in (world.course_folder, world.canaries):
        folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(launch, "COMMAND", [str(container_python), *launch.COMMAND[1:-2], "-c", code])
        found = Sandbox()
        found.start()
    yield found
    found.close()
    for folder in (world.course_folder, world.canaries):
        folder.chmod(0o755)


@pytest.mark.parametrize(
    "attack", [attack for attack in HERE if attack.threat != "exhaust"], ids=lambda attack: attack.name
)
def test_no_attack_gains_in_a_container_as_another_user(
    attack: Attack, container: Sandbox, world: World, course: Course, keys: Keys
) -> None:
    """As on Gradescope: root, with neither namespaces nor Landlock. What every user may read is read, and no canary."""
    assert missing(container.start().layers, IN_A_CONTAINER) == ()
    assert not {"mounts", "landlock:files"} & set(container.layers)
    if "mounts" in attack.needs:
        pytest.skip("this attack is one on the layer of mounts")
    if attack.name in LEFT_TO_EVERYBODY:
        attack = replace(attack, verdict=Verdict.WRONG_ANSWER)
    check_alone(container, course, keys, world, attack)


AS_A_NOTEBOOK: dict[str, tuple[Verdict, str]] = {}
"""The attacks that get another verdict as a notebook, and why."""


def as_notebook(source: str) -> str:
    """A notebook of two cells: the docstring and imports that a source begins with, and the rest; of one without these."""
    lines, tree = source.splitlines(keepends=True), ast.parse(source)
    head = 0
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom) and statement is not tree.body[0]:
            break
        head = statement.end_lineno or head
    cells = [cell for cell in ("".join(lines[:head]), "".join(lines[head:])) if cell.strip()]
    return json.dumps({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [{"cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [], "execution_count": None,
                   "source": cell} for number, cell in enumerate(cells)],
    })  # fmt: skip


@pytest.fixture(scope="module")
def one_worker() -> Iterator[Pool]:
    with Pool() as pool:
        yield pool


@pytest.mark.long
@pytest.mark.parametrize("attack", HERE, ids=lambda attack: attack.name)
def test_an_attack_in_a_notebook_gets_the_verdict_of_the_file(
    attack: Attack, one_worker: Pool, world: World, course: Course, keys: Keys, tmp_path: Path
) -> None:
    """In its cells; all in one worker, one after the other, and what comes back holds nothing either."""
    if "mounts" in attack.needs and "mounts" not in one_worker.start():
        pytest.skip("this machine offers no mount namespace")
    path = tmp_path / f"{attack.exercise}.ipynb"
    path.write_text(as_notebook(world.informed(attack.source, world.canaries / "submitted")), encoding="utf-8")
    (exercise,) = course.select(exercise=attack.exercise).exercises()
    before, unread = state(world.course_folder, world.canaries), last_read(world.canaries)
    submission = Submission("attacker", exercise.assignment, exercise.id, path, "")
    with one_worker.bench() as bench:
        found = attempt(bench, exercise, keys.of(exercise), read_program(submission), {}, keys.own_judge)
    expected, _ = AS_A_NOTEBOOK.get(attack.name, (attack.verdict, ""))
    assert found.result.verdict is expected, [(check.name, check.feedback) for check in found.result.checks]
    page = page_of(found)
    assert "LEAK" not in page
    assert not {secret for secret in hidden(course, keys) if secret in page}
    assert not EVERY_CANARY.search(told(found))
    assert last_read(world.canaries) == unread
    assert state(world.course_folder, world.canaries) == before


@pytest.mark.parametrize("name", ["line_among_empty_lines", "line_of_a_long_file"])
def test_of_a_hidden_check_no_line_is_told_that_is_one_of_very_many(name: str, course: Course, keys: Keys) -> None:
    """An empty line is not one that raised, and of more than 256 lines of code none is told: 8 bits at the most."""
    (attack,) = (attack for attack in ATTACKS if attack.name == f"exfiltrate/{name}")
    with Sandbox() as sandbox:
        found = grade_one(sandbox, course, keys, attack.exercise, attack.source)
    raised = [outcome for group in found.outcomes for outcome in group if isinstance(outcome, Raised)]
    assert raised
    assert max(outcome.line for outcome in raised) > 20, "the attack did what it could"
    for check in found.result.checks:
        assert "line" not in check.feedback


def hand_in(submitted: Path, student: str, sources: Iterable[tuple[str, str]]) -> None:
    for exercise, source in sources:
        path = submitted / student / EXERCISES[exercise] / f"{exercise}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        os.utime(path, (NOON, NOON))


def make_class(world: World, name: str, attacks: list[Attack]) -> Path:
    """Honest students who hand in everything, with an attacker after each but the last."""
    submitted = world.root / name
    honest = [(exercise, reference(exercise)) for exercise in EXERCISES]
    for index, attack in enumerate(attacks):
        hand_in(submitted, f"{index:03}-honest", honest)
        source = world.informed(attack.source, submitted)
        hand_in(submitted, f"{index:03}-{attack.name.replace('/', '-')}", [(attack.exercise, source)])
    hand_in(submitted, f"{len(attacks):03}-honest", honest)
    return submitted


def grade_class(world: World, submitted: Path, out: Path, jobs: int, user: int | None) -> str:
    """Grade with the command, as another user where `user` says so; gives what it printed."""
    record = out.with_name(f"{out.name}-record")
    for folder in (out, record):
        folder.mkdir()
        if user is not None:
            os.chown(folder, user, user)
    ran = subprocess.run(
        [sys.executable, "-m", "grader.cli", "--course", world.course_folder, "grade", submitted, "--out", out,
         "--jobs", str(jobs), "--db", record / "record.sqlite"],
        capture_output=True, timeout=300, check=False, user=user, group=user, extra_groups=[] if user else None,
        cwd=world.course_folder,
        env={**os.environ, **SECRET_VARIABLE, "HOME": str(world.canaries / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    said = ran.stdout.decode() + ran.stderr.decode()
    assert ran.returncode == 0, said
    return said


def results_of(out: Path, students: Iterable[str]) -> dict[str, bytes]:
    """The files of some students, and their lines of the gradebook."""
    names = set(students)
    files = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for student in names
        for path in (*out.glob(f"reports/{student}/*"), *out.glob(f"feedback/{student}/*"))
    }
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.reader(file) if line[0] in names]
    return {**files, "grades.csv": repr(lines).encode()}


def can_run_python(user: int) -> bool:
    """Whether that user may be become, and may then run this Python and the grader."""
    if os.getuid() != 0:
        return False
    pwd.getpwuid(user)
    code = "import grader.cli.main, numpy"
    try:
        return subprocess.run([sys.executable, "-c", code], user=user, group=user, extra_groups=[], cwd="/",
                              capture_output=True, check=False).returncode == 0  # fmt: skip
    except OSError:
        return False


@pytest.fixture(scope="module")
def undisturbed(world: World) -> dict[str, bytes]:
    """The results of a class of honest students alone, as many as stand between the attackers of any threat."""
    submitted = make_class(world, "undisturbed", [])
    largest = max(sum(attack.threat == threat for attack in HERE) for threat in THREATS)
    for index in range(1, largest + 1):
        shutil.copytree(submitted / "000-honest", submitted / f"{index:03}-honest")
    grade_class(world, submitted, world.root / "undisturbed-results", 1, None)
    return results_of(world.root / "undisturbed-results", [path.name for path in submitted.iterdir()])


def without_own_lines(path: Path) -> str:
    """A file without the lines of a program: an attack names its leak.

    A page shows the answer, and an edit that makes it right repeats lines for the instructor.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return re.sub(r'<pre class="listing">.*?</pre>', "", text, flags=re.DOTALL)
    if path.suffix != ".json":
        return text
    report = json.loads(text)
    for check in (check for exercise in report["exercises"] for check in exercise["checks"] if check["diagnosis"]):
        del check["diagnosis"]["edit"]
    return json.dumps(report, ensure_ascii=False)


@pytest.mark.long
@pytest.mark.parametrize("threat", THREATS)
@pytest.mark.parametrize(("jobs", "as_nobody"), [(1, False), (2, True)], ids=["jobs1", "jobs2-nobody"])
def test_honest_students_between_attackers_get_the_bytes_they_get_without_them(
    threat: str,
    jobs: int,
    *,
    as_nobody: bool,
    world: World,
    course: Course,
    keys: Keys,
    undisturbed: dict[str, bytes],
) -> None:
    """Reports, feedback and gradebook lines; with two jobs also as an ordinary user, where this one may become that.

    Of the attackers' own results: the verdicts are those they get alone, no canary and no hidden input is in any file
    or on the terminal, and nothing there is markup or drives a terminal.
    """
    attacks = [attack for attack in HERE if attack.threat == threat]
    name = f"{threat}-{jobs}"
    submitted, out = make_class(world, name, attacks), world.root / f"{name}-results"
    before, unread = state(world.course_folder, world.canaries, submitted), last_read(world.canaries)
    said = grade_class(world, submitted, out, jobs, NOBODY if as_nobody and can_run_python(NOBODY) else None)
    assert state(world.course_folder, world.canaries, submitted) == before
    assert last_read(world.canaries) == unread
    assert world.heard() == []

    secrets = hidden(course, keys)
    honest = [f"{index:03}-honest" for index in range(len(attacks) + 1)]
    found = results_of(out, honest)
    assert len(found) == 6 * len(honest) + 1
    expected = {file: undisturbed[file] for file in found if file != "grades.csv"}
    assert {file: data for file, data in found.items() if file != "grades.csv"} == expected
    lines = ast.literal_eval(found["grades.csv"].decode())
    assert lines == [line for line in ast.literal_eval(undisturbed["grades.csv"].decode()) if line[0] in set(honest)]
    assert all(line[5] == "ACCEPTED" and float(line[3]) > 0 for line in lines)
    written = {line[2] for line in lines if line[3] != line[4]}
    assert written == {"sigmoid_saturation_written"}  # which waits for a person

    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        verdicts = {(line["student"], line["exercise"]): line["verdict"] for line in csv.DictReader(file)}
    for index, attack in enumerate(attacks):
        student = f"{index:03}-{attack.name.replace('/', '-')}"
        assert verdicts[student, attack.exercise] == attack.verdict, attack.name
        check_pages(out, student, secrets)
    everything = said + "".join(without_own_lines(path) for path in sorted(out.rglob("*")) if path.is_file())
    assert not EVERY_CANARY.search(everything)
    assert "LEAK" not in everything
    assert driving(said) == set()


def hidden(course: Course, keys: Keys) -> set[str]:
    """The first digits of every hidden input, as they would be printed."""
    found = set()
    for key in map(keys.of, course.exercises()):
        for check in key.checks:
            for case in check.cases if not check.public else ():
                for array in (array for argument in case.args for array in arrays(argument)):
                    texts = (repr(float(number)) for number in array.numpy().ravel())
                    # A hidden 0.5 or 3.0 is no secret, and a number of few digits may be anywhere.
                    found |= {text.lstrip("-")[:9] for text in texts if len(text) > 12}
    return found


def check_pages(out: Path, student: str, secrets: set[str]) -> None:
    """A student's own files hold no hidden input, no markup and no control characters."""
    pages = [path.read_text(encoding="utf-8") for path in (out / "feedback" / student).iterdir()]
    reports = [path.read_text(encoding="utf-8") for path in (out / "reports" / student).iterdir()]
    for text in (*pages, *reports):
        assert not {secret for secret in secrets if secret in text}, student
        assert driving(text) == set(), student
    for page in pages:
        assert not re.search(r'<(script|b)\b|<img (?!alt="[^"]*" src="data:image/svg)', page), student
        assert page.count("</p>") == len(re.findall(r"<p[ >]", page)), student


def driving(text: str) -> set[str]:
    """The characters of a text that can drive a terminal or turn its direction."""
    return {character for character in text if unicodedata.category(character) in {"Cc", "Cf"}} - {"\n"}
