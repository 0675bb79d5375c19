"""The commit-msg hook: a message without its sign-off is refused before there is a commit."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from devtool.adapters.commit_message import find_making, kept_of
from devtool.errors import DevtoolError, InputError
from devtool.model.commit import Commit, Violation
from devtool.workflows.signing.judging import judge, printable

if TYPE_CHECKING:
    from devtool.system import System

_LIMIT_BYTES = 64 * 1024**2


def see_signed(system: System, path: str) -> None:
    """Raise DevtoolError unless the message in the file is signed off as the DCO check wants it."""
    message = system.files.read_bytes(posixpath.join(system.cwd, path), _LIMIT_BYTES)
    if message is None:
        raise InputError(f"`{path}` is not there", "git calls its commit-msg hook with the message's file")
    making = find_making(system, path)
    kept = kept_of(message, making)
    # Somebody who empties the message in the editor wants no commit.
    if making.under_way or (making.edited and not kept.strip()):
        return
    found = judge(Commit("", 1, making.author, making.committer, kept), "github")
    if found is not None:
        raise _refusal(found, str(making.author))


def _refusal(found: Violation, author: str) -> DevtoolError:
    if found.rule == "author-mail-invalid":
        return DevtoolError(
            f"nothing was committed: the DCO check refuses the author, since {found.summary}",
            "set yours: `git config user.email NAME@HOST.DOMAIN`",
        )
    instead = f"; what it has instead is `{found.found[-1]}`" if found.found else ""
    unseen = "".join(f"; {each}" for each in found.differences[:1])
    wanted = f"`Signed-off-by: {printable(author)}`"
    return DevtoolError(
        f"nothing was committed: the message lacks the line {wanted}{instead}{unseen}",
        "sign off with `git commit -s`, or `git commit --amend -s --no-edit` if you were amending",
    )
