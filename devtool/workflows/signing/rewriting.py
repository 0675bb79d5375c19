"""Giving commits the sign-offs that they lack: the person's own, and nobody else's.

Looked at first, written as objects that nothing names, judged again by the rule, and only then does the
branch move, at once. The files are the same before and after, so neither work tree nor index is touched.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.adapters.branches import Branch, find_branch
from devtool.adapters.commit_objects import make_commit, write_contents
from devtool.adapters.history import ask_git, read_commits, read_ids
from devtool.adapters.repository import find_repository
from devtool.errors import DevtoolError, InputError
from devtool.model.commit import Commit, Violation
from devtool.model.dco import Permissions, Range
from devtool.model.moved_branch import MoveBranch
from devtool.model.remedy import Plan, Step
from devtool.model.rewriting import Rewriting, Signing
from devtool.model.sign_off import Identity, text_of
from devtool.workflows.signing.advising import find_person, repairs
from devtool.workflows.signing.asking import askings
from devtool.workflows.signing.checking import Request, Tally, count, settle
from devtool.workflows.signing.judging import invalid_mail, judge
from devtool.workflows.signing.obstacles import find_obstacles
from devtool.workflows.signing.permissions import read_permissions
from devtool.workflows.signing.ranges import UPSTREAM, find_range
from devtool.workflows.signing.rebuilding import Rebuilt, rebuild

if TYPE_CHECKING:
    from devtool.system import System

_INVALID = "author-mail-invalid"
_TITLE = "Third-Party DCO Remediation Commit"
_WIDER = "`--range BASE..HEAD` looks at all that a pull request to BASE would carry"
_REASON = "add the sign-offs that are lacking"


@dataclass(frozen=True)
class Prospect:
    """What would come of it, and what it takes to bring that about."""

    rewriting: Rewriting
    branch: Branch
    request: Request
    allowed: Permissions
    rebuilt: Rebuilt
    looked_at: frozenset[str] | None
    """Full ids of the commits that were held against the rule; None for the newest alone."""


def look_at_range(system: System, request: Request) -> Prospect:
    """What a repair of the range would come to; changes nothing. Raises DevtoolError."""
    branch, me = _standing(system)
    wanted = find_range(system, branch.repository, request.range, history=False)
    below = [f"^{wanted.base}"] if wanted.base else []
    ids = list(read_ids(system, branch.repository, "--topo-order", "--reverse", branch.head, *below))
    looked_at = frozenset(ids)
    if wanted.head != branch.head:
        looked_at = frozenset(read_ids(system, branch.repository, wanted.head, *below))
        if not looked_at <= frozenset(ids):
            raise InputError(
                f"`{wanted.shown}` has commits that `{branch.name}`, the branch that is checked out, has not",
                "switch to the branch that has them: `git switch NAME`",
            )
    allowed = Permissions()
    if request.standard == "github":
        path = posixpath.join(system.cwd, request.config) if request.config else None
        allowed = read_permissions(system, branch.repository, wanted, path)
    tally = _tally(system, branch.repository, wanted, request, allowed)
    return _prospect(system, branch, me, wanted, request, allowed, tally, ids, looked_at)


def look_at_head(system: System, request: Request) -> Prospect:
    """What signing the newest commit alone would come to; changes nothing. Raises DevtoolError."""
    branch, me = _standing(system)
    wanted = Range("HEAD", branch.head)
    commit = _newest(system, branch.repository, branch.head, request)
    found = judge(commit, request.standard)
    tally = Tally(checked=1, violations=[(commit, found)] if found else [])
    return _prospect(system, branch, me, wanted, request, Permissions(), tally, [branch.head], None)


def carry_out(system: System, prospect: Prospect) -> Rewriting:
    """Write the commits, judge them again, and move the branch; what holds then. Raises DevtoolError."""
    rewriting, branch, made = prospect.rewriting, prospect.branch, prospect.rebuilt
    write_contents(system, branch.repository, made.contents, like=branch.head)
    after = rewriting.after
    if rewriting.remediation is not None:
        message = rewriting.remediation.encode("utf-8", "surrogateescape")
        after = make_commit(system, branch.repository, after, message)
    _see_mended(system, prospect, after)
    # Here rather than above: what reads a journal is not needed to look.
    from devtool.remedies.application import apply

    action = MoveBranch(branch.repository, branch.ref, branch.head, after, _REASON)
    application = apply(system, Plan((Step(action, ("dco",)),)))
    if application.error is not None:
        raise application.error
    return replace(rewriting, after=after, backup=action.kept, done=True)


def _newest(system: System, repository: str, head: str, request: Request) -> Commit:
    commits = read_commits(system, repository, Range("HEAD", head), trailers=request.standard != "github")
    return next(iter(commits))


def _standing(system: System) -> tuple[Branch, Identity]:
    repository = find_repository(system, system.cwd)
    if repository is None:
        raise InputError(f"`{system.cwd}` is in no git repository")
    me = find_person(system, repository)
    if me is None:
        raise InputError(
            "git does not know who you are, so which commits are yours is not known",
            '`git config user.name "NAME"` and `git config user.email "NAME@HOST.DOMAIN"` say it',
        )
    return find_branch(system, repository), me


def _tally(system: System, repository: str, wanted: Range, request: Request, allowed: Permissions) -> Tally:
    commits = read_commits(system, repository, wanted, trailers=request.standard != "github")
    return count(commits, request, allowed, merged_by_github=wanted.merged_by_github)


def _prospect(
    system: System,
    branch: Branch,
    me: Identity,
    wanted: Range,
    request: Request,
    allowed: Permissions,
    tally: Tally,
    ids: list[str],
    looked_at: frozenset[str] | None,
) -> Prospect:
    violations = settle(tally)
    commits = {commit.id: commit for commit, _ in tally.violations}
    own = frozenset(v.commit for v in violations if _is_mended(commits[v.commit], v, me, request))
    made = rebuild(system, branch.repository, ids, own)
    _see_declared(tally, made)
    subjects = {v.commit: v.subject for v in violations}
    lacking = tuple(v for v in violations if v.commit not in made.lines)
    on_behalf = request.standard == "github" and allowed.individual and allowed.third_party
    others = [v.commit for v in lacking if on_behalf and _may_declare(commits[v.commit], v, me)]
    left = tuple(_renamed(v, made) for v in lacking if v.commit not in others)
    after = made.new_ids.get(branch.head, branch.head)
    wanted_then = replace(wanted, head=made.new_ids.get(wanted.head, wanted.head))
    mending = repairs(system, branch.repository, request.standard, wanted_then, left, allowed) if left else ()
    unfit = frozenset(made.new_ids.get(each, each) for each in made.unfit)
    asked = askings(
        mending, left, branch=branch.name, wanted=wanted, me=me, unfit=unfit, remediable=allowed.individual
    )
    changed = bool(made.new_ids or others)
    rewriting = Rewriting(
        branch=branch.name,
        range=wanted,
        before=branch.head,
        after=after,
        signed=tuple(
            Signing(old, made.new_ids[old], subjects[old], text_of(line)) for old, line in made.lines.items()
        ),
        carried=tuple(pair for pair in made.new_ids.items() if pair[0] not in made.lines),
        signatures_lost=tuple(made.signatures_lost),
        left=left,
        requests=asked,
        remediation=_remediation(
            [(commits[each].author, made.new_ids.get(each, each)) for each in others], me
        ),
        obstacles=find_obstacles(system, branch, made.roots) if changed else (),
        notes=(_WIDER,) if not ids and wanted.why == UPSTREAM else (),
    )
    return Prospect(rewriting, branch, request, allowed, made, looked_at)


def _is_mended(commit: Commit, found: Violation, me: Identity, request: Request) -> bool:
    """Whether the author is this person, by the mail address, and only the author's line is lacking."""
    if found.rule == _INVALID or not _same(commit.author, me):
        return False
    line = f"Signed-off-by: {commit.author}".encode("utf-8", "surrogateescape")
    return judge(commit._replace(message=line, trailers=line), request.standard) is None


