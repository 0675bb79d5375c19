"""Which pull request is meant: what branch it is for, what it carries, and how it is described."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.changes import changed_files, count_missing, fork_point, new_commits
from devtool.adapters.history import ask_git, find_boundaries, find_commit, read_ids
from devtool.errors import InputError
from devtool.model.pull_request import Proposal

if TYPE_CHECKING:
    from devtool.adapters.ci.proposals import Said
    from devtool.system import System

_LONGEST_TITLE = 1000
_LONGEST_BODY = 65536
_FALLBACKS = ("main", "master")
_MERGED = re.compile(r" \(#\d{1,7}\)$")
_SHORT = 10


@dataclass(frozen=True)
class Base:
    """A branch to merge into."""

    shown: str
    target: str
    id: str
    remote: str = ""
    """The remote that it was fetched from; empty for a branch of this repository."""
    why: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a person says of the pull request; None for what branch and CI service say."""

    base: str | None = None
    title: str | None = None
    body: str | None = None


def find_proposal(system: System, repository: str, wanted: Wanted) -> tuple[Proposal, Base]:
    """The pull request, all of whose commits are here. Raises InputError."""
    _see_readable(system, repository)
    said = _said(system)
    base = _base(system, repository, wanted.base, said)
    name = said.head_id if said and said.head_id else "HEAD"
    head = find_commit(system, repository, name)
    if head is None:
        raise InputError(
            f"{said.service if said else 'git'}: the head of the pull request is not here",
            f"`{_fetch(system, repository, base.remote or 'origin', base.target, name)}` brings it",
        )
    _see_whole(system, repository, base, head)
    fork = fork_point(system, repository, base.id, head)
    if fork is None:
        raise InputError(
            f"`{base.shown}` and this branch have no commit in common",
            "name the branch that it is for: `devtool pr check --base BRANCH`",
        )
    commits = new_commits(system, repository, base.id, head)
    title, title_from, body, body_from = _described(system, repository, commits, wanted, said)
    branch = ask_git(system, repository, "symbolic-ref", "-q", "--short", "HEAD").stdout.strip()
    proposal = Proposal(
        base=base.shown,
        target=base.target,
        base_id=base.id,
        head_id=head,
        fork_id=fork,
        branch=branch,
        files=changed_files(system, repository, fork, head),
        commits=commits,
        behind=count_missing(system, repository, base.id, head),
        title=None if title is None else title[:_LONGEST_TITLE],
        title_from=title_from,
        body=None if body is None else body[:_LONGEST_BODY],
        body_from=body_from,
        labels=said.labels if said else (),
        why=base.why,
    )
    return proposal, base


def message_of(system: System, repository: str, commit: str) -> tuple[str, str]:
    """Subject and body of a commit, as GitHub takes them for title and text of a pull request."""
    options = ("log", "-1", "--no-show-signature", "--no-notes", "--encoding=UTF-8", "--format=%s%x00%b")
    told = ask_git(system, repository, *options, commit, "--").stdout
    subject, _, body = told.partition("\0")
    return subject, body.strip("\n")


def remotes(system: System, repository: str) -> list[str]:
    """Names of the remotes, the project's own before a person's copy of it."""
    listed = ask_git(system, repository, "remote").stdout.split()
    return sorted(listed, key=lambda name: ({"upstream": 0, "origin": 1}.get(name, 2), name))


def default_branch(system: System, repository: str, remote: str) -> str | None:
    """The name of a remote's default branch, as far as it is known here."""
    answer = ask_git(system, repository, "symbolic-ref", "-q", f"refs/remotes/{remote}/HEAD")
    # It may name a branch that was renamed or never fetched.
    named = answer.stdout.strip().removeprefix(f"refs/remotes/{remote}/") if answer.ok else ""
    names = (name for name in (named, *_FALLBACKS) if name)
    return next(
        (name for name in names if find_commit(system, repository, f"refs/remotes/{remote}/{name}")), None
    )


def _see_readable(system: System, repository: str) -> None:
    """Raise InputError where git cannot say what is checked out."""
    answer = ask_git(system, repository, "rev-parse", "--verify", "HEAD^{commit}")
    if not answer.found:
        raise InputError("`git` is not on PATH", "`devtool setup` installs it")
    told = answer.stderr.strip().splitlines()
    if not answer.ok and told and "Needed a single revision" not in told[0]:
        raise InputError(f"git cannot read `{repository}`: {told[0].removeprefix('fatal: ')}")
    if not answer.ok:
        raise InputError(f"`{repository}` has no commit yet", "commit something, then ask again")


def _said(system: System) -> Said | None:
    from devtool.adapters.ci.proposals import said_by_service

    return said_by_service(system)


