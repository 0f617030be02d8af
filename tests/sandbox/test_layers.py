"""The layers: which there are, what the kernel says of them, and what happens where one is missing; nothing is left behind."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course_yml import load_course
from grader.errors import UsageError
from grader.grading.classes import grade_class
from grader.grading.keys import Keys
from grader.grading.pool import required_by
from grader.grading.processes import executor
from grader.judging.verdicts import Verdict
from grader.reports.report import Report
from grader.sandbox import cgroup, launch, seccomp, workers
from grader.sandbox.layers import LAYERS, missing, require
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox, WorkerError
from grader.submissions.find import Submission
from grader.wire.messages import Call, Chunk, Load, Outcome, Returned
from grader.wire.values import pack, unpack
from grader.worker.lock import readable_roots, shared_objects
from repository import ROOT, SOLUTIONS, course_text, reference, write_course

if TYPE_CHECKING:
    from grader.course.model import Course

linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

RIGHT = reference("jacobians/manual_jacobian")
SMALL_COURSE = course_text("jacobians/manual_jacobian", limits="{cpu_seconds: 1, wall_seconds: 1}")
LIMITS = Limits(cpu_seconds=2, wall_seconds=5.0, memory_mb=300)
BASELINE = {"landlock:files", "seccomp", "rlimits"}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """One of the real exercises."""
    return load_course(write_course(tmp_path / "course", SMALL_COURSE))


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch):
    """Workers that find themselves without some layers: code that each runs before its own."""
    patches = {
        "landlock": "lock._landlock_abi = lambda: 0", "namespaces": "namespaces.available = lambda: False",
        # As where the kernel, or a container's own filter, refuses prctl(PR_SET_SECCOMP).
        "filters": "import pyseccomp; f = pyseccomp.SyscallFilter(pyseccomp.ALLOW); "
        "f.add_rule(pyseccomp.ERRNO(22), 'prctl', pyseccomp.Arg(0, pyseccomp.EQ, 22)); f.load()",
    }  # fmt: skip

    def lack(*layers: str) -> None:
        code = "\n".join([
            "from grader.worker import lock, namespaces", *(patches[layer] for layer in layers if layer in patches),
            "import runpy; runpy.run_module('grader.worker', run_name='__main__', alter_sys=True)",
        ])  # fmt: skip
        monkeypatch.setattr(launch, "COMMAND", [*launch.COMMAND[:-2], "-c", code])
        if "seccomp" in layers:  # as on a machine without libseccomp, which makes the filters
            monkeypatch.setattr(seccomp, "pyseccomp", None)
            for made in (seccomp.zygote_filter, seccomp.child_filter):
                made.cache_clear()

    yield lack
    monkeypatch.undo()
    for made in (seccomp.zygote_filter, seccomp.child_filter):
        made.cache_clear()


def outcome(box: Sandbox, source: str, *arguments: object, limits: Limits = LIMITS) -> Outcome:
    """What comes of one call of f."""
    call = Call("f", tuple(map(pack, arguments)))
    return box.run(Load("s", (Chunk("s.py", source),), ("f",)), [Batch("f", (call,))], limits).outcomes[0][0]


# --- what there is


@linux
def test_the_doctor_knows_every_layer_that_a_worker_names() -> None:
    with Sandbox() as box:
        assert set(box.start().layers) <= {layer.name for layer in LAYERS}
        assert missing(box.layers) == ()


@linux
def test_the_doctor_says_what_is_on_what_it_protects_from_and_how_to_get_the_rest(run, lacking) -> None:
    code, out, _ = run("doctor")
    assert code == 0
    assert all(layer.name in out for layer in LAYERS)
    assert "grading is isolated here" in out
    lacking("seccomp")
    code, out, _ = run("doctor")
    assert code == 1
    assert "grading refuses here: seccomp missing" in out
    assert "libseccomp" in out
    code, out, _ = run("doctor", "--json")
    assert (code, json.loads(out)["missing_baseline"]) == (1, ["seccomp"])
    assert "seccomp" not in json.loads(out)["active"]


@linux
def test_filters_are_made_without_another_process() -> None:
    """One that looks for libseccomp could be killed, or be missing: then all that this process grades would be refused."""
    code = """
