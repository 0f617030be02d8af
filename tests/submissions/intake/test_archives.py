"""Archives are untrusted: what leads elsewhere, is no file, or grows without end is refused before anything is written."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import stat
import tarfile
import zipfile
from contextlib import ExitStack, suppress
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downloads import answer, tarred, zipped
from grader.errors import UsageError
from grader.submissions.intake import archives
from grader.submissions.intake.listing import fault_in, leads_out
from grader.submissions.intake.tar import TarError, members

M, S = answer("manual_jacobian"), answer("sigmoid_grad")
GOOD = {"anna/manual_jacobian.py": M, "bo/sigmoid_grad.py": S}
OUTSIDE = ["../x.py", "anna/../../x.py", "/etc/x.py", "C:/x.py", "anna\\..\\..\\x.py", "..", "anna/.."]


def inside_of(inner: bytes, name: str = "hw.zip"):
    """A class in which anna hands in an archive."""
    return zipped({f"anna/{name}": inner, "bo/sigmoid_grad.py": S})


def special(kind: int, name: str = "anna/manual_jacobian.py") -> bytes:
    """A zip with a member of that kind, as Unix zips mark them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (kind | 0o644) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("bo/sigmoid_grad.py", S)
    return packed.getvalue()


def tar_of(kind: bytes, name: str = "anna/manual_jacobian.py") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
        info = tarfile.TarInfo("bo/sigmoid_grad.py")
        info.size = len(S)
        archive.addfile(info, io.BytesIO(S.encode()))
    return packed.getvalue()


@pytest.fixture
def nothing_written(tmp_path):
    """A function that says whether nothing was written but the downloads themselves."""
    return lambda: not (tmp_path / "submitted").exists()


@pytest.mark.parametrize(
    ("pack", "name"),
    [*(("zip", name) for name in OUTSIDE), *(("tar", name) for name in OUTSIDE if "\\" not in name)],
)
def test_a_name_that_leads_out_refuses_the_whole_download(collect, download, nothing_written, tmp_path, name, pack):
    files = GOOD | {name: "x = 1"}
    source = download(f"class.{pack}", zipped(files) if pack == "zip" else tarred(files, "w"))
    with pytest.raises(UsageError, match=r"leads out of the folder it is unpacked into; nothing was collected"):
        collect(source)
    assert nothing_written()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "course") == [source.name]


