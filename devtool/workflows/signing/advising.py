"""What mends the commits that lack a sign-off, without signing for anybody else.

Not `git rebase --signoff`: it flattens merges, and signs the commits of others with the name of whoever
runs it, which the DCO app then takes.
"""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from devtool.adapters.history import ask_git
from devtool.model.commit import Standard, Violation
from devtool.model.dco import Permissions, Range, Repair
from devtool.model.sign_off import Identity

if TYPE_CHECKING:
    from devtool.system import System

# `awk 1` ends the last line: behind a message without one git would put the trailer into the subject.
_SIGNING = (
    "awk 1 | git interpret-trailers --no-divider"
    ' --trailer "Signed-off-by: $GIT_AUTHOR_NAME <$GIT_AUTHOR_EMAIL>"'
)
_ADDRESS = "GIT_AUTHOR_EMAIL=$(git config user.email) GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL"
_AMENDMENT = "git commit --amend --no-edit --allow-empty"
_NOT_SHARED = "only while nobody else builds on the branch"
_NOTHING_OPEN = f"{_NOT_SHARED}, and with nothing uncommitted"


def repairs(
    system: System,
    repository: str,
    standard: Standard,
    wanted: Range,
    violations: tuple[Violation, ...],
    allowed: Permissions,
) -> tuple[Repair, ...]:
    """One repair for each author, in the order of their first commits."""
    me = find_person(system, repository)
    order = {
        author: number for number, author in reversed(list(enumerate(v.author.folded for v in violations)))
    }
    by_author = sorted(violations, key=lambda v: order[v.author.folded])
    return tuple(
        _repair(list(own), wanted, standard, allowed, me)
        for _, own in groupby(by_author, key=lambda v: v.author.folded)
    )


def _repair(
    own: list[Violation], wanted: Range, standard: Standard, allowed: Permissions, me: Identity | None
) -> Repair:
    author = own[0].author
    ids = tuple(violation.commit for violation in own)
    invalid = any(violation.rule == "author-mail-invalid" for violation in own)
    mine = me is not None and me.mail.lower() == author.mail.lower()
    many = "this commit" if len(own) == 1 else f"these {len(own)} commits"
    if invalid:
        setting = 'git config user.email "NAME@HOST.DOMAIN"'
        text = f"{author} sets an address that is valid, then gives it to {many}; {_NOTHING_OPEN}"
        return Repair(ids, text, (setting, *_readdressing(ids, wanted)))
    if allowed.individual:
        text = f"{author} signs {many} by another one on top; nothing is rewritten"
        return Repair(ids, text, (_remediation(author, ids),))
    text = f"sign {many} off" if mine else f"{author} signs {many} off"
    if not mine and me is not None:
        text = f"nobody can sign for somebody else: ask {author} to run this"
    option = "--signoff" if standard != "strict" else shlex.join(["--trailer", f"Signed-off-by: {author}"])
    if ids == (wanted.head,):
        return Repair(ids, f"{text}; {_NOTHING_OPEN}", (f"{_AMENDMENT} {option}",))
    rule = "" if standard == "github" else f" --rule {standard}"
    command = f"devtool dco repair --range {_revisions(wanted)}{rule}"
    return Repair(ids, f"{text}; {_NOT_SHARED}", (command,))


def _readdressing(ids: tuple[str, ...], wanted: Range) -> tuple[str, ...]:
    """What gives these commits a valid address and a sign-off, and keeps those on top of them.

    Not `git rebase`: it makes merges anew, which can conflict.
    """
    if ids == (wanted.head,):
        return (f"{_AMENDMENT} --reset-author --signoff",)
    chosen = f"case $GIT_COMMIT in {'|'.join(ids)})"
    change = f"--env-filter '{chosen} {_ADDRESS};; esac' --msg-filter '{chosen} {_SIGNING};; *) cat;; esac'"
    revisions = "HEAD" if wanted.base is None else f"{_base(wanted)}..HEAD"
    top = '"$(git rev-parse --show-toplevel)"'
    return (f"FILTER_BRANCH_SQUELCH_WARNING=1 git -C {top} filter-branch --force {change} {revisions}",)


def _revisions(wanted: Range) -> str:
    """The range as it can be typed again; its end by id where that is not what is checked out."""
    end = "HEAD" if wanted.shown.rpartition("..")[2] in ("", "HEAD") else wanted.head
    return end if wanted.base is None else f"{_base(wanted)}..{end}"


def _base(wanted: Range) -> str:
    """The base as it can be typed again, wherever that is."""
    assert wanted.base is not None
    name = wanted.shown.partition("..")[0]
    return shlex.quote(name) if name.startswith(("origin/", "upstream/")) else wanted.base


def _remediation(author: Identity, ids: tuple[str, ...]) -> str:
    """The command for a remediation commit with the words that the app looks for."""
    sentences = [f"I, {author}, hereby add my Signed-off-by to this commit: {each}" for each in ids]
    title = f"DCO Remediation Commit for {author}"
    return shlex.join(
        ["git", "commit", "--allow-empty", "--signoff", "-m", title, "-m", "\n".join(sentences)]
    )


def find_person(system: System, repository: str) -> Identity | None:
    """Who commits here, where git was told."""
    name = ask_git(system, repository, "config", "user.name").stdout.rstrip("\n")
    mail = ask_git(system, repository, "config", "user.email").stdout.rstrip("\n")
    return Identity(name, mail) if name and mail else None