import subprocess
def nobody(*_, **__):
    raise OSError("no process")
subprocess.Popen.__init__ = nobody
from grader.sandbox import seccomp
assert seccomp.zygote_filter()
assert seccomp.child_filter()
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@linux
def test_a_kernel_that_takes_no_filter_is_a_missing_layer(run, lacking) -> None:
    """Reported as any other layer that is not there, and not a traceback; programs run, and grading refuses."""
    lacking("filters")
    code, out, err = run("doctor")
    assert code == 1
    assert "grading refuses here: seccomp missing" in out
    assert "Traceback" not in out + err
    with Sandbox() as box:
        assert isinstance(outcome(box, "def f(x): return x", 1.0), Returned)
        assert missing(box.layers) == ("seccomp",)


@given(st.sets(st.sampled_from([layer.name for layer in LAYERS])))
def test_the_baseline_is_files_system_calls_and_limits(active: set[str]) -> None:
    """Landlock or mounts, and seccomp, and rlimits; what is missing is named, and grading refuses exactly then."""
    files = bool(active & {"landlock:files", "mounts"})
    met = files and {"seccomp", "rlimits"} <= active
    lacking = missing(active)
    assert (lacking == ()) == met
    assert ("landlock:files or mounts" in lacking) == (not files)
    if met:
        require(active)
    else:
        with pytest.raises(UsageError, match="grader doctor"):
            require(active)


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def _below(pid: int) -> set[int]:
    """The processes below one, zombies included."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@linux
def test_the_kernel_says_the_same_of_a_worker_as_its_layers() -> None:
    """No new privileges, no capabilities, a filter, and where there are namespaces, none of ours and no network."""
    with Sandbox() as box:
        layers = set(box.start().layers)
        pid = max(_below(os.getpid()) - {box.start()._process.pid} or {box.start()._process.pid})  # type: ignore[attr-defined]
        status = _status(pid)
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
        if os.getuid() != 0:
            return  # a process so locked shows the rest to root alone
        if "namespaces" in layers:
            for kind in ("user", "mnt", "pid", "net", "ipc", "uts"):
                assert Path(f"/proc/{pid}/ns/{kind}").readlink() != Path(f"/proc/self/ns/{kind}").readlink()
            devices = Path(f"/proc/{pid}/net/dev").read_text(encoding="ascii").splitlines()[2:]
            assert {line.split(":")[0].strip() for line in devices} == {"lo"}
            assert len(Path(f"/proc/{pid}/net/route").read_text(encoding="ascii").splitlines()) <= 1
        if "mounts" in layers:
            mounts = [line.split() for line in Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines()]
            assert mounts
            for mount in mounts:
                options = mount[5].split(",")
                assert {"ro", "nosuid"} <= set(options), mount
                assert "nodev" in options or mount[4].startswith("/dev/"), mount
            shown = {mount[4] for mount in mounts}
            assert not {place for place in shown if str(SOLUTIONS).startswith(f"{place}/") and place != "/"}


def test_what_is_readable_is_python_its_shared_objects_and_the_packages_asked_for() -> None:
    """No folder of the system as a whole, so none of apt's Python packages, nor the tests of Python itself."""
    roots = set(readable_roots(["numpy"], shared_objects()))
    assert Path(np.__file__).parent in roots
    apts = Path("/usr/lib/python3/dist-packages")
    for root in roots:
        assert not any(other.is_relative_to(root) for other in (apts, Path("/usr/lib/gcc"), ROOT / "solutions")), root
        assert root.name not in {"site-packages", "dist-packages", "test"}
        beneath = root.is_relative_to("/usr/lib") or root.is_relative_to("/lib")
        assert not beneath or root.is_file() or root.is_relative_to(Path(os.__file__).parent), root