@pytest.mark.parametrize("name", OUTSIDE)
def test_in_a_students_archive_it_refuses_that_archive_and_nobody_elses_work(collect, download, tmp_path, name):
    done = collect(download("class.zip", inside_of(zipped({"manual_jacobian.py": M, name: "x = 1"}))))
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]
    assert "'anna/hw.zip' holds" in done.problems
    assert not (tmp_path / "x.py").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_listed_and_not_made(collect, download, tmp_path, kind):
    done = collect(download("class.zip", special(kind)))
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]
    assert "is a link, which is not followed" in done.problems or "is a device, or no file at all" in done.problems
    assert not any(path.is_symlink() for path in (tmp_path / "submitted").rglob("*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE])  # fmt: skip
def test_links_devices_and_sparse_files_in_a_tar_are_listed_and_not_made(collect, download, kind):
    done = collect(download("class.tar", tar_of(kind)))
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]
    assert "'anna/manual_jacobian.py' is a" in done.problems


def links(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o644) << 16
            archive.writestr(info, "/etc/passwd")
    return packed.getvalue()


def test_thousands_of_one_students_do_not_bury_what_others_have(collect, download):
    """Of those in her archive for one reason the first are named; everybody else's are, as before."""
    many = links(*(f"{number}.py" for number in range(3000)))
    others = {f"s{number}/hw.zip": links("sigmoid_grad.py") for number in range(12)}
    said = collect(download("class.zip", zipped({"anna/hw.zip": many, **others}))).problems
    assert said.count("'anna/hw.zip/") == 10
    assert "'anna/hw.zip' holds 2990 more, of which each is a link, which is not followed" in said
    assert all(f"'s{number}/hw.zip/sigmoid_grad.py' is a link" in said for number in range(12))


@pytest.mark.parametrize("name", ["x" * 60_000 + ".py", "d" + "/y" * 30_000 + ".py"])
def test_a_name_of_any_length_is_a_line_of_some_length(collect, download, name):
    said = collect(download("class.zip", inside_of(links(name)))).problems
    assert "anna/hw.zip/" in said
    assert len(said) < 2000


def test_links_and_pipes_in_a_folder_are_listed_and_not_opened(collect, download, tmp_path):
    source = download("class", GOOD)
    (tmp_path / "secret.py").write_text(M)
    (source / "cy").mkdir()
    (source / "cy" / "manual_jacobian.py").symlink_to(tmp_path / "secret.py")
    (source / "dy").symlink_to(tmp_path)
    os.mkfifo(source / "cy" / "sigmoid_grad.py")
    done = collect(source)
    assert {row[0] for row in done.rows} == {"anna", "bo"}
    assert done.problems.count("is a link or no file at all, and is not followed") == 3


def bomb(size: int = 2**27) -> bytes:
    return zipped({"manual_jacobian.py": bytes(size)})


def test_a_bomb_is_named_by_how_far_it_was_packed_and_not_unpacked(collect, download):
    done = collect(download("class.zip", inside_of(bomb(2**22))))
    assert "'anna/hw.zip/manual_jacobian.py' was packed more than 200 times, as no program is" in done.problems
    assert len(done.rows) == 1


def test_what_is_too_large_is_left_whatever_it_says_of_its_size(collect, download, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILE", 1000)
    done = collect(download("class.zip", zipped(GOOD | {"anna/manual_jacobian.py": os.urandom(2000)})))
    assert "'anna/manual_jacobian.py' is larger than" in done.problems


@pytest.mark.parametrize(
    ("bound", "value", "message"),
    [
        ("MAX_INNER_COUNT", 3, "holds more than 3 files"),
        ("MAX_INNER_TOTAL", 100, "unpacks to more than"),
        ("MAX_SPOOLED", 100, "unpack to more than"),
        ("MAX_FILE", 300, "is larger than"),
    ],
)
def test_an_archive_in_a_download_has_bounds_and_the_others_go_on(
    collect, download, monkeypatch, bound, value, message
):
    many = zipped({f"{number}/manual_jacobian.py": os.urandom(60) for number in range(5)})
    monkeypatch.setattr(archives, bound, value)
    done = collect(download("class.zip", inside_of(many)))
    assert (message in done.problems, done.rows) == (True, [("bo", "jacobians/sigmoid_grad.py", "new")])


@pytest.mark.parametrize(
    ("bound", "value", "message"),
    [("MAX_COUNT", 1, "holds more than 1 files"), ("MAX_TOTAL", 30, "unpacks to more than")],
)
@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz"])
def test_a_download_has_bounds_and_is_refused_whole(
    collect, download, monkeypatch, nothing_written, bound, value, message, pack
):
    monkeypatch.setattr(archives, bound, value)
    source = download(
        f"class.{pack}", zipped(GOOD) if pack == "zip" else tarred(GOOD, "w" if pack == "tar" else "w:gz")
    )
    with pytest.raises(UsageError, match=f"{message}.*nothing was collected"):
        collect(source)
    assert nothing_written()


@pytest.mark.slow
@pytest.mark.parametrize("packer", [gzip.compress, bz2.compress])
def test_a_packed_tar_that_grows_too_far_is_refused_while_it_is_unpacked(collect, download, nothing_written, packer):
    name = "class.tgz" if packer is gzip.compress else "class.tar.bz2"
    with pytest.raises(UsageError, match="unpacks to more than"):
        collect(download(name, packer(bytes(2**28))))
    assert nothing_written()


@pytest.mark.parametrize("unzipped", [False, True])
def test_archives_of_other_kinds_are_listed(collect, download, unzipped):
    files = {"anna/hw.7z": "7z", "anna/x.rar": "Rar!", "bo/y.tar.xz": "x", "bo/sigmoid_grad.py": S}
    done = collect(download("class", files) if unzipped else download("class.zip", zipped(files)))
    assert done.problems.count("is an archive of a kind that is not opened") == 3
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]


def test_an_archive_in_an_archive_in_an_archive_stays_closed(collect, download):
    inner = zipped({"deep.zip": zipped({"manual_jacobian.py": M}), "sigmoid_grad.py": S})
    done = collect(download("class.zip", inside_of(inner)))
    assert "'anna/hw.zip/deep.zip' is an archive in an archive in an archive, and stays closed" in done.problems
    assert ("anna", "jacobians/sigmoid_grad.py", "new") in done.rows


@pytest.mark.parametrize("cut", [10, 100, -30, -1])
@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz", "tar.bz2"])
def test_a_download_that_is_cut_off_is_refused_in_one_sentence(collect, download, nothing_written, pack, cut):
    files = {name: text + "#" * 3000 for name, text in GOOD.items()}
    modes = {"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2"}
    whole = zipped(files) if pack == "zip" else tarred(files, modes[pack])
    whole = whole.rstrip(b"\0") if pack == "tar" else whole
    with pytest.raises(UsageError, match=r"download it again; nothing was collected"):
        collect(download(f"class.{pack}", whole[:cut]))
    assert nothing_written()


def test_a_member_that_is_damaged_or_encrypted_costs_its_student_alone(collect, download):
    data = bytearray(zipped(GOOD))
    data[data.index(b"anna/manual_jacobian.py") + 40] ^= 0xFF
    done = collect(download("class.zip", bytes(data)))
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]
    assert "is damaged, and cannot be unpacked" in done.problems
    encrypted = bytearray(zipped(GOOD))
    for start in (encrypted.index(b"PK\x03\x04") + 6, encrypted.index(b"PK\x01\x02") + 8):
        encrypted[start] |= 1
    assert "'anna/manual_jacobian.py' is encrypted" in collect(download("e.zip", bytes(encrypted))).problems


