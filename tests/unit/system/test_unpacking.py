"""Archives that mean well, and those that do not."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from devtool.errors import DevtoolError
from devtool.system import unpacking
from devtool.system.disk import RealFiles

Member = tuple[str, bytes | str | None, int]
"""Name, what it holds (a link's target as text, None for a folder), and its permissions."""
GOOD: tuple[Member, ...] = (
    ("./", None, 0o555),
    ("go/", None, 0o555),
    ("go/bin/go", b"#!/bin/sh\necho go\n", 0o4555),
    ("go/VERSION", b"go1.26.5", 0o400),
    ("go/lib/now", "../VERSION", 0o777),
)


def tar(path: Path, members: tuple[Member, ...], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content, permissions in members:
            info = tarfile.TarInfo(name.rstrip("/") if name != "./" else name)
            info.mode, info.uid, info.uname = permissions, 12345, "somebody"
            if content is None:
                info.type = tarfile.DIRTYPE
            elif isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else None)
    return path


def zipped(path: Path, members: tuple[Member, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, permissions in members:
            info = zipfile.ZipInfo(name)
            kind = stat.S_IFLNK if isinstance(content, str) else 0
            info.external_attr = (kind | permissions) << 16
            archive.writestr(info, content or b"")
    return path


def unpack(archive: Path, folder: Path) -> None:
    RealFiles().unpack(str(archive), str(folder))


def refused(archive: Path, folder: Path) -> str:
    with pytest.raises(DevtoolError) as refusal:
        unpack(archive, folder)
    return refusal.value.message


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2", "", "zip"])
def test_all_of_an_archive_is_there_and_ours_to_run_and_remove(tmp_path: Path, kind: str) -> None:
    name = tmp_path / "archive"
    archive = zipped(name, GOOD) if kind == "zip" else tar(name, GOOD, f"w:{kind}")

    unpack(archive, tmp_path / "new" / "go-1.26.5")

    root = tmp_path / "new" / "go-1.26.5" / "go"
    assert sorted(p.name for p in root.rglob("*")) == ["VERSION", "bin", "go", "lib", "now"]
    assert stat.S_IMODE((root / "bin/go").stat().st_mode) == 0o755
    assert stat.S_IMODE((root / "VERSION").stat().st_mode) == 0o644
    assert (root / "bin/go").stat().st_uid == os.geteuid()
    assert os.readlink(root / "lib/now") == "../VERSION"
    assert (root / "lib/now").read_text() == "go1.26.5"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("/etc/evil", b"x", "would lie outside"),
        ("../evil", b"x", "would lie outside"),
        ("go/../../evil", b"x", "would lie outside"),
        ("go/..", None, "would lie outside"),
        ("go/link", "/etc", "leads outside"),
        ("go/link", "../../..", "leads outside"),
        ("link", "..", "leads outside"),
    ],
)
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_what_would_reach_outside_is_refused(
    tmp_path: Path, kind: str, name: str, content: bytes | str | None, said: str
) -> None:
    make = tar if kind == "tar" else zipped
    folder = tmp_path / "folder"

    message = refused(make(tmp_path / "archive.tar.gz", ((name, content, 0o755),)), folder)

    assert said in message
    assert message.startswith("`archive.tar.gz` cannot be unpacked: ")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_nothing_is_written_through_a_link_of_the_archive_itself(tmp_path: Path, kind: str) -> None:
    make = tar if kind == "tar" else zipped
    members: tuple[Member, ...] = (("a/here", ".", 0o777), ("a/here/file", b"x", 0o644))

    message = refused(make(tmp_path / "archive", members), tmp_path / "folder")

    assert "`a/here/file` would be written through a link" in message


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "archive", "w") as archive:
        info = tarfile.TarInfo("device")
        info.type = kind
        archive.addfile(info)

    assert "`device` is a device" in refused(tmp_path / "archive", tmp_path / "folder")


@pytest.mark.parametrize(
    ("target", "inside"), [("go/VERSION", True), ("../secret", False), ("/etc/passwd", False)]
)
def test_a_hard_link_stays_inside(tmp_path: Path, target: str, inside: bool) -> None:
    (tmp_path / "secret").write_text("secret")
    with tarfile.open(tmp_path / "archive", "w") as archive:
        info = tarfile.TarInfo("go/VERSION")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"go"))
        link = tarfile.TarInfo("go/again")
        link.type, link.linkname = tarfile.LNKTYPE, target
        archive.addfile(link)

    if inside:
        unpack(tmp_path / "archive", tmp_path / "folder")
        assert (tmp_path / "folder/go/again").read_text() == "go"
    else:
        assert "would lie outside" in refused(tmp_path / "archive", tmp_path / "folder")


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
@pytest.mark.parametrize("kind", ["gz", "xz", "zip"])
def test_a_damaged_archive_is_one_line(tmp_path: Path, kind: str, cut: int) -> None:
    noise = (("go/noise", os.urandom(5000), 0o644), *GOOD)
    name = tmp_path / "archive"
    archive = zipped(name, noise) if kind == "zip" else tar(name, noise, f"w:{kind}")
    whole = archive.read_bytes()
    archive.write_bytes(whole[:cut] if cut else b"<html>not here</html>")

    message = refused(archive, tmp_path / "folder")

    assert message.startswith("`archive` cannot be unpacked: it is damaged: ")
    assert "\n" not in message


def test_one_that_has_rotted_inside_is_one_line_too(tmp_path: Path) -> None:
    archive = tar(tmp_path / "archive", (("go/noise", os.urandom(50_000), 0o644),))
    content = bytearray(archive.read_bytes())
    content[20_000:20_100] = b"\0" * 100
    archive.write_bytes(content)

    assert "it is damaged" in refused(archive, tmp_path / "folder")


def test_one_that_swells_beyond_every_toolchain_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_MOST_BYTES", 1000)
    archive = tar(tmp_path / "archive", (("go/zeros", b"\0" * 10_000, 0o644),))

    assert "it holds more than any toolchain does" in refused(archive, tmp_path / "folder")
    assert not list((tmp_path / "folder").rglob("zeros"))


@pytest.mark.filterwarnings("ignore:Python 3.14 will, by default:DeprecationWarning")
def test_a_python_without_the_data_filter_is_as_careful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(tarfile, "data_filter", raising=False)

    unpack(tar(tmp_path / "good", GOOD), tmp_path / "good folder")
    message = refused(tar(tmp_path / "bad", (("../evil", b"x", 0o644),)), tmp_path / "bad folder")

    assert (tmp_path / "good folder/go/bin/go").stat().st_uid == os.geteuid()
    assert "would lie outside" in message