@linux
def test_beside_the_standard_library_nothing_is_seen_without_landlock_either(lacking) -> None:
    """Its folder is shown whole: what in it is no part of it is covered, but for packages that were asked for."""
    lacking("landlock")
    source = """
import os
def f(library):
    odd = ("site-packages", "dist-packages", "test", "config-")
    inside = [name for name in os.listdir(library) if name.startswith(odd) and not os.path.islink(f"{library}/{name}")]
    return {name: ", ".join(os.listdir(f"{library}/{name}")) for name in inside} | {"re": str(os.path.isdir(f"{library}/re"))}
"""
    library = str(Path(os.__file__).parent)
    with Sandbox() as box:
        if "mounts" not in box.start().layers:
            pytest.skip("no mounts here")
        found = outcome(box, source, library)
    assert isinstance(found, Returned)
    seen = unpack(found.value)
    assert seen.pop("re") == "True"
    ours = {"numpy", "numpy.libs"} if Path(np.__file__).is_relative_to(library) else set()
    assert seen
    assert all(set(filter(None, names.split(", "))) <= ours for names in seen.values())


@linux
@pytest.mark.parametrize("layer", ["", "namespaces", "landlock"])
def test_the_packages_of_the_system_are_neither_listed_nor_read(lacking, layer) -> None:
    """Where Debian's packages lie, nothing can be listed, read or imported, the import policy's finder taken out."""
    folder = Path("/usr/lib/python3/dist-packages")
    modules = sorted(path for path in folder.glob("*/__init__.py")) if folder.is_dir() else []
    if not modules:
        pytest.skip("no packages of the system's here")
    if layer:
        lacking(layer)
    source = f"""
import os, sys
def f():
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "_ImportPolicy"]
    sys.path.append({str(folder)!r})
    found = []
    for way in (lambda: os.listdir({str(folder)!r}), lambda: open({str(modules[0])!r}).read(),
                lambda: __import__({modules[0].parent.name!r}).__file__):
        try:
            found.append(str(way())[:200])
        except Exception:
            pass
    return found
"""
    with Sandbox() as box:
        assert outcome(box, source) == Returned(pack([]))


@linux
def test_no_call_tells_or_changes_what_the_kernel_keeps_in_memory() -> None:
    """Which pages are there, reading ahead, throwing out, waits for a disk, free memory, and numbers all count on."""
    source = """
import ctypes, mmap, os, resource
libc = ctypes.CDLL(None, use_errno=True)
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
def denied(call, *arguments):
    ctypes.set_errno(0)
    return call(*arguments) == -1 and ctypes.get_errno() == 1
def f():
    file = os.open(os.__file__, os.O_RDONLY)
    memory = mmap.mmap(file, 4096, prot=mmap.PROT_READ)
    private = mmap.mmap(-1, 4096)
    at = ctypes.addressof(ctypes.c_char.from_buffer(private))
    held = [denied(libc.mincore, at, 4096, ctypes.create_string_buffer(1))]
    held += [denied(libc.madvise, at, 4096, advice) for advice in (1, 2, 3, 9, 20, 21, 22, 23, 25)]
    held += [denied(libc.readahead, file, ctypes.c_long(0), 4096), denied(libc.pipe, (ctypes.c_int * 2)()),
             denied(libc.sysinfo, ctypes.create_string_buffer(256))]
    held += [libc.madvise(at, 4096, advice) == 0 for advice in (0, 4)]
    for call in (lambda: os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED),
                 lambda: os.preadv(file, [bytearray(9)], 0, os.RWF_NOWAIT),
                 lambda: resource.getrusage(resource.RUSAGE_SELF)):
        try:
            call()
            held.append(False)
        except PermissionError:
            held.append(True)
    return held
"""
    with Sandbox() as box:
        found = outcome(box, source)
        assert isinstance(found, Returned), found
        assert unpack(found.value).tolist() == [True] * 18


