"""The commits of a range, as one stream of `git log`.

A message ends for git at its first null byte, so one null byte ends a record and nothing that a commit
holds can break the framing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devtool.adapters.repository import GIT, git_environment
from devtool.errors import DevtoolError, InputError
from devtool.model.commit import Commit
from devtool.model.sign_off import Identity, text_of

if TYPE_CHECKING:
    from devtool.model.command import Answer
    from devtool.model.dco import Range
    from devtool.system import System

_FIELDS = "%H%n%P%n%an%n%ae%n%cn%n%ce%n%B"
_TRAILERS = "%x00%(trailers:key=Signed-off-by,only,unfold)"
_OPTIONS = (
    "--encoding=UTF-8",
    *("--no-show-signature", "--no-notes", "--no-color", "--no-decorate", "--no-patch", "--no-ext-diff"),
)
_QUIET = ("-c", "log.follow=false", "-c", "trailer.separators=:")


def read_commits(
    system: System, repository: str, wanted: Range, *, trailers: bool = False
) -> Iterator[Commit]:
    """The range's commits, newest first, as they are read. Raises InputError where git cannot go on."""
    records = read_records(system, repository, wanted, trailers=trailers)
    for record in records:
        yield commit_of(record, next(records) if trailers else b"")


def read_records(
    system: System, repository: str, wanted: Range, *, trailers: bool = False
) -> Iterator[bytes]:
    """The same as git prints them; with `trailers` each is followed by a record of its trailers."""
    form = f"--format=tformat:{_FIELDS}{_TRAILERS if trailers else ''}"
    revisions = [wanted.head] if wanted.base is None else [wanted.head, f"^{wanted.base}"]
    argv = [*GIT, *_QUIET, "-C", repository, "log", *_OPTIONS, "-z", form, *revisions, "--"]
    with _told("cannot read the range's commits"):
        # Joined only when it is whole: a record of many pieces would be copied with each of them.
        parts: list[bytes] = []
        for piece in _pieces(system, argv):
            first, *others = piece.split(b"\0")
            parts.append(first)
            if others:
                yield b"".join(parts)
                parts = [others.pop()]
                yield from others


def is_merge(record: bytes) -> bool:
    """Whether the commit of a record has several parents."""
    start = record.find(b"\n") + 1
    return record.find(b" ", start, record.find(b"\n", start)) >= 0


def commit_of(record: bytes, trailers: bytes = b"") -> Commit:
    """A record read apart."""
    name, parents, author, author_mail, committer, committer_mail, message = record.split(b"\n", 6)
    return Commit(
        name.decode(),
        len(parents.split()),
        Identity(text_of(author), text_of(author_mail)),
        Identity(text_of(committer), text_of(committer_mail)),
        message,
        trailers,
    )


def read_ids(system: System, repository: str, *revisions: str) -> Iterator[str]:
    """Ids of the commits that the revisions name together, in the order of `git rev-list`."""
    argv = [*GIT, "-C", repository, "rev-list", *revisions, "--"]
    with _told("cannot walk the range"):
        rest = b""
        for piece in _pieces(system, argv):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line.decode() for line in lines)


def ask_git(system: System, repository: str, *arguments: str) -> Answer:
    """One short git command over the commits as they are, no others put in their place."""
    return system.process.run(
        [*GIT, "-C", repository, *arguments], cwd="/", env=_environment(system), timeout_seconds=60
    )


def find_commit(system: System, repository: str, revision: str) -> str | None:
    """The full id of the commit that a revision names, None where it names none here."""
    answer = ask_git(
        system, repository, "rev-parse", "-q", "--verify", "--end-of-options", f"{revision}^{{commit}}"
    )
    return answer.stdout.strip() if answer.ok else None


def find_boundaries(system: System, repository: str) -> frozenset[str]:
    """Ids of the commits at which a shallow history is cut off. Raises InputError."""
    # Not `--path-format`: git before 2.31 prints it back, and a file of that name is never there.
    answer = ask_git(system, repository, "rev-parse", "--is-shallow-repository", "--git-path", "shallow")
    shallow, _, path = answer.stdout.rstrip("\n").partition("\n")
    if not answer.ok or shallow == "false":
        return frozenset()
    found = frozenset((system.files.read_text(posixpath.join(repository, path)) or "").split())
    if not found:
        raise InputError(f"where the shallow history of `{repository}` is cut off cannot be read")
    return found


def _pieces(system: System, argv: list[str]) -> Iterator[bytes]:
    talk = system.process.converse(argv, cwd="/", env=_environment(system))
    try:
        yield from talk.pieces()
    finally:
        talk.close()


def _environment(system: System) -> dict[str, str | None]:
    # Neither replaced nor grafted: what a check of the pull request sees is what was pushed.
    own = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null"}
    # Into a pipe git writes each commit by itself, which takes it and us a third longer.
    return {**git_environment(system.env), **own, "GIT_FLUSH": "0"}


@contextmanager
def _told(what: str) -> Iterator[None]:
    """A failure of git is no verdict: it must not leave with the status of one."""
    try:
        yield
    except DevtoolError as error:
        raise InputError(f"{what}: {error.message}", error.hint) from error