def test_a_name_that_stands_twice_in_an_archive_decides_nothing(collect, download):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("anna/manual_jacobian.py", M)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("anna/manual_jacobian.py", M + "#")
        archive.writestr("bo/sigmoid_grad.py", S)
    done = collect(download("class.zip", packed.getvalue()))
    assert (done.rows, done.problems.count("more than once")) == ([("bo", "jacobians/sigmoid_grad.py", "new")], 2)


def test_what_macos_and_windows_leave_is_passed_over_and_their_names_are_read(collect, download):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("Jürgen/manual_jacobian.py", "__MACOSX/Jürgen/._manual_jacobian.py", "Jürgen/.DS_Store"):
            info = zipfile.ZipInfo(name)
            archive.writestr(info, M)
    data = packed.getvalue()
    # As macOS packs: the bytes are UTF-8, and nothing says so.
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = data.split(signature)
        data = signature.join(
            [
                parts[0],
                *(part[: offset - 4 + 1] + bytes([part[offset - 3] & ~8]) + part[offset - 2 :] for part in parts[1:]),
            ]
        )
    done = collect(download("class.zip", data))
    assert (done.rows, done.problems) == ([("Jürgen", "jacobians/manual_jacobian.py", "new")], "")
    done = collect(download("w.zip", zipped({"bo\\sigmoid_grad.py": S, "cy\\sigmoid_grad.py": S})))
    assert {row[0] for row in done.rows} == {"bo", "cy"}


def raw_tar(*headers):
    """Headers as somebody wrote them: type, the field of the size, and what follows."""
    packed = b""
    for kind, size, content in headers:
        header = bytearray(512)
        header[:8], header[124:136], header[156:157] = b"a/sig.py", size.ljust(12, b"\0"), kind
        header[148:156] = b"%06o\0 " % (sum(header[:148]) + sum(header[156:]) + 8 * ord(" "))
        packed += bytes(header) + content.ljust(-(-len(content) // 512) * 512, b"\0")
    return packed + bytes(1024)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"0", b"-0000000512", b"")],
        [(b"x", b"-0000000512", b"")],
        [(b"x", b"00000200001", b"")],
        [(b"0", b"77777777777", b"x")],
        [(b"x", b"00000000000", b"")] * 9,
        [(b"0", b"9", b"")],
    ],
)
def test_a_tar_whose_headers_lie_is_refused_at_once(collect, download, headers):
    with pytest.raises(UsageError, match="download it again; nothing was collected"):
        collect(download("class.tar", raw_tar(*headers)))


