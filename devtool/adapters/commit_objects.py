"""Commit objects read and written in bulk, byte by byte: one git each, whatever their number."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from devtool.adapters.repository import GIT, git_environment
from devtool.errors import DevtoolError

if TYPE_CHECKING:
    from devtool.system import System
    from devtool.system.doors import Conversation

# As many names as surely fit into a pipe while git is still writing its answer.
_ASKED_AT_ONCE = 200
_COMMIT = 1
_SHA1_DIGITS = 40


def read_contents(system: System, repository: str, ids: Sequence[str]) -> Iterator[bytes]:
    """What the commit objects hold, in the order of their ids. Raises DevtoolError."""
    talk = _converse(system, repository, "cat-file", "--batch")
    try:
        for start in range(0, len(ids), _ASKED_AT_ONCE):
            some = ids[start : start + _ASKED_AT_ONCE]
            talk.ask("".join(f"{each}\n" for each in some).encode())
            for each in some:
                header = talk.read_line().split()
                if len(header) != 3 or header[1] != b"commit":
                    raise DevtoolError(f"git cannot read the commit {each}")
                size = int(header[2])
                content = talk.read(size + 1)
                if len(content) != size + 1:
                    raise DevtoolError(f"git cannot read the commit {each}")
                yield content[:-1]
    finally:
        talk.close()


def read_trailer_blocks(system: System, repository: str, ids: Sequence[str]) -> dict[str, bool]:
    """Whether git sees a block of trailers at the end of each commit's message. Raises DevtoolError."""
    form = "--format=tformat:%H%x00%(trailers)%x00"
    options = ("--no-walk=unsorted", "--stdin", "--no-show-signature", "--no-notes", "--no-patch", form)
    printed = _exchange(
        system, repository, ("log", *options), ["".join(f"{each}\n" for each in ids).encode()]
    )
    fields = printed.split(b"\0")
    return {
        name.strip().decode(): bool(block.strip())
        for name, block in zip(fields[::2], fields[1::2], strict=False)
    }


def write_contents(system: System, repository: str, contents: Sequence[bytes], like: str) -> None:
    """Put commit objects into the repository, all or none; nothing names them yet. Raises DevtoolError."""
    if contents:
        # As a pack: git takes one of ten thousand commits in the time of a few single objects.
        _exchange(system, repository, ("index-pack", "--stdin"), _packed(contents, like))


def make_commit(system: System, repository: str, like: str, message: bytes) -> str:
    """Make a commit of this person on top of another one, its files the same; its id. Raises DevtoolError."""
    argv = ("-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-p", like, f"{like}^{{tree}}")
    return _exchange(system, repository, argv, [message]).decode().strip()


def _packed(contents: Sequence[bytes], like: str) -> Iterator[bytes]:
    """https://git-scm.com/docs/pack-format"""
    digest = hashlib.sha1(usedforsecurity=False) if len(like) == _SHA1_DIGITS else hashlib.sha256()
    for piece in _entries(contents):
        digest.update(piece)
        yield piece
    yield digest.digest()


def _entries(contents: Sequence[bytes]) -> Iterator[bytes]:
    yield b"PACK" + struct.pack(">II", 2, len(contents))
    for content in contents:
        size = len(content)
        head = [_COMMIT << 4 | size & 15]
        size >>= 4
        while size:
            head[-1] |= 128
            head.append(size & 127)
            size >>= 7
        yield bytes(head) + zlib.compress(content)


def _exchange(
    system: System, repository: str, argv: Sequence[str], handed: Iterator[bytes] | Sequence[bytes]
) -> bytes:
    talk = _converse(system, repository, *argv)
    try:
        for piece in handed:
            talk.ask(piece)
        return b"".join(talk.pieces())
    except BrokenPipeError as error:  # it ended before it had read all
        raise DevtoolError(f"`git {argv[0]}` ended early", "`git fsck` says what is wrong") from error
    finally:
        talk.close()


def _converse(system: System, repository: str, *argv: str) -> Conversation:
    # Neither replaced nor grafted: what is rewritten is what is pushed.
    own = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null"}
    return system.process.converse(
        [*GIT, "-C", repository, *argv], cwd="/", env={**git_environment(system.env), **own}
    )
