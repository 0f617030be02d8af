"""What is handed in may be anything: names, trees, notebooks, sources, and replies made by hand.

Each is refused by name, escaped, or gets a verdict; the trusted process parses no source that is longer than a stub, reads
no more than a bound of a notebook, and never crashes.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import socket
import stat
import tarfile
import tracemalloc
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.course_yml import load_course
from grader.grading.keys import Keys
from grader.judging.judge import judge, points_of
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.feedback import feedback_page
from grader.reports.grades_csv import GradeRow
from grader.reports.report import ExerciseReport, Provenance, Report
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Batch, Sandbox
from grader.submissions.find import Submission, find_submissions
from grader.submissions.notebook import MAX_CELLS, NotebookError, notebook_chunks
from grader.submissions.program import Refusal, Source, read_program
from grader.wire.messages import Call, Chunk, Load, Outcome, Raised, Returned, Stopped
from grader.wire.values import DTYPES, Array, List, Mapping, Nothing, Opaque, Text, Tuple, Value
from reports import NOW
from repository import ROOT, course_text, reference, write_course

if TYPE_CHECKING:
    from grader.course.model import Course
    from grader.judging.answer_key import AnswerKey, CheckKey

RIGHT = reference("jacobians/manual_jacobian")
SMALL_COURSE = course_text(
    "jacobians/manual_jacobian", "backprop/backprop_batch", limits="{cpu_seconds: 2, wall_seconds: 4, memory_mb: 300}"
)
PLACE = "jacobians/manual_jacobian.py"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two of the real exercises."""
    return load_course(write_course(tmp_path_factory.mktemp("course"), SMALL_COURSE))


@pytest.fixture(scope="module")
def keys(course: Course) -> dict[str, AnswerKey]:
    keys = Keys(course)
    return {exercise.id: keys.of(exercise) for exercise in course.exercises()}


@pytest.fixture(scope="module")
def box():
    with Sandbox() as started:
        yield started


@pytest.fixture
def grade(course: Course, run):
    """Grade a folder in this process; gives the exit code, what was printed, and the lines of grades.csv."""

    def call(submitted: Path, out: Path) -> tuple[int, str, list[dict[str, str]]]:
        done = run("--course", course.root, "grade", submitted, "--out", out, "--jobs", 1)
        with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
            return done.code, done.out + done.err, list(csv.DictReader(file))

    return call


def put(path: Path, content: str = RIGHT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def driving(text: str) -> set[str]:
    """The characters of a text that can drive a terminal or turn its direction."""
    return {character for character in text if unicodedata.category(character) in {"Cc", "Cf"}} - {"\n"}


class _Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(sorted(name for name, _ in attrs))))