@linux
@pytest.mark.parametrize("layer", ["", "namespaces"])
def test_what_a_child_may_read_is_in_memory_before_it(lacking, monkeypatch, layer) -> None:
    """A run's first worker has every such file read, so that none of a child's reads changes what is in memory."""
    file = os.open(importlib.util.find_spec("turtle").origin, os.O_RDONLY)  # type: ignore[union-attr, arg-type]
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)
            pytest.skip("this file system does not let go of a file that others may use")
        except BlockingIOError:
            pass
        except OSError:
            pytest.skip("this file system does not say what is in memory")
        if layer:
            lacking(layer)
        monkeypatch.setattr(workers, "_read", set())
        with Sandbox() as box:
            box.start()
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    assert os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT) == 1
                    break
                except BlockingIOError:
                    time.sleep(0.05)
            else:
                pytest.fail("not read")
    finally:
        os.close(file)


@linux
@pytest.mark.parametrize("layer", ["", "namespaces", "landlock"])
def test_the_standard_library_and_numpy_can_be_imported_under_every_lock(lacking, layer) -> None:
    """What was not imported before the lock can be imported after it: single files, packages, extensions, numpy's own."""
    lacking(*filter(None, [layer]))
    modules = (
        "json", "statistics", "decimal", "fractions", "sqlite3", "unittest.mock", "email.mime.text", "concurrent.futures",
        "multiprocessing", "asyncio", "xml.etree.ElementTree", "cmath", "bisect", "zoneinfo", "csv", "html.parser",
        "numpy.polynomial", "numpy.testing", "numpy.fft", "numpy.linalg", "numpy.ma", "numpy.lib.stride_tricks",
    )  # fmt: skip
    source = f"import importlib\ndef f():\n    return [importlib.import_module(m).__name__ for m in {modules!r}]\n"
    with Sandbox() as box:
        found = outcome(box, source)
    assert found == Returned(pack(list(modules)))


@linux
def test_a_function_is_found_behind_any_number_of_imported_ones() -> None:
    source = "from numpy import *\nfrom math import *\ndef f(): return 1\n"
    with Sandbox() as box:
        assert outcome(box, source) == Returned(pack(1))


# --- what is missing


@linux
@pytest.mark.parametrize(
    ("layers", "gone"),
    [
        (["namespaces"], {"namespaces", "mounts"}),
        (["landlock"], {"landlock:files", "landlock:tcp", "landlock:scopes"}),
        (["seccomp"], {"seccomp"}),
        (["namespaces", "landlock", "seccomp"], {"namespaces", "mounts", "landlock:files", "seccomp"}),
    ],
)
def test_a_layer_that_is_missing_is_not_named_and_the_others_are_there(lacking, layers, gone) -> None:
    with Sandbox() as box:
        before = set(box.start().layers)
    lacking(*layers)
    with Sandbox() as box:
        after = set(box.start().layers)
        assert outcome(box, "def f(): return 1\n") == Returned(pack(1))
    assert not after & gone
    assert before - after <= gone | {"landlock:tcp", "landlock:scopes"}


@linux
@pytest.mark.slow
@pytest.mark.parametrize("layer", ["seccomp", "landlock", "namespaces"])
def test_a_worker_that_starts_without_a_layer_that_others_have_is_not_used(lacking, layer) -> None:
    """A class is admitted by the layers of its first worker; one that is started later is held to them."""
    with Sandbox() as first:
        layers = first.start().layers
        first.close()
        lacking(layer)
        with pytest.raises(WorkerError, match=f"a worker started without .*{layer}.*, which others have"):
            first.start()
        with Sandbox(layers=layers) as other, pytest.raises(WorkerError, match=layer):
            other.start()


