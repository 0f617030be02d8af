"""What was handed in for an exercise is read as text, without trusting it, or refused with the reason."""

from __future__ import annotations

import codecs
import json
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.verdicts import Verdict
from grader.submissions.files import decode_source
from grader.submissions.find import Submission
from grader.submissions.program import MAX_NOTEBOOK, MAX_SOURCE, Refusal, Source, read_program
from grader.wire.messages import Chunk

NOON = "2026-11-22T12:00:00Z"


def notebook(*cells):
    """An .ipynb file with code cells."""
    found = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found})


@pytest.fixture
def program(tmp_path):
    """A function that gives the chunks of what was handed in: bytes for sigmoid_grad.py, or another name."""

    def read(content, name="sigmoid_grad.py"):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = read_program(Submission("al", "jacobians", "sigmoid_grad", path, NOON))
        return tuple(each.cell for each in found.cells) if isinstance(found, Source) else found

    return read


def test_a_py_file_is_one_chunk_and_is_not_parsed(program):
    assert program("def f(:\n  \x0c") == (Chunk("sigmoid_grad.py", "def f(:\n  \x0c"),)


@pytest.mark.parametrize(
    "data",
    ["é = 1", codecs.BOM_UTF8 + "é = 1".encode(), "# coding: latin-1\né = 1".encode("latin-1"),
     "#!python\n# vim: set fileencoding=cp1252 :\né = 1".encode("cp1252")],
)  # fmt: skip
def test_the_encoding_is_the_one_that_python_would_use(program, data):
    (chunk,) = program(data)
    assert chunk.source.splitlines()[-1] == "é = 1"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\ny = 2\nz = '\xff'", r"byte 17 \(line 3\) is not utf-8"),
        (b"\xff\xfex\x00", r"byte 0 \(line 1\) is not utf-8"),
        (codecs.BOM_UTF8 + b"x\xff", r"byte 4 \(line 1\) is not utf-8"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "encoding problem"),
        (b"# coding: ascii\n\xe9", r"byte 16 \(line 2\) is not ascii"),
        (b"# coding: klingon\n", "unknown encoding: klingon"),
        (b"# coding: rot13\n", "'rot13' is no encoding for a program"),
        (b"# coding: punycode\n" + b"a" * 1_000_000, "'punycode' is no encoding for a program"),
        (b"# coding: unicode_escape\n\\ud800", "is no encoding for a program"),
        (b"# coding: utf-7\n+2AA-", "is no|is not"),
    ],
)
def test_what_cannot_be_decoded_is_refused_with_the_reason(program, data, reason):
    refusal = program(data)
    assert refusal.verdict is Verdict.RUNTIME_ERROR
    assert re.search(f"{reason}.*; save it as UTF-8", refusal.feedback)


@given(st.binary(max_size=50) | st.builds(lambda name, rest: b"# coding: " + name.encode() + b"\n" + rest,
       st.sampled_from(["utf-7", "utf-16", "cp437", "hex", "idna", "big5", "undefined"]), st.binary(max_size=30)))  # fmt: skip
def test_any_bytes_decode_to_text_that_can_be_sent_or_are_refused(data):
    try:
        text = decode_source(data)
    except ValueError:
        return
    assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (None, "sigmoid_grad.py"),
        ("", "sigmoid_grad.py"),
        (" \n\t\x0c\n", "sigmoid_grad.py"),
        (codecs.BOM_UTF8, "sigmoid_grad.py"),
        ("", "sigmoid_grad.ipynb"),
        (notebook(), "sigmoid_grad.ipynb"),
        (notebook("", " \n"), "sigmoid_grad.ipynb"),
    ],
)
def test_nothing_to_run_is_not_attempted(program, content, name):
    refusal = program(content, name)
    assert refusal.verdict is Verdict.NOT_ATTEMPTED
    assert "hand" in refusal.feedback


def test_nothing_handed_in_says_what_to_hand_in():
    assert read_program(Submission("al", "jacobians", "sigmoid_grad", None, "")) == Refusal(
        Verdict.NOT_ATTEMPTED, "Nothing was handed in for sigmoid_grad: hand in sigmoid_grad.py or sigmoid_grad.ipynb."
    )


def test_a_source_of_a_mebibyte_is_read_and_one_byte_more_is_not(program):
    assert program("#" * MAX_SOURCE)[0].source == "#" * MAX_SOURCE
    refusal = program("#" * (MAX_SOURCE + 1))
    assert (refusal.verdict, "1 MiB" in refusal.feedback) == (Verdict.FORBIDDEN, True)


def test_the_code_of_a_notebook_has_the_limit_of_a_source(program):
    half = "#" * (MAX_SOURCE // 2)
    assert len(program(notebook(half, half), "sigmoid_grad.ipynb")) == 2
    refusal = program(notebook(half, half, "x"), "sigmoid_grad.ipynb")
    assert (refusal.verdict, "1 MiB" in refusal.feedback) == (Verdict.FORBIDDEN, True)


def test_a_notebook_above_its_limit_is_refused_without_being_read(program, tmp_path):
    path = tmp_path / "sigmoid_grad.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_NOTEBOOK + 1)
    refusal = program(None, path.name)
    assert (refusal.verdict, "64 MiB" in refusal.feedback) == (Verdict.FORBIDDEN, True)


def test_a_notebook_is_its_code_cells(program):
    chunks = program(notebook("x = 1", "y = 2"), "jacobians.ipynb")
    assert [chunk.source for chunk in chunks] == ["x = 1", "y = 2"]


@pytest.mark.parametrize(
    "content",
    ["not json", "[]", '{"cells": 3}', '{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}'],
)
def test_a_notebook_that_is_none_is_refused_with_the_reason(program, content):
    refusal = program(content, "sigmoid_grad.ipynb")
    assert refusal.verdict is Verdict.RUNTIME_ERROR
    assert "notebook" in refusal.feedback or "cell" in refusal.feedback


@pytest.mark.parametrize("make", [lambda path: path.symlink_to(__file__), lambda path: path.mkdir(), os.mkfifo])
def test_a_symlink_a_folder_or_a_pipe_is_forbidden_and_not_waited_for(program, tmp_path, make):
    make(tmp_path / "sigmoid_grad.py")
    refusal = program(None)
    assert (refusal.verdict, "hand in the file itself" in refusal.feedback) == (Verdict.FORBIDDEN, True)


def test_a_file_that_the_grader_may_not_read_is_not_the_students_fault(program, monkeypatch):
    def deny(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    refusal = program("x = 1")
    assert (refusal.verdict, "not your fault" in refusal.feedback) == (Verdict.JUDGE_ERROR, True)