def test_a_size_of_a_thousand_digits_in_a_tar_says_nothing():
    record = b"2000 size=" + b"9" * 1989 + b"\n"
    found = list(
        members(io.BytesIO(packed := raw_tar((b"x", b"%o" % len(record), record), (b"0", b"4", b"x =1"))), len(packed))
    )
    assert [(member.path, member.size) for member in found] == [("a/sig.py", 4)]


def test_what_is_odd_in_an_archive_costs_its_own_file_alone(collect, download):
    """A way of packing that is not read, a name of the old code page, no time, a path too deep, a file that is a folder as well."""
    packed = io.BytesIO()
    deep = "/".join("d" * 40)
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in {"anna/manual_jacobian.py": M, f"bo/{deep}/manual_jacobian.py": M, "cy/x.py": "x", "cy/x.py/y.py": "y", "cy/sigmoid_grad.py": S}.items():  # fmt: skip
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_LZMA if "anna" in name else None)
        archive.writestr(zipfile.ZipInfo("dora/sigmoid_grad.py"), S)
    data = packed.getvalue().replace(b"dora/", b"d\x94ra/")
    done = collect(download("class.zip", data))
    assert {(row.student, row.submitted_at) for row in done.full} == {("cy", ""), ("döra", "")}
    for said in ("'anna/manual_jacobian.py' is packed in a way", "is more than 32 folders deep", "'x.py/y.py'"):
        assert said in done.problems


def test_in_a_folder_a_bad_archive_and_a_damaged_one_in_another_cost_their_students_alone(collect, download):
    broken = bytearray(zipped({"manual_jacobian.py": M, "sigmoid_grad.py": S}))
    broken[broken.index(b"manual_jacobian.py") + 25] ^= 0xFF
    done = collect(
        download("class", {"anna/hw.zip": b"PK", "bo/hw.zip": bytes(broken), "cy/hw.zip": zipped({"in.zip": b"PK"})})
    )
    assert done.rows == [("bo", "jacobians/sigmoid_grad.py", "new")]
    for said in (
        "'anna/hw.zip' is cut off",
        "'bo/hw.zip/manual_jacobian.py' is damaged",
        "'cy/hw.zip/in.zip' is cut off",
    ):
        assert said in done.problems


def test_a_folder_with_too_many_files_is_refused(collect, download, monkeypatch):
    monkeypatch.setattr(archives, "MAX_COUNT", 1)
    with pytest.raises(UsageError, match="holds more than 1 files; name a smaller part of it"):
        collect(download("class", GOOD))


@given(st.binary(max_size=3000))
def test_bytes_that_are_no_archive_are_refused_and_nothing_else_happens(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("x.zip", "x.tar", "x.tgz", "x.tbz2"):
        (folder / name).write_bytes(data)
        with ExitStack() as held, suppress(UsageError):
            assert archives.open_source(folder / name, archives.Spool(folder, held)).name == name


@given(st.text(max_size=40))
def test_a_path_that_is_accepted_stays_inside(path):
    if not leads_out(path) and not fault_in(path):
        joined = PurePosixPath("/a/b") / path
        assert joined.is_relative_to("/a/b")
        assert ".." not in joined.parts


@pytest.mark.slow
@given(st.binary(min_size=512, max_size=4096), st.integers(0, 4096))
def test_a_tar_with_bytes_changed_is_read_or_refused(noise, at):
    whole = bytearray(tarred(GOOD, "w"))
    whole[at : at + len(noise)] = noise
    try:
        found = list(members(io.BytesIO(bytes(whole)), len(whole)))
    except TarError:
        return
    assert all(member.begin + member.size <= len(whole) for member in found)