@linux
@pytest.mark.slow
def test_a_worker_that_is_long_in_starting_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that does much else; what has started answers at once, or is in trouble."""
    code = "import runpy, time; time.sleep(1.5); runpy.run_module('grader.worker', run_name='__main__', alter_sys=True)"
    monkeypatch.setattr(launch, "COMMAND", [*launch.COMMAND[:-2], "-c", code])
    monkeypatch.setattr(workers, "_PATIENCE", 1.0)
    with Sandbox() as box:
        assert outcome(box, "def f(): return 1\n") == Returned(pack(1))
    monkeypatch.setattr(workers, "_PATIENCE_AT_START", 0.5)
    with Sandbox() as box, pytest.raises(WorkerError, match="does not answer"):
        box.start()


DENY = """
import sys, pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in sys.argv[1].split(","):
    rules.add_rule(pyseccomp.ERRNO(1), name)
rules.load()
from grader.sandbox.sandbox import Sandbox
with Sandbox() as box:
    print(*box.start().layers)
"""


@linux
@pytest.mark.parametrize(
    ("calls", "gone"),
    [
        ("unshare", {"namespaces", "mounts"}),
        ("mount", {"namespaces", "mounts"}),
        ("pivot_root", {"mounts"}),
        ("mount_setattr", {"mounts"}),
        ("landlock_create_ruleset", {"landlock:files", "landlock:tcp", "landlock:scopes"}),
    ],
)
def test_a_kernel_that_refuses_a_layer_leaves_a_baseline(calls, gone) -> None:
    """As in a container: unshare may be allowed and the mount not, which only trying it shows."""
    ran = subprocess.run([sys.executable, "-c", DENY, calls], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    layers = set(ran.stdout.split())
    assert not layers & gone
    assert missing(layers) == ()


def hand_in(tmp_path: Path) -> Path:
    path = tmp_path / "submitted" / "alice" / "jacobians" / "manual_jacobian.py"
    path.parent.mkdir(parents=True)
    path.write_text(RIGHT, encoding="utf-8")
    return tmp_path / "submitted"


@linux
@pytest.mark.parametrize(
    ("layers", "named"), [(["seccomp"], "seccomp"), (["namespaces", "landlock"], "landlock:files or mounts")]
)
def test_without_the_baseline_grading_refuses_and_says_what_to_do(
    run, lacking, course, tmp_path, layers, named
) -> None:
    """`isolation: required` is the default: exit code 2, before any student's code has run."""
    lacking(*layers)
    code, out, err = run("--course", course.root, "grade", hand_in(tmp_path), "--out", tmp_path / "out")
    assert code == 2
    assert named in err
    assert "grader doctor" in err
    assert "isolation: best-effort" in err
    assert out == ""
    assert not (tmp_path / "out" / "grades.csv").exists()
    assert not (tmp_path / "out" / "reports").exists()


@linux
def test_with_best_effort_grading_goes_on_and_the_report_says_with_what(run, lacking, course, tmp_path) -> None:
    (course.root / "course.yml").write_text(f"isolation: best-effort\n{SMALL_COURSE}")
    lacking("seccomp", "namespaces", "landlock")
    code, _, _ = run("--course", course.root, "grade", hand_in(tmp_path), "--out", tmp_path / "out")
    assert code == 0
    data = (tmp_path / "out" / "reports" / "alice" / "jacobians.json").read_bytes()
    report = msgspec.json.decode(data, type=Report)
    assert report.exercises[0].verdict is Verdict.ACCEPTED
    assert set(report.exercises[0].provenance.isolation) - {"user"} == {"no_new_privs", "capabilities", "rlimits"}


@linux
def test_best_effort_is_said_in_json_too(run, lacking, course, tmp_path) -> None:
    (course.root / "course.yml").write_text(f"isolation: best-effort\n{SMALL_COURSE}")
    lacking("seccomp")
    code, out, err = run("--course", course.root, "grade", hand_in(tmp_path), "--out", tmp_path / "out", "--json")
    assert code == 0
    notice = "graded without seccomp; `grader doctor` says how to get it"
    assert notice in json.loads(out)["notices"]
    assert notice in err


@linux
def test_a_full_run_names_its_layers_in_every_report(run, course, tmp_path) -> None:
    run("--course", course.root, "grade", hand_in(tmp_path), "--out", tmp_path / "out")
    data = (tmp_path / "out" / "reports" / "alice" / "jacobians.json").read_bytes()
    with Sandbox() as box:
        assert msgspec.json.decode(data, type=Report).exercises[0].provenance.isolation == box.start().layers