def _same(author: Identity, me: Identity) -> bool:
    return author.mail.lower() == me.mail.lower()


def _renamed(violation: Violation, made: Rebuilt) -> Violation:
    return violation._replace(commit=made.new_ids.get(violation.commit, violation.commit))


def _see_declared(tally: Tally, made: Rebuilt) -> None:
    """Raise DevtoolError where a commit that gets another id is signed off elsewhere by its old one."""
    for old in tally.declared:
        if old in made.new_ids and old not in made.lines:
            raise DevtoolError(
                f"a remediation commit of this range signs {old[:10]} off by its id, which would change",
                "sign yours by a remediation commit too: `devtool dco check` prints it",
            )


def _may_declare(commit: Commit, found: Violation, me: Identity) -> bool:
    """Whether a remediation commit on the author's behalf mends it: it cures no address."""
    return found.rule != _INVALID and invalid_mail(commit) is None and not _same(commit.author, me)


def _remediation(others: list[tuple[Identity, str]], me: Identity) -> str | None:
    if not others:
        return None
    sentences = [
        f"On behalf of {author}, I, {me}, hereby add my Signed-off-by to this commit: {commit}"
        for author, commit in others
    ]
    return "\n".join([_TITLE, "", *sentences, "", f"Signed-off-by: {me}", ""])


def _see_mended(system: System, prospect: Prospect, after: str) -> None:
    """Raise DevtoolError unless the new commits break the rule exactly where it was foreseen."""
    rewriting, made, request = prospect.rewriting, prospect.rebuilt, prospect.request
    repository = prospect.branch.repository
    if prospect.looked_at is None:
        broken = {after} if judge(_newest(system, repository, after, request), request.standard) else set()
    else:
        looked_at = frozenset(made.new_ids.get(each, each) for each in prospect.looked_at)
        wanted = replace(rewriting.range, head=after)
        tally = _tally(system, repository, wanted, request, prospect.allowed)
        broken = {each.commit for each in settle(tally)} & looked_at
    unforeseen = sorted(broken - {each.commit for each in rewriting.left})
    if unforeseen:
        raise DevtoolError(
            f"nothing was changed: rebuilt, {unforeseen[0][:10]} would still break the rule",
            "`devtool dco check` says what is wrong with it",
        )
    files = ("diff-tree", "--quiet", rewriting.before, after)
    if not ask_git(system, repository, *files).ok:
        raise DevtoolError("nothing was changed: the rebuilt commits would hold other files")
