"""What git tells a commit-msg hook: whose commit it will be, and what becomes of the message.

git is asked in the hook's own environment, which carries `--author` and `git -c`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from devtool.errors import DevtoolError
from devtool.model.sign_off import Identity

if TYPE_CHECKING:
    from devtool.system import System

_SCISSORS = b" ------------------------ >8 ------------------------"
_ANY_SCISSORS = re.compile(rb"^([#;@!$%^&|:])" + re.escape(_SCISSORS), re.MULTILINE)
# A merge needs no sign-off, and what a rebase melts together is signed in its parts.
_EXEMPT = (
    "MERGE_HEAD",
    "rebase-merge/message-squash",
    "rebase-merge/message-fixup",
    "rebase-merge/current-fixups",
)


def is_under_way(system: System) -> bool:
    """Whether git is making a merge, or melting commits together. Raises DevtoolError."""
    folder = posixpath.join(system.cwd, _ask(system, "rev-parse", "--git-dir"))
    return any(system.files.kind(posixpath.join(folder, each)) is not None for each in _EXEMPT)


def people(system: System) -> tuple[Identity, Identity]:
    """Author and committer of the commit that is being made. Raises DevtoolError."""
    return _person(system, "GIT_AUTHOR_IDENT"), _person(system, "GIT_COMMITTER_IDENT")


def was_edited(system: System) -> bool:
    """Whether an editor ran. Where none did git cuts nothing from the message, and says so by this editor."""
    return system.env.get("GIT_EDITOR") != ":"


def kept_of(system: System, message: bytes) -> bytes:
    """The message without what git cuts from it: comments, and all below the scissors."""
    if not was_edited(system):
        return message
    comment = _comment(system, message)
    cut = message.find(comment + _SCISSORS)
    while cut > 0 and message[cut - 1 : cut] != b"\n":
        cut = message.find(comment + _SCISSORS, cut + 1)
    whole = message if cut < 0 else message[:cut]
    return b"\n".join(line for line in whole.split(b"\n") if not line.startswith(comment))


def _comment(system: System, message: bytes) -> bytes:
    for key in ("core.commentString", "core.commentChar"):
        answer = system.process.run(["git", "config", "--get", key], cwd=system.cwd)
        told = answer.stdout.rstrip("\n").encode() if answer.ok else b""
        if told and told != b"auto":
            return told
    # For `auto` git takes the first of these that begins no line; its scissors say which.
    scissors = _ANY_SCISSORS.search(message)
    return scissors[1] if scissors else b"#"


def _person(system: System, variable: str) -> Identity:
    name, _, rest = _ask(system, "var", variable).partition(" <")
    return Identity(name, rest.rpartition("> ")[0])


def _ask(system: System, *arguments: str) -> str:
    answer = system.process.run(["git", *arguments], cwd=system.cwd)
    if not answer.ok:
        told = answer.stderr.strip().splitlines()
        why = told[0] if told else f"`git {arguments[0]}` {answer.describe()}"
        raise DevtoolError(f"nothing was committed: {why.removeprefix('fatal: ')}")
    return answer.stdout.rstrip("\n")