def tags(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tags of a page, each with the names of its attributes."""
    parser = _Page()
    parser.feed(page)
    return parser.seen


NAMES = [
    "<script>alert(1)</script>".replace("/", "|"), '"><img src=x onerror=alert(1)>', "=cmd|' |C'!A1", "+1+1", "-2+3",
    "@SUM(1+1)", "a,b;=1+1", "'=1", '"quoted"', "[bold red]rich[|bold red]", "{{ 777*777 }}{% raw %}", "a\\..\\..\\etc",
    "C:", "con", "nul.txt", "aux", "LPT1", "%2e%2e%2f", "~", "$HOME", "`id`", "$(id)", "-rf", "--help", "a" * 200,
    "grades.csv", "reports", "record.sqlite", "Ünïcode 学生", "e\u0301", "\u00e9", "ALICE", "alice", " spaces ", "\u200b",
]  # fmt: skip


def test_names_that_are_code_elsewhere_are_only_names_here(grade, tmp_path):
    """HTML, formulas, markup, templates, shell, devices: each name is in the table, as itself, and in no other folder."""
    submitted, out = tmp_path / "submitted", tmp_path / "out"
    for name in NAMES:
        put(submitted / name / PLACE)
    put(submitted / "zz-honest" / PLACE)
    code, said, lines = grade(submitted, out)
    assert code == 0
    assert {line["verdict"] for line in lines if line["exercise"] == "manual_jacobian"} == {"ACCEPTED"}
    assert {path.name for path in (out / "reports").iterdir()} == {*NAMES, "zz-honest"}
    assert {path.name for path in out.iterdir()} == {"grades.csv", "reports", "feedback", ".lock", ".written"}
    assert driving(said) <= {"\u200b"}
    for line in lines:
        assert line["student"][:1] not in set("=+-@\t\r")
    honest = (out / "feedback" / "zz-honest" / "jacobians.html").read_text(encoding="utf-8")
    for name in NAMES:
        page = (out / "feedback" / name / "jacobians.html").read_text(encoding="utf-8")
        assert tags(page) == tags(honest), name
        assert "603729" not in page


@pytest.mark.parametrize(
    "name", ["a\nb", "a\rb", "a\x1b[2Jb", "a\x7fb", "\x9b31m", "a\u2028b", os.fsdecode(b"\xff\xfe")]
)
def test_names_with_control_characters_are_refused_in_printable_words(grade, tmp_path, name):
    submitted = tmp_path / "submitted"
    put(submitted / name / PLACE)
    put(submitted / "honest" / PLACE)
    code, said, lines = grade(submitted, tmp_path / "out")
    assert (code, {line["student"] for line in lines}) == (1, {"honest"})
    assert "is no name for a student: nothing in that folder was graded" in said
    assert driving(said) == set()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_cell_of_the_gradebook_starts_a_formula(student, misconception):
    """Whatever a name is: the part that a spreadsheet may make a cell of begins with no formula, and the text is kept."""
    row = GradeRow(
        student=student, assignment="a", exercise="e", score=1.0, max_score=1.0, verdict=Verdict.ACCEPTED,
        misconceptions=(misconception,), submitted_at="", penalty=0.0, final=1.0,
    )  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerow(row.cells())
    (cells,) = csv.reader(io.StringIO(text.getvalue(), newline=""))
    for cell, raw in ((cells[0], student), (cells[6], misconception)):
        assert cell[:1] not in set("=+-@\t\r\n\0")
        assert not [part for part in re.split("[,;|]", cell) if part.strip()[:1] in tuple("=+-@")]
        assert cell.replace("'", "") == raw.replace("'", "")


@given(st.text(), st.text(), st.text())
def test_no_text_adds_a_tag_or_attribute_to_a_page(student, claim, feedback):
    """A page has the same tags and attributes whatever its texts are, but for feedback's own code."""

    def page(*texts: str) -> str:
        check = CheckResult(
            name="c",
            claim=texts[1],
            public=True,
            verdict=Verdict.WRONG_ANSWER,
            points=0.0,
            max_points=1.0,
            feedback=f"x{texts[2]}",
        )
        nothing = Provenance(seed=None, key="", grader="", python="", numpy="", isolation=(), limits={})
        result = ExerciseReport.about(ExerciseResult.of("e", [check]), "", nothing)
        return feedback_page(Report.of(texts[0], "a", [result]), NOW)

    plain = page("", "", "")
    assert tags(page(student, claim, "")) == tags(plain)
    assert [tag for tag in tags(page(student, claim, feedback)) if tag != ("code", ())] == [
        tag for tag in tags(plain) if tag != ("code", ())
    ]


# --- trees


def test_what_is_not_a_file_is_refused_and_not_waited_for(grade, tmp_path):
    """Symlinks, folders, FIFOs, sockets and, as root, device nodes in the place of an answer; all but one are FORBIDDEN."""
    submitted, secret = tmp_path / "submitted", put(tmp_path / "secret.py", "canary = 1\n" + RIGHT)
    made = {}

    def place(student: str) -> Path:
        path = submitted / student / PLACE
        path.parent.mkdir(parents=True)
        made[student] = path
        return path

    place("symlink").symlink_to(secret)
    place("symlink-to-device").symlink_to("/dev/zero")
    place("symlink-to-itself").symlink_to("manual_jacobian.py")
    place("dangling").symlink_to("/nowhere")
    place("dots").symlink_to("../../../secret.py")
    place("folder").mkdir()
    os.mkfifo(place("fifo"))
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    try:
        # A UNIX socket's path is short: bind it from inside its folder.
        os.chdir(place("socket").parent)
        listener.bind("manual_jacobian.py")
    finally:
        os.chdir(here)
    if os.getuid() == 0:
        for student, kind, device in (("zeros", stat.S_IFCHR, (1, 5)), ("disk", stat.S_IFBLK, (254, 200))):
            try:
                os.mknod(place(student), 0o666 | kind, os.makedev(*device))
            except OSError:  # a container may not
                made.pop(student).parent.rmdir()
    put(submitted / "honest" / PLACE)
    code, _, lines = grade(submitted, tmp_path / "out")
    listener.close()
    verdicts = {line["student"]: line["verdict"] for line in lines if line["exercise"] == "manual_jacobian"}
    assert code == 0
    assert verdicts.pop("honest") == "ACCEPTED"
    assert {student: verdicts[student] for student in made} == dict.fromkeys(made, "FORBIDDEN")


def test_a_hard_link_is_a_file_like_any_other(grade, tmp_path):
    """It names a file that the student could read anyway; what counts is that nothing is written through it."""
    original = put(tmp_path / "original.py")
    before = original.stat()
    target = tmp_path / "submitted" / "linker" / PLACE
    target.parent.mkdir(parents=True)
    target.hardlink_to(original)
    _, _, lines = grade(tmp_path / "submitted", tmp_path / "out")
    assert lines[0]["verdict"] == "ACCEPTED"
    assert (original.read_text(), original.stat().st_mtime_ns) == (RIGHT, before.st_mtime_ns)


@pytest.mark.parametrize("level", ["student", "assignment"])
def test_a_folder_that_is_a_symlink_is_named_and_not_followed(course, tmp_path, level):
    submitted, elsewhere = tmp_path / "submitted", tmp_path / "elsewhere"
    put(elsewhere / PLACE)
    put(submitted / "honest" / PLACE)
    if level == "student":
        (submitted / "linker").symlink_to(elsewhere)
    else:
        (submitted / "linker").mkdir()
        (submitted / "linker" / "jacobians").symlink_to(elsewhere / "jacobians")
    found = find_submissions(submitted, course)
    assert {each.student for each in found.submissions if each.path} == {"honest"}
    assert any("symlink" in notice and "not followed" in notice for notice in found.notices)


def test_archives_are_files_of_no_known_exercise(grade, tmp_path):
    """Nothing is ever unpacked, so that nothing can slip out of an archive, or grow out of a small one."""
    submitted, out = tmp_path / "submitted", tmp_path / "out"
    home = put(submitted / "packer" / PLACE).parent
    with zipfile.ZipFile(home / "manual_jacobian.zip", "w") as archive:
        archive.writestr("../../../../escaped.py", "x = 1")
        archive.writestr("/absolute.py", "x = 1")
        archive.writestr("manual_jacobian.py", "x" * 10**6)
    with tarfile.open(home / "manual_jacobian.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    before = sorted(path for path in tmp_path.rglob("*"))
    code, said, lines = grade(submitted, out)
    assert (code, lines[0]["verdict"]) == (0, "ACCEPTED")
    assert "of no known exercise" in said
    assert "manual_jacobian.zip" in said
    assert "manual_jacobian.tar.gz" in said
    assert sorted(path for path in tmp_path.rglob("*") if out not in (path, *path.parents)) == before


def test_an_archive_alone_is_nothing_handed_in(course, tmp_path):
    put(tmp_path / "packer" / "jacobians" / "jacobians.zip", "PK")
    found = find_submissions(tmp_path, course)
    assert [each.path for each in found.submissions] == [None, None]
    (line,) = found.unplaced
    assert "'jacobians/jacobians.zip' may be one, and was not graded" in line


def test_ten_thousand_strange_files_cost_one_line(course, tmp_path):
    home = put(tmp_path / "collector" / PLACE).parent
    for number in range(10_000):
        (home / f"manual_jacobian_{number}\x1b.py").touch()
    found = find_submissions(tmp_path, course)
    (notice,) = found.notices
    assert found.submissions[0].path is not None
    assert len(notice) < 2000
    assert notice.isprintable()


# --- notebooks


def notebook(cells: str) -> bytes:
    return f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{cells}]}}'.encode()


