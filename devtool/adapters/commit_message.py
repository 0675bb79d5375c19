"""What git tells a commit-msg hook: whose commit it will be, and what becomes of the message.

git is asked in the hook's own environment, which carries `--author` and `git -c`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from devtool.errors import DevtoolError
from devtool.model.sign_off import Identity

if TYPE_CHECKING:
    from devtool.system import System

_SCISSORS = b" ------------------------ >8 ------------------------"
_ANY_SCISSORS = re.compile(rb"^([#;@!$%^&|:])" + re.escape(_SCISSORS), re.MULTILINE)
_COMMENT_KEYS = ("core.commentchar=", "core.commentstring=")
# A merge needs no sign-off, and what a rebase melts together is signed in its parts.
_EXEMPT = (
    "MERGE_HEAD",
    "rebase-merge/message-squash",
    "rebase-merge/message-fixup",
    "rebase-merge/current-fixups",
)


class Making(NamedTuple):
    """The commit that git is about to make."""

    author: Identity
    committer: Identity
    comment: str
    """What begins a comment, as it is configured."""
    edited: bool
    """Whether an editor ran. Where none did git cuts nothing from the message, and says so by this editor."""
    under_way: bool
    """Whether it is a merge, or melts commits together."""


def find_making(system: System, path: str) -> Making:
    """What git is about to commit with the message in the file at `path`. Raises DevtoolError."""
    # One git for all that is asked: each takes as long as a tenth of the hook.
    answer = system.process.run(["git", "var", "-l"], cwd=system.cwd)
    if not answer.ok:
        told = answer.stderr.strip().splitlines() or [f"`git var` {answer.describe()}"]
        raise DevtoolError(f"nothing was committed: {told[0].removeprefix('fatal: ')}")
    folder = _git_folder(system, path)
    said = dict(line.partition("=")[::2] for line in answer.stdout.split("\n"))
    comments = [line for line in answer.stdout.split("\n") if line.lower().startswith(_COMMENT_KEYS)]
    return Making(
        author=_person(said.get("GIT_AUTHOR_IDENT", "")),
        committer=_person(said.get("GIT_COMMITTER_IDENT", "")),
        comment=comments[-1].partition("=")[2] or "#" if comments else "#",
        edited=system.env.get("GIT_EDITOR") != ":",
        under_way=any(system.files.kind(f"{folder}/{each}") is not None for each in _EXEMPT),
    )


def kept_of(message: bytes, making: Making) -> bytes:
    """The message without what git cuts from it: comments, and all below the scissors."""
    if not making.edited:
        return message
    comment = making.comment.encode()
    if making.comment == "auto":
        # git takes the first of these that begins no line; its scissors say which.
        scissors = _ANY_SCISSORS.search(message)
        comment = scissors[1] if scissors else b"#"
    cut = message.find(comment + _SCISSORS)
    while cut > 0 and message[cut - 1 : cut] != b"\n":
        cut = message.find(comment + _SCISSORS, cut + 1)
    whole = message if cut < 0 else message[:cut]
    return b"\n".join(line for line in whole.split(b"\n") if not line.startswith(comment))


def _git_folder(system: System, path: str) -> str:
    """The repository's folder, where git keeps the message itself."""
    folder, name = posixpath.split(posixpath.join(system.cwd, path))
    if name == "COMMIT_EDITMSG":
        return folder
    answer = system.process.run(["git", "rev-parse", "--git-dir"], cwd=system.cwd)
    return posixpath.join(system.cwd, answer.stdout.rstrip("\n"))


def _person(told: str) -> Identity:
    name, _, rest = told.partition(" <")
    return Identity(name, rest.rpartition("> ")[0])