def _base(system: System, repository: str, given: str | None, said: Said | None) -> Base:
    if given is not None:
        return _named(system, repository, given.removeprefix("refs/heads/"))
    if said is not None and said.target:
        return _of_service(system, repository, said, said.target)
    own = ask_git(system, repository, "symbolic-ref", "-q", "HEAD").stdout.strip()
    form = "--format=%(upstream)%00%(upstream:remotename)"
    told = ask_git(system, repository, "for-each-ref", form, own).stdout.strip("\n") if own else ""
    full, _, remote = told.partition("\0")
    tracked = (
        full.removeprefix(f"refs/remotes/{remote}/") if remote and full.startswith("refs/remotes/") else ""
    )
    # A branch that tracks its own name was pushed; one that tracks another is based on that.
    if tracked and tracked != own.removeprefix("refs/heads/"):
        # The project's own, where what is tracked is a person's copy of it.
        for each in dict.fromkeys((*remotes(system, repository)[:1], remote)):
            if found := _remote(system, repository, f"{each}/{tracked}"):
                why = f"this branch tracks `{remote}/{tracked}`"
                return Base(f"{each}/{tracked}", tracked, found, each, why)
    for remote in remotes(system, repository):
        default = default_branch(system, repository, remote)
        found = find_commit(system, repository, f"refs/remotes/{remote}/{default}") if default else None
        if default and found:
            why = f"the default branch of `{remote}`; `--base BRANCH` names another"
            return Base(f"{remote}/{default}", default, found, remote, why)
    raise InputError(
        "which branch the pull request is for is not known: no remote's default branch is here",
        "name it: `devtool pr check --base BRANCH`",
    )


def _named(system: System, repository: str, name: str) -> Base:
    listed = remotes(system, repository)
    for remote in listed:
        if name.startswith(f"{remote}/") and (found := _remote(system, repository, name)):
            return Base(name, name.removeprefix(f"{remote}/"), found, remote)
    for remote in listed:
        if found := _remote(system, repository, f"{remote}/{name}"):
            return Base(f"{remote}/{name}", name, found, remote)
    if found := find_commit(system, repository, f"refs/heads/{name}"):
        return Base(name, name, found)
    remote = next((each for each in listed if name.startswith(f"{each}/")), listed[0] if listed else "")
    if not remote:
        raise InputError(f"there is no branch `{name}` here", "`git branch -a` lists those that there are")
    raise InputError(
        f"there is no branch `{name}` here",
        f"`{_fetch(system, repository, remote, name.removeprefix(f'{remote}/'))}` brings it,"
        " `git branch -a` lists those that there are",
    )


def _of_service(system: System, repository: str, said: Said, target: str) -> Base:
    listed = remotes(system, repository)
    remote = "origin" if "origin" in listed else (listed or ["origin"])[0]
    found = find_commit(system, repository, said.base_id) if said.base_id else None
    found = found or _remote(system, repository, f"{remote}/{target}")
    if found is None:
        raise InputError(
            f"{said.service}: the base `{target}` is not here",
            f"`{_fetch(system, repository, remote, target)}` brings it",
        )
    return Base(f"{remote}/{target}", target, found, remote, said.service)


def _remote(system: System, repository: str, name: str) -> str | None:
    return find_commit(system, repository, f"refs/remotes/{name}")


def _fetch(system: System, repository: str, remote: str, branch: str, *more: str) -> str:
    depth = ["--unshallow"] if find_boundaries(system, repository) else []
    refspec = f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"
    return shlex.join(["git", "fetch", "--no-tags", *depth, remote, refspec, *more])


def _see_whole(system: System, repository: str, base: Base, head: str) -> None:
    """Raise InputError where a shallow history is cut off before the two meet."""
    boundaries = find_boundaries(system, repository)
    if not boundaries:
        return
    cut = next(
        (each for each in read_ids(system, repository, f"{base.id}...{head}") if each in boundaries), None
    )
    if cut is None:
        return
    remote = base.remote or next(iter(remotes(system, repository)), "")
    raise InputError(
        f"this clone is shallow: it is cut off at {cut[:_SHORT]}, before `{base.shown}` and this branch meet",
        f"`{_fetch(system, repository, remote, base.target)}` brings the rest" if remote else None,
    )


def _described(
    system: System, repository: str, commits: tuple[str, ...], wanted: Wanted, said: Said | None
) -> tuple[str | None, str, str | None, str]:
    """Title and text, each with who says so: the person, the service, else the only commit."""
    title, body = wanted.title, wanted.body
    title_from = "`--title`" if title is not None else ""
    body_from = "`--body`" if body is not None else ""
    if said is not None:
        if title is None and said.title is not None:
            title, title_from = said.title, said.service
        if body is None and said.body is not None:
            body, body_from = said.body, said.service
    if (title is None or body is None) and len(commits) == 1:
        subject, text = message_of(system, repository, commits[0])
        if title is None:
            # A cherry-pick of what was merged carries the number that it was merged under.
            title, title_from = _MERGED.sub("", subject), "the only commit"
        if body is None:
            body, body_from = text, "the only commit"
    return title, title_from, body, body_from