def code_cell(source: str, metadata: str = "{}") -> str:
    return f'{{"cell_type": "code", "metadata": {metadata}, "outputs": [], "source": {source}}}'


DEEP = 10**6


@pytest.mark.parametrize("source", ['"\\ud800"', '"\\ud83d\\u0041"', '"' + "\\ud83d" * 5000 + '"'], ids=len)
def test_half_characters_in_a_notebook_are_text_that_can_be_written(source):
    """Escaped in JSON they would be a text that no file and no record takes."""
    (chunk,) = notebook_chunks(notebook(code_cell(source)))
    assert "\ufffd" in chunk.source.encode().decode()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * DEEP,
        b'{"a":' * DEEP,
        notebook("[" * DEEP),
        notebook(code_cell("[" * DEEP + "]" * DEEP)),
        notebook('{"cell_type": "code", "source": ' + '["x", ' * DEEP),
        notebook(",".join(['{"cell_type":"code"}'] * (MAX_CELLS + 1))),
        notebook(",".join(['{"cell_type":"code"}'] * 10**6)),
        notebook(code_cell("12345")),
        notebook(code_cell('{"a": 1}')),
        b'{"nbformat": 1e999, "cells": []}',
        b'{"nbformat": 99999999999999999999, "cells": []}',
        b'{"nbformat": 4, "cells": [null, 1, "x", []]}',
        b"\xff\xfe" + "{}".encode("utf-16-le"),
        b"\0" * 1000,
        b"\x1f\x8b\x08" + bytes(100),
        b"PK\x03\x04" + bytes(100),
    ],
    ids=lambda data: repr(bytes(data[:60])) + str(len(data)),
)
def test_a_notebook_that_attacks_the_parser_is_refused_in_a_sentence(data):
    """Nesting, numbers of cells, other types, other encodings, archives."""
    with pytest.raises(NotebookError) as caught:
        notebook_chunks(data)
    assert len(str(caught.value)) < 500
    assert driving(str(caught.value)) == set()


