"""The commits of a branch anew, with lines added to some messages: ids known before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devtool.adapters.commit_objects import read_contents, read_trailer_blocks
from devtool.adapters.history import ask_git
from devtool.model.raw_commit import commit_id, parse_commit, rebuilt
from devtool.model.trailer_place import with_trailer

if TYPE_CHECKING:
    from collections.abc import Set

    from devtool.system import System


@dataclass
class Rebuilt:
    """Commits that are computed and not written."""

    new_ids: dict[str, str] = field(default_factory=dict)
    """By the old one, oldest first."""
    lines: dict[str, bytes] = field(default_factory=dict)
    """What was added, by the old id."""
    roots: list[str] = field(default_factory=list)
    """Old ids of those below which nothing changes."""
    signatures_lost: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    """Those that take no line."""


def rebuild(system: System, repository: str, ids: Sequence[str], chosen: Set[str]) -> Rebuilt:
    """Compute the chosen commits with their authors' sign-offs, and whatever stands on them.

    The ids come parents first. Raises DevtoolError.
    """
    made = Rebuilt()
    first = next((number for number, each in enumerate(ids) if each in chosen), None)
    if first is None:
        return made
    ids = ids[first:]
    blocks = read_trailer_blocks(system, repository, [each for each in ids if each in chosen])
    comment = _comment(system, repository)
    for name, content in zip(ids, read_contents(system, repository, ids), strict=True):
        commit = parse_commit(content)
        message, stands_on_new = commit.message, any(each in made.new_ids for each in commit.parents)
        if name in chosen and not commit.takes_lines:
            made.unfit.append(name)
        elif name in chosen:
            made.lines[name] = commit.sign_off
            below = blocks.get(name, False)
            message = with_trailer(message, commit.sign_off, below_trailers=below, comment=comment)
            if not stands_on_new:
                made.roots.append(name)
        if message is commit.message and not stands_on_new:
            continue
        new = rebuilt(commit, made.new_ids, message).content
        made.new_ids[name] = commit_id(new, like=name)
        made.contents.append(new)
        if commit.is_signed:
            made.signatures_lost.append(name)
    return made


def _comment(system: System, repository: str) -> bytes:
    told = ask_git(system, repository, "config", "core.commentChar").stdout.rstrip("\n")
    return told.encode() if told and told != "auto" else b"#"
