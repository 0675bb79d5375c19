"""The sign-offs of a range, in one pass over its commits."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devtool.adapters.history import commit_of, is_merge, read_commits, read_records
from devtool.adapters.repository import find_repository
from devtool.errors import InputError
from devtool.model.commit import Commit, Standard, Violation
from devtool.model.dco import Permissions, Range, Repair, SignOffReport
from devtool.model.remediation import Remediation, remediations
from devtool.model.sign_off import Identity, is_plainly_signed
from devtool.workflows.signing.judging import invalid_mail, is_by_github, is_exempt, judge, presence
from devtool.workflows.signing.permissions import PATH, read_permissions
from devtool.workflows.signing.ranges import UPSTREAM, find_range

if TYPE_CHECKING:
    from devtool.system import System

_MEMBERS = (
    f"`{PATH}` exempts members of the organisation whose commits carry a verified signature;"
    " who is one, only GitHub knows: here everybody has to sign off"
)
_SQUASHED = (
    "GitHub made a commit without the sign-offs of its parts: in the repository's settings,"
    ' let squash merging take "Default to pull request title and commit details"'
)


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    range: str | None = None
    """`A..B`; None for what the branch or the CI service says."""
    standard: Standard = "github"
    history: bool = False
    config: str | None = None
    """A file to read in place of the base's `.github/dco.yml`."""


@dataclass
class Tally:
    """What a pass over commits has found so far."""

    checked: int = 0
    skipped: int = 0
    violations: list[tuple[Commit, Violation]] = field(default_factory=list)
    """Newest first. The messages are dropped."""
    declared: dict[str, list[Remediation]] = field(default_factory=dict)
    """By the commit that they sign off; each made by somebody who may."""


def check(system: System, request: Request) -> SignOffReport:
    """Hold every commit of the range against the rule. Raises InputError where that cannot be done."""
    repository = find_repository(system, system.cwd)
    if repository is None:
        raise InputError(f"`{system.cwd}` is in no git repository")
    wanted = find_range(system, repository, request.range, history=request.history)
    allowed = Permissions()
    if request.standard == "github" and not request.history:
        path = posixpath.join(system.cwd, request.config) if request.config else None
        allowed = read_permissions(system, repository, wanted, path)
    if request.history and request.standard == "github":
        tally = count_present(read_records(system, repository, wanted))
    else:
        commits = read_commits(system, repository, wanted, trailers=request.standard != "github")
        tally = count(commits, request, allowed, merged_by_github=wanted.merged_by_github)
    violations = settle(tally)
    mended: tuple[Repair, ...] = ()
    if violations and not request.history:
        from devtool.workflows.signing.advising import repairs  # most ranges need none

        mended = repairs(system, repository, request.standard, wanted, violations, allowed)
    return SignOffReport(
        range=wanted,
        standard=request.standard,
        history=request.history,
        checked=tally.checked,
        skipped=tally.skipped,
        violations=violations,
        repairs=mended,
        notes=_notes(request, wanted, tally, allowed),
    )


def count_present(records: Iterable[bytes]) -> Tally:
    """See whether each commit has a sign-off, whoever's; most are seen to have one as a whole."""
    tally = Tally()
    for record in records:
        if is_plainly_signed(record) and b"[bot]@" not in record and not is_merge(record):
            tally.checked += 1
            continue
        commit = commit_of(record)
        if is_exempt(commit):
            tally.skipped += 1
            continue
        tally.checked += 1
        found = presence(commit, "github")
        if found is not None:
            tally.violations.append((commit._replace(message=b""), found))
    return tally


def count(
    commits: Iterable[Commit], request: Request, allowed: Permissions, *, merged_by_github: bool = False
) -> Tally:
    """Judge each commit by itself, and keep what it says of others."""
    tally = Tally()
    for commit in commits:
        if allowed.individual:
            _remember(tally.declared, commit, allowed)
        if is_exempt(commit):
            tally.skipped += 1
            continue
        tally.checked += 1
        lenient = request.history or (merged_by_github and is_by_github(commit))
        found = presence(commit, request.standard) if lenient else judge(commit, request.standard)
        if found is not None:
            tally.violations.append((commit._replace(message=b"", trailers=b""), found))
    return tally


def settle(tally: Tally) -> tuple[Violation, ...]:
    """The violations that no remediation mends, oldest first."""
    settled: list[Violation] = []
    for commit, found in reversed(tally.violations):
        author = commit.author.folded
        mended = any(each.author.folded == author for each in tally.declared.get(commit.id, ()))
        # A remediation does not cure an invalid address: the app looks at that after it.
        left = found if not mended else invalid_mail(commit)
        if left is not None:
            settled.append(left._replace(subject=found.subject))
    return tuple(settled)


def _remember(declared: dict[str, list[Remediation]], commit: Commit, allowed: Permissions) -> None:
    for each in remediations(commit.message):
        makers: tuple[Identity, ...] = (commit.author,)
        if each.third_party:
            if not allowed.third_party:
                continue
            makers = (commit.author, commit.committer)
        if each.declarant.folded in [maker.folded for maker in makers]:
            declared.setdefault(each.commit, []).append(each)


def _notes(request: Request, wanted: Range, tally: Tally, allowed: Permissions) -> tuple[str, ...]:
    notes = []
    if not tally.checked + tally.skipped and wanted.why == UPSTREAM:
        notes.append("`--range BASE..HEAD` looks at all that a pull request to BASE would carry")
    if wanted.merged_by_github and any(is_by_github(commit) for commit, _ in tally.violations):
        notes.append(_SQUASHED)
    if not allowed.members_sign:
        notes.append(_MEMBERS)
    if request.history and tally.violations:
        notes.append("merged history is not rewritten for a sign-off: this says what there is")
    return tuple(notes)