@pytest.mark.parametrize("depth", [100, DEEP])
def test_depth_where_nobody_looks_costs_nothing_but_its_own_notebook(depth):
    """Outputs and metadata are passed over, deep or not: read or refused, never a crash."""
    deep = "[" * depth + "]" * depth
    try:
        (chunk,) = notebook_chunks(notebook(code_cell('"x = 1"', f'{{"deep": {deep}}}')))
        assert chunk.source == "x = 1"
    except NotebookError:
        assert depth == DEEP


def test_ten_million_cells_are_refused_by_the_size_of_the_file(tmp_path):
    """Ten million cells are more than the largest notebook that is read; what fits costs a bounded amount of memory."""
    path = tmp_path / "manual_jacobian.ipynb"
    path.write_bytes(notebook(",".join(['{"cell_type":"code"}'] * 10**7)))
    refused = read_program(Submission("s", "jacobians", "manual_jacobian", path, ""))
    assert isinstance(refused, Refusal)
    assert (refused.verdict, "64 MiB" in refused.feedback) == (Verdict.FORBIDDEN, True)
    most = notebook(",".join(['{"cell_type":"code"}'] * 3 * 10**5))
    tracemalloc.start()
    try:
        with pytest.raises(NotebookError, match="300000 cells"):
            notebook_chunks(most)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(most)
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200), st.integers(0, 2**32))
def test_any_bytes_are_a_notebook_or_refused(noise, seed):
    """Bytes at random, and a real notebook with bytes replaced."""
    whole = bytearray(notebook(code_cell('["def f(x):\\n", "    return x"]', '{"nbgrader": {"grade": false}}')))
    chosen = random.Random(seed)  # noqa: S311  a place to damage, no secret
    for byte in noise[:5]:
        whole[chosen.randrange(len(whole))] = byte
    for data in (noise, bytes(whole)):
        try:
            chunks = notebook_chunks(data)
        except NotebookError as refused:
            said = str(refused)
        else:
            said = "".join(chunk.name for chunk in chunks)
            "".join(chunk.source for chunk in chunks).encode()
        assert said == "" or said.isprintable()


