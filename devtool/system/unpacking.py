"""Unpacking an archive that came from elsewhere: nothing in it reaches outside the folder it is given.

Judged here for every Python alike: `tarfile`'s own data filter is missing from
some 3.10 and 3.11, and has had holes (CVE-2025-4517). Where it exists it
judges as well.
"""

from __future__ import annotations

import gzip
import os
import posixpath
import shutil
import stat
import tarfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from devtool.errors import DevtoolError
from devtool.system.parts import writing

_MOST_BYTES = 8 * 1024**3
_MOST_MEMBERS = 400_000
_PIECE = 1024**2
_DAMAGED: tuple[type[Exception], ...] = (
    gzip.BadGzipFile, tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, ValueError,
    NotImplementedError,
)  # fmt: skip

with suppress(ImportError):  # a Python may have been built without it
    import lzma

    _DAMAGED = (*_DAMAGED, lzma.LZMAError)


def unpack(archive: str, folder: str) -> None:
    """Unpack a tar archive of any compression, or a zip, into the folder, which is made.

    Raises DevtoolError for one that is damaged or reaches outside, and leaves what came before that.
    """
    with writing(folder):
        os.makedirs(folder, exist_ok=True)
        try:
            if zipfile.is_zipfile(archive):
                _unpack_zip(archive, folder)
            else:
                _unpack_tar(archive, folder)
        except _DAMAGED as error:
            # tarfile's may be of several lines.
            reason = (str(error).splitlines() or ["it ends too early"])[0].lower()
            raise _refused(archive, f"it is damaged: {reason}") from None


@dataclass
class _Judge:
    """What is let in, one member after the other."""

    archive: str
    members: int = 0
    count: int = 0
    """Bytes so far."""
    links: set[str] = field(default_factory=set)

    def path(self, name: str, size: int) -> str:
        """The member's path below the folder. Raises DevtoolError where it must not be made."""
        self.members += 1
        self.count += size
        if self.members > _MOST_MEMBERS or self.count > _MOST_BYTES:
            raise _refused(self.archive, "it holds more than any toolchain does")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
            raise _refused(self.archive, f"`{name}` would lie outside")
        if any("/".join(parts[:depth]) in self.links for depth in range(1, len(parts) + 1)):
            raise _refused(self.archive, f"`{name}` would be written through a link")
        return "/".join(parts)

    def link(self, path: str, target: str) -> None:
        """A symbolic link at `path`. Raises DevtoolError where it leads outside."""
        below = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if target.startswith("/") or below == ".." or below.startswith("../") or not target:
            raise _refused(self.archive, f"the link `{path}` leads outside")
        self.links.add(path)


def _unpack_tar(archive: str, folder: str) -> None:
    judge = _Judge(archive)
    # The filter is in 3.10.12, 3.11.4 and newer.
    extra: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive, "r:*") as opened:
        for member in opened:
            member.name = judge.path(member.name, member.size)
            if not member.name:
                continue
            if member.issym():
                judge.link(member.name, member.linkname)
            elif member.islnk():
                member.linkname = judge.path(member.linkname, 0)
            elif not (member.isreg() or member.isdir()):
                raise _refused(archive, f"`{member.name}` is a device")
            # Nobody's but ours, and never one that we could not write to or remove.
            member.uid, member.gid, member.uname, member.gname = os.geteuid(), os.getegid(), "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o111 else 0o644
            opened.extract(member, folder, **extra)
        # Only at its very end does a compressed file tell whether it was whole.
        while opened.fileobj is not None and opened.fileobj.read(_PIECE):
            continue


def _unpack_zip(archive: str, folder: str) -> None:
    judge = _Judge(archive)
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            name = judge.path(member.filename, member.file_size)
            mode = member.external_attr >> 16
            target = f"{folder}/{name}"
            if member.is_dir():
                os.makedirs(target, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if stat.S_ISLNK(mode):
                leads = opened.read(member).decode()
                judge.link(name, leads)
                os.symlink(leads, target)
                continue
            with opened.open(member) as source, open(target, "xb") as stream:
                shutil.copyfileobj(source, stream, _PIECE)
            os.chmod(target, 0o755 if mode & 0o111 else 0o644)


def _refused(archive: str, why: str) -> DevtoolError:
    return DevtoolError(
        f"`{os.path.basename(archive)}` cannot be unpacked: {why}", "name another mirror, or report it"
    )