# --- cgroups, in a tree of plain files


@pytest.fixture
def hierarchy(tmp_path: Path) -> Path:
    """A cgroup tree in which the process is in user/app."""
    own = tmp_path / "cgroup" / "user" / "app"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("cpu memory pids\n")
    (own / "cgroup.procs").write_text("11\n12\n")
    (own / "cgroup.subtree_control").write_text("")
    (tmp_path / "membership").write_text("1:name=systemd:/x\n0::/user/app\n")
    return own


def delegated(tmp_path: Path) -> Path | None:
    return cgroup.delegated(tmp_path / "cgroup", tmp_path / "membership")


def test_a_delegated_cgroup_is_found(hierarchy, tmp_path) -> None:
    assert delegated(tmp_path) == hierarchy


def test_a_process_that_another_one_moved_aside_makes_its_groups_beside_the_other_s(hierarchy, tmp_path) -> None:
    cgroup.Group(hierarchy)
    (tmp_path / "membership").write_text("0::/user/app/grader.aside\n")
    assert delegated(tmp_path) == hierarchy


@pytest.mark.parametrize("damage", ["no membership", "only version 1", "no controllers", "no pids", "read-only"])
def test_what_is_not_delegated_is_not_used(hierarchy, tmp_path, monkeypatch, damage) -> None:
    match damage:
        case "no membership":
            (tmp_path / "membership").unlink()
        case "only version 1":
            (tmp_path / "membership").write_text("4:memory:/user/app\n3:pids:/user/app\n")
        case "no controllers":
            (hierarchy / "cgroup.controllers").unlink()
        case "no pids":
            (hierarchy / "cgroup.controllers").write_text("cpu memory\n")
        case _:
            monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "cgroup.procs")
    assert delegated(tmp_path) is None


def test_a_group_bounds_memory_and_processes(hierarchy) -> None:
    """The grader moves aside, turns the controllers on, and makes a group of its own for each worker."""
    group = cgroup.Group(hierarchy)
    # One process at a time, as the kernel takes them: a plain file shows the last.
    assert (hierarchy / "grader.aside" / "cgroup.procs").read_text() == "12"
    assert (hierarchy / "cgroup.subtree_control").read_text() == "+memory +pids"
    (folder,) = hierarchy.glob(f"grader-{os.getpid()}-*")
    assert int((folder / "pids.max").read_text()) == 64
    group.add(77)
    assert (folder / "cgroup.procs").read_text() == "77"
    group.allow(2**28)
    assert int((folder / "memory.max").read_text()) > 2**28
    (folder / "memory.max").write_text("as it was")
    group.allow(2**28)
    assert (folder / "memory.max").read_text() == "as it was"
    for file in folder.iterdir():  # the kernel's own vanish with the folder
        file.unlink()
    group.close()
    assert not folder.exists()


def test_two_workers_have_two_groups(hierarchy) -> None:
    cgroup.Group(hierarchy)
    cgroup.Group(hierarchy)
    assert len(list(hierarchy.glob("grader-*"))) == 2


@linux
@pytest.mark.parametrize("fault", ["at once", "add", "allow"])
def test_a_cgroup_that_does_not_take_is_a_layer_less_and_no_failure(monkeypatch, hierarchy, fault) -> None:
    """As where systemd lends a group, but not the right to move processes into it."""

    class Faulty(cgroup.Group):
        def __init__(self, parent: Path) -> None:
            if fault == "at once":
                raise OSError(16, "Device or resource busy")
            super().__init__(parent)

        def add(self, process: int) -> None:
            if fault == "add":
                raise OSError(1, "Operation not permitted")
            super().add(process)

        def allow(self, memory_bytes: int) -> None:
            if fault == "allow":
                raise OSError(1, "Operation not permitted")
            super().allow(memory_bytes)

    monkeypatch.setattr(cgroup, "delegated", lambda: hierarchy)
    monkeypatch.setattr(cgroup, "Group", Faulty)
    with Sandbox() as box:
        assert outcome(box, "def f(): return 1\n") == Returned(pack(1))
        assert "cgroup" not in box.start().layers