# --- sources

DEEP_SOURCES = {
    "parentheses": "(" * 100_000,
    "closed parentheses": "x = " + "(" * 100_000 + ")" * 100_000,
    "minus signs": "x = " + "-" * (2**20 - 10) + "1",
    "not": "x = " + "not " * 200_000 + "1",
    "attributes": "x = a" + ".a" * 300_000,
    "calls": "x = a" + "()" * 300_000,
    "a sum": "x = " + "1+" * 400_000 + "1",
    "powers": "x = " + "2**" * 300_000 + "2",
    "nested functions": "".join(f"{' ' * depth}def f():\n" for depth in range(1000)) + " " * 1000 + "pass",
    "elifs": "if 1: pass\n" + "elif 1: pass\n" * 70_000,
    "lambdas": "x = " + "lambda:" * 140_000 + "1",
    "subscripts": "x = " + "a[" * 300_000,
    "f-strings": "x = " + 'f"{' * 200_000,
    "decorators": "@a\n" * 300_000 + "def f(): pass",
    "a long line": "x = '" + "a" * (2**20 - 20) + "'",
    "many names": ";".join(f"a{n}=1" for n in range(100_000)),
    "null bytes": "x = 1\0\nmanual_jacobian = print\0",
    "form feeds": "\x0c" * 2**19 + "x = 1",
    "backslashes": "\\\n" * 2**18 + "x = 1",
    "bidi": "x = 1  # \u202e\u2066 ; manual_jacobian = None\u2069",
    "homoglyphs": "def m\u0430nual_jacobian(x, y): return 1",
    "a byte order mark inside": "x = 1\ufeff",
    "unassigned characters": "x\U000e0001 = 1",
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP_SOURCES)
def test_a_source_that_attacks_the_parser_meets_it_in_the_child_alone(box, tmp_path, name):
    """The trusted process hands the text on unparsed; the child says what is wrong with it, or dies of it."""
    path = put(tmp_path / "manual_jacobian.py", DEEP_SOURCES[name])
    read = read_program(Submission("s", "jacobians", "manual_jacobian", path, ""))
    assert isinstance(read, Source)
    load = Load("manual_jacobian", tuple(each.cell for each in read.cells), ("manual_jacobian",))
    limits = Limits(cpu_seconds=3, wall_seconds=5.0, memory_mb=400)
    ((outcome,),) = box.run(load, [Batch("manual_jacobian", (Call("manual_jacobian", ()),))], limits).outcomes
    assert isinstance(outcome, Raised | Stopped)
    if isinstance(outcome, Raised):
        assert outcome.message.isprintable()
    honest = Load("f", (Chunk("f.py", "def f(): return 1\n"),), ("f",))
    assert isinstance(box.run(honest, [Batch("f", (Call("f", ()),))], limits).outcomes[0][0], Returned)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"\xff\xfe" + "x = 1".encode("utf-16-le"), Verdict.RUNTIME_ERROR),
        (b"\0\0\xfe\xff" + "x = 1".encode("utf-32-be"), Verdict.RUNTIME_ERROR),
        (b"x = '\xed\xa0\x80'", Verdict.RUNTIME_ERROR),
        (b"# coding: utf-7\nx = '+2AA-'", Verdict.RUNTIME_ERROR),
        (b"# coding: punycode\n" + b"a" * 2**18 + b"-" + b"z" * 2**18, Verdict.RUNTIME_ERROR),
        (b"# coding: unicode_escape\nx = '\\ud800'", Verdict.RUNTIME_ERROR),
        (b"# coding: hex\n00", Verdict.RUNTIME_ERROR),
        (b"# coding: zlib\nx", Verdict.RUNTIME_ERROR),
        (b"# coding: ../../etc/passwd\n", Verdict.RUNTIME_ERROR),
        (b"# coding: " + b"a" * 10**6, Verdict.RUNTIME_ERROR),
        (b"\xef\xbb\xbf# coding: latin-1\n", Verdict.RUNTIME_ERROR),
        (b"# coding: \x1b[31m\n\xff", Verdict.RUNTIME_ERROR),
        (b"x" * (2**20 + 1), Verdict.FORBIDDEN),
        (b"\xef\xbb\xbf", Verdict.NOT_ATTEMPTED),
    ],
)  # fmt: skip
def test_an_encoding_that_attacks_the_decoder_is_refused(tmp_path, data, verdict):
    path = tmp_path / "manual_jacobian.py"
    path.write_bytes(data)
    refused = read_program(Submission("s", "jacobians", "manual_jacobian", path, ""))
    assert isinstance(refused, Refusal)
    assert refused.verdict is verdict
    assert len(refused.feedback) < 500
    assert driving(refused.feedback) == set()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_source_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "manual_jacobian.py"
    path.write_bytes(data)
    read = read_program(Submission("s", "jacobians", "manual_jacobian", path, ""))
    if isinstance(read, Source):
        "".join(each.cell.source for each in read.cells).encode()
    path.unlink()
    path.parent.rmdir()


