"""The grader's own wheel, packed again from what is installed."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import zipfile
from pathlib import Path

import pytest

import grader
from grader.building.wheel import DISTRIBUTION, wheel
from grader.errors import UsageError


def packed():
    name, data = wheel()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return name, {each: archive.read(each) for each in archive.namelist()}


def test_two_are_the_same_bytes():
    assert wheel() == wheel()


def test_its_name_is_that_of_a_wheel_for_any_system():
    name, files = packed()
    assert name == f"neural_calculus-{grader.__version__}-py3-none-any.whl"
    assert (
        b"Root-Is-Purelib: true\nTag: py3-none-any\n" in files[f"neural_calculus-{grader.__version__}.dist-info/WHEEL"]
    )


def test_its_record_names_every_file_with_its_hash_and_size():
    _, files = packed()
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    rows = {name: (digest, size) for name, digest, size in csv.reader(files[record].decode().splitlines())}
    assert rows.keys() == files.keys()
    assert rows.pop(record) == ("", "")
    for name, (digest, size) in rows.items():
        hashed = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
        assert (digest, size) == (f"sha256={hashed}", str(len(files[name])))


def test_it_says_what_to_install_with_it_and_which_command_it_brings():
    _, files = packed()
    folder = f"neural_calculus-{grader.__version__}.dist-info"
    assert b"\nRequires-Dist: numpy>=2.0\n" in files[f"{folder}/METADATA"]
    assert b"grader = grader.cli.start:start" in files[f"{folder}/entry_points.txt"]
    assert f"{folder}/licenses/LICENSE" in files
    assert not [name for name in files if name.endswith(("direct_url.json", "INSTALLER", "REQUESTED"))]


def test_what_lies_beside_the_sources_is_not_in_it(tmp_path, monkeypatch):
    """Caches, backups and notes of a checkout; nothing of them is the grader's."""
    package = tmp_path / "grader"
    for name in ("__init__.py", "a/__init__.py", "a/b.html", "py.typed", "__pycache__/a.pyc", "a/b.py~", "notes.txt"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(b"")
    monkeypatch.setattr(grader, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(importlib.metadata.PathDistribution, "files", property(lambda _: []))
    _, files = packed()
    own = {name for name in files if ".dist-info/" not in name}
    assert own == {"grader/__init__.py", "grader/a/__init__.py", "grader/a/b.html", "grader/py.typed"}


def test_a_grader_that_is_not_installed_is_not_packed_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "distributions", lambda **_: iter(()))
    with pytest.raises(UsageError, match=r"is not installed, .* run `pip install \.` in "):
        wheel()


def test_a_grader_that_was_installed_in_another_version_is_not_packed(monkeypatch):
    """Its metadata would ask for other packages."""
    monkeypatch.setattr(grader, "__version__", "99.0")
    with pytest.raises(UsageError, match=r"is 99\.0, but installed was .* run `pip install` once more"):
        wheel()


def test_it_is_found_by_the_name_that_pip_knows():
    assert importlib.metadata.version(DISTRIBUTION) == grader.__version__
    assert Path(grader.__file__).is_file()
