"""What git alone tells of a pull request: whether it merges, its size, its files and who wrote it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from devtool.adapters.changes import blob_sizes
from devtool.adapters.history import ask_git
from devtool.adapters.merging import try_merge
from devtool.model.mail_address import is_bot, is_valid
from devtool.model.pull_request import Judgement, Proposal
from devtool.workflows.submitting.finding import Base
from devtool.workflows.submitting.judging import size_label
from devtool.workflows.submitting.stating import Statement

if TYPE_CHECKING:
    from devtool.system import System

_MOST_SHOWN = 8
_REFUSED_BYTES = 100 * 1024**2
"""https://docs.github.com/repositories/working-with-files/managing-large-files"""
_KIB = 1024


def judge_merging(system: System, repository: str, proposal: Proposal, base: Base) -> list[Judgement]:
    """Whether it merges, and how much the base has that it has not."""
    update = _update(base)
    if not proposal.behind:
        summary = f"it stands on the newest commit of `{base.shown}` that is here"
        return [
            Judgement("pr-conflicts", "ok", f"nothing in `{base.shown}` is new to it, so nothing conflicts"),
            Judgement("pr-up-to-date", "ok", summary),
        ]
    trial = try_merge(system, repository, proposal.base_id, proposal.head_id, proposal.fork_id)
    commits = "1 commit" if proposal.behind == 1 else f"{proposal.behind:,} commits"
    behind = Judgement(
        "pr-up-to-date",
        "warning",
        f"`{base.shown}` has {commits} that it has not",
        repair="not needed to be merged, as long as nothing conflicts; CI then tests what will be there",
        commands=update,
    )
    if trial.unknown:
        summary = f"whether it merges into `{base.shown}` cannot be told: {trial.unknown}"
        return [
            Judgement("pr-conflicts", "unknown", summary, repair="see it by doing it", commands=update),
            behind,
        ]
    if not trial.conflicts:
        followed = "" if trial.renames else " (this git is older than 2.38 and follows no renamed file)"
        return [Judgement("pr-conflicts", "ok", f"it merges into `{base.shown}`{followed}"), behind]
    paths = trial.conflicts[:_MOST_SHOWN]
    more = len(trial.conflicts) - len(paths)
    files = "1 file" if len(trial.conflicts) == 1 else f"{len(trial.conflicts)} files"
    return [
        Judgement(
            "pr-conflicts",
            "failure",
            f"it conflicts with `{base.shown}` in {files}",
            found=(*paths, f"and {more} more") if more else paths,
            repair="take the base in, resolve what git names, and commit that signed off",
            commands=update,
            path=paths[0],
        ),
        behind,
    ]


def judge_size(proposal: Proposal, statement: Statement) -> Judgement:
    """How much there is to review."""
    lines = proposal.added + proposal.removed
    label = size_label(proposal, statement.project)
    files = "1 file" if len(proposal.files) == 1 else f"{len(proposal.files):,} files"
    added = "1 line" if proposal.added == 1 else f"{proposal.added:,} lines"
    told = f"{added} added and {proposal.removed:,} removed in {files}" + (f": {label}" if label else "")
    if not proposal.commits:
        return Judgement(
            "pr-size", "failure", "it has no commit that the base has not", repair="commit something"
        )
    if lines < statement.project.large_lines:
        return Judgement("pr-size", "ok", told)
    return Judgement(
        "pr-size",
        "warning",
        f"it is large to review: {told}",
        expected=(f"fewer than {statement.project.large_lines:,} lines",),
        repair="where it has parts that stand alone, send each by itself",
    )


def judge_large_files(system: System, repository: str, proposal: Proposal, statement: Statement) -> Judgement:
    """Whether a file is too large for a repository."""
    present = [each for each in proposal.files if each.blob and not each.module and each.status in "AMTRC"]
    sizes = blob_sizes(system, repository, [each.blob for each in present])
    limit = statement.project.large_file_bytes
    large = [(sizes[each.blob], each.path) for each in present if sizes.get(each.blob, 0) > limit]
    if not large:
        return Judgement("pr-large-files", "ok", f"no file is larger than {_shown(limit)}")
    large.sort(reverse=True)
    refused = large[0][0] > _REFUSED_BYTES
    named = tuple(f"{path}: {_shown(size)}" for size, path in large[:_MOST_SHOWN])
    return Judgement(
        "pr-large-files",
        "failure" if refused else "warning",
        "GitHub refuses files of more than 100 MiB"
        if refused
        else "it brings large files, which stay in every clone",
        expected=(f"at most {_shown(_REFUSED_BYTES if refused else limit)} a file",),
        found=named,
        repair="have it made or fetched where it is needed, and take it out of every commit that has it",
        path=large[0][1],
    )


def judge_mails(system: System, repository: str, proposal: Proposal, statement: Statement) -> Judgement:
    """Whether GitHub can tell whose commits they are."""
    options = (
        "log",
        "--no-show-signature",
        "--no-notes",
        "--no-merges",
        "--encoding=UTF-8",
        "--format=%ae%x00%an",
    )
    told = ask_git(system, repository, *options, proposal.head_id, f"^{proposal.base_id}", "--").stdout
    people = dict.fromkeys(line.partition("\0")[::2] for line in told.split("\n") if line)
    wrong = [(mail, name) for mail, name in people if not is_bot(mail) and not is_valid(mail)]
    unreal = [
        (mail, name)
        for mail, name in people
        if (mail, name) not in wrong
        and any(each.search(mail) for each in statement.project.placeholder_mails)
    ]
    if not wrong and not unreal:
        return Judgement("pr-author-mail", "ok", "every author has a mail address that GitHub can take")
    shown = tuple(f"{name} <{mail}>" for mail, name in (wrong or unreal)[:_MOST_SHOWN])
    return Judgement(
        "pr-author-mail",
        "failure" if wrong else "warning",
        "an author's mail address is not valid, which the DCO check refuses"
        if wrong
        else "an author's mail address is nobody's: GitHub ties the commit to no account",
        expected=("an address that is among those of your GitHub account",),
        found=shown,
        repair="set yours, then give it to your commits",
        commands=(
            "git config user.email NAME@HOST.DOMAIN",
            "git commit --amend --no-edit --reset-author --signoff",
        ),
    )


def _update(base: Base) -> tuple[str, ...]:
    if not base.remote:
        return (shlex.join(["git", "merge", "--signoff", base.shown]),)
    return (shlex.join(["git", "fetch", base.remote]), shlex.join(["git", "merge", "--signoff", base.shown]))


def _shown(size: int) -> str:
    return f"{size / _KIB**2:.1f} MiB" if size >= _KIB**2 else f"{size / _KIB:.0f} KiB"