# --- replies


def _array(dtype: str, shape: list[int], filling: bytes) -> Array:
    size = msgspec.msgpack.decode(b"\x01")
    for length in (*shape, {"|": 1}.get(dtype[0], int(dtype[2:]))):
        size *= length
    return Array(dtype, tuple(shape), (filling * size)[:size])


ARRAYS = st.builds(
    _array,
    st.sampled_from(sorted(DTYPES)),
    st.one_of(
        st.sampled_from([[], [0], [1], [2], [3, 2], [2, 3], [3, 3], [3, 2, 1], [1, 3, 2], [3, 4], [4], [6], [1] * 32]),
        st.lists(st.integers(0, 4), max_size=5),
        st.sampled_from([[0, 2**30], [2**45, 0], [0] * 32]),
    ),
    st.one_of(
        st.binary(min_size=1, max_size=16),
        st.sampled_from(
            [b"\0", b"\x01", b"\xff", b"\0\0\0\0\0\0\xf0\x7f", b"\0\0\0\0\0\0\xf8\x7f", b"\x01\0\0\0\0\0\xf0\x7f"]
        ),
    ),
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(ARRAYS, ARRAYS, st.builds(Text, st.text()), st.just(Nothing()), st.builds(Opaque, st.text())),
    lambda inner: st.one_of(
        st.builds(Tuple, st.lists(inner, max_size=8).map(tuple)),
        st.builds(List, st.lists(inner, max_size=8).map(tuple)),
        st.builds(Mapping, st.dictionaries(st.one_of(st.sampled_from(["dW", "dwout"]), st.text()), inner, max_size=3)),
    ),
    max_leaves=8,
)
KINDS = [
    "ValueError",
    "NotImplementedError",
    "MemoryError",
    "ForbiddenImport",
    "SyntaxError",
    "FloatingPointError",
    "an exception",
]
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Returned, VALUES),
    st.builds(Returned, VALUES),
    st.builds(Raised, st.sampled_from(KINDS), st.text(max_size=500), st.just("x.py"), st.integers(0, 9)),
    st.builds(Stopped, st.sampled_from(["time", "output", "crash"]), st.sampled_from(["", "SIGSEGV"])),
)