@linux
def test_a_cgroup_that_takes_is_named(monkeypatch, hierarchy) -> None:
    monkeypatch.setattr(cgroup, "delegated", lambda: hierarchy)
    with Sandbox() as box:
        assert outcome(box, "def f(): return 1\n", limits=Limits(memory_mb=256)) == Returned(pack(1))
        assert box.start().layers[0] == "cgroup"
        (folder,) = hierarchy.glob("grader-*-*")
        assert int((folder / "cgroup.procs").read_text()) == box.start()._process.pid  # type: ignore[attr-defined]
        assert int((folder / "memory.max").read_text()) >= 256 * 2**20


# --- what is left


PROGRAMS = {
    "right": (RIGHT, Verdict.ACCEPTED),
    "zeros": ("import numpy as np\ndef manual_jacobian(x, y): return np.zeros((3, 2))\n", Verdict.WRONG_ANSWER),
    "raises": ("def manual_jacobian(x, y): return x / 0\n", Verdict.RUNTIME_ERROR),
    "exits": ("import os\nos._exit(3)\n", Verdict.RUNTIME_ERROR),
    "crashes": ("import ctypes\ndef manual_jacobian(x, y): ctypes.string_at(0)\n", Verdict.RUNTIME_ERROR),
    "floods": ("while True: print('x' * 1000)\n", Verdict.OUTPUT_LIMIT_EXCEEDED),
    "forks": ("import os\ndef manual_jacobian(x, y): return os.fork()\n", Verdict.RUNTIME_ERROR),
    "memory": ("def manual_jacobian(x, y): return bytearray(2**40)\n", Verdict.MEMORY_LIMIT_EXCEEDED),
}


def _left() -> tuple[int, set[int], set[str]]:
    """Open descriptors, processes below this one, and files of shared memory."""
    shared = {path.name for path in Path("/dev/shm").iterdir()} if Path("/dev/shm").is_dir() else set()  # noqa: S108
    return len(list(Path("/proc/self/fd").iterdir())), _below(os.getpid()), shared


@linux
@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_thousand_submissions_leave_nothing_behind(course, tmp_path, monkeypatch, jobs) -> None:
    """No zombie, no orphan, no descriptor, no temporary file; half of the thousand with one job, half with two."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    submissions, expected = [], Counter[Verdict]()
    for name, (source, verdict) in PROGRAMS.items():
        path = tmp_path / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        share = 500 // len(PROGRAMS)
        submissions += [
            Submission(f"{index:03}-{name}", "jacobians", "manual_jacobian", path, "") for index in range(share)
        ]
        expected[verdict] += share
    keys = Keys(course)
    before = _left()
    with executor(course, keys, jobs, required_by(course)) as grading:
        found = Counter(graded.report.verdict for (graded,) in grade_class(course, keys, submissions, grading))
    assert found == expected
    deadline = time.monotonic() + 5
    while _left() != before and time.monotonic() < deadline:  # what is below a killed worker is ended by the kernel
        time.sleep(0.05)
    assert _left() == before
    assert list(temporary.iterdir()) == []


@linux
def test_largest_replies_are_not_kept_for_longer_than_a_submission() -> None:
    """Memory in use after many replies of the largest size is what it was after the first few."""
    source = "import numpy as np\ndef f(): return np.ones(2**22 - 100)\n"
    sizes = []
    with Sandbox() as box:
        for _ in range(6):
            found = outcome(box, source, limits=Limits(cpu_seconds=2, wall_seconds=10.0, memory_mb=300))
            assert isinstance(found, Returned)
            assert np.prod(found.value.shape) == 2**22 - 100  # type: ignore[union-attr]
            del found
            sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
    assert sizes[-1] < sizes[1] + 16 * 2**20