@pytest.mark.parametrize("exercise", ["manual_jacobian", pytest.param("backprop_batch", marks=pytest.mark.long)])
@settings(max_examples=150)
@given(data=st.data())
def test_whatever_a_child_replies_has_a_verdict_and_earns_nothing(keys, exercise, data):
    """Any values, in any order, with any stop: the judge says what is wrong, and never fails at it itself."""
    key = keys[exercise]
    outcomes = [
        tuple(data.draw(st.lists(OUTCOMES, min_size=len(check.cases), max_size=len(check.cases))))
        for check in key.checks
    ]
    result = judge(key, outcomes)
    assert Verdict.JUDGE_ERROR not in {check.verdict for check in result.checks}
    assert result.verdict is not Verdict.ACCEPTED
    hidden = "".join(check.feedback for check in result.checks if not check.public)
    assert driving(hidden) == set()


def _odd_array(expected: Array) -> st.SearchStrategy[Array]:
    """Any numbers of any type in the shape of an array."""
    size = int(np.prod(expected.shape))
    odd = st.sampled_from([0.0, -0.0, 1.0, -1.0, 255.0, 5e-324, 1e16, 1e154, -1e308])
    numbers = st.lists(st.one_of(odd, st.floats(allow_nan=False, allow_infinity=False)), min_size=size, max_size=size)

    def made(numbers: list[float], dtype: str) -> Array:
        with np.errstate(all="ignore"):
            return Array(dtype, expected.shape, np.array(numbers).astype(dtype).tobytes())

    return st.builds(made, numbers, st.sampled_from(sorted(DTYPES)))


def _odd(expected: Value) -> st.SearchStrategy[Value]:
    """A value of the same form as another, and of any content."""
    match expected:
        case Array():
            return _odd_array(expected)
        case Text():
            words = st.sampled_from(
                ["a", "1/0", "nan", "inf", "-0", "1e999", "9" * 400, "\0", "0x1p3", "1_0", "\u0661"]
            )
            return st.builds(Text, st.one_of(st.text(), st.lists(words, max_size=25).map(" ".join)))
        case Tuple() | List():
            return st.builds(type(expected), st.tuples(*map(_odd, expected.items)))
        case Mapping():
            return st.builds(
                Mapping, st.fixed_dictionaries({name: _odd(item) for name, item in expected.items.items()})
            )
        case _:
            return st.just(expected)


@pytest.fixture(scope="module")
def judged_checks() -> dict[str, tuple[Keys, CheckKey]]:
    """The checks of the whole course that have a judge of their own."""
    course = load_course(ROOT)
    keys = Keys(course)
    having = [exercise for exercise in course.exercises() if "judge=" in course.checks(exercise).read_text()]
    found = {
        f"{each.id}/{check.name}": (keys, check) for each in having for check in keys.of(each).checks if check.judge
    }
    assert len(found) >= 20
    return found


@settings(max_examples=400)
@given(data=st.data())
def test_no_value_of_the_right_form_makes_a_judge_of_the_course_fail(judged_checks, data):
    """What a child says may be made by hand, also where a driver of the course's runs in it: numbers of any type, texts without any."""
    keys, check = judged_checks[data.draw(st.sampled_from(sorted(judged_checks)))]
    replies = tuple(Returned(data.draw(_odd(case.expected))) for case in check.cases)
    assert points_of(check, replies, keys.own_judge) is not None
