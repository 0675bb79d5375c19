"""A pull request held against its project's rules, as far as that can be done before it is opened."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.objects import Objects
from devtool.adapters.repository import find_repository
from devtool.errors import InputError
from devtool.model.pull_request import RULES, Judgement, Proposal, PullRequestReport
from devtool.workflows.submitting.finding import Wanted, find_proposal
from devtool.workflows.submitting.generated import judge_generated
from devtool.workflows.submitting.judging import judge_statement, known_facts
from devtool.workflows.submitting.measuring import (
    judge_large_files,
    judge_mails,
    judge_merging,
    judge_size,
)
from devtool.workflows.submitting.stating import Statement, read_statement

if TYPE_CHECKING:
    from devtool.system import System

_MOST_SHOWN = 8
_BODY_LIMIT_BYTES = 1024**2
STDIN = "-"


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    base: str | None = None
    title: str | None = None
    body: str | None = None
    """A file, or `-` for standard input."""
    strict: bool = False


def check_pull_request(system: System, request: Request) -> PullRequestReport:
    """Hold the branch against the rules of its project. Raises InputError where that cannot be done."""
    repository = find_repository(system, system.cwd)
    if repository is None:
        raise InputError(f"`{system.cwd}` is in no git repository")
    body = None if request.body is None else _read(system, request.body)
    proposal, base = find_proposal(system, repository, Wanted(request.base, request.title, body))
    statement = read_statement(system, repository, base)
    facts = known_facts(proposal, statement)
    found = [
        *judge_statement(proposal, statement, facts),
        _judge_sign_offs(system, proposal, statement),
        judge_mails(system, repository, proposal, statement),
        *judge_merging(system, repository, proposal, base),
        *_judge_generated(system, repository, proposal, statement),
        judge_size(proposal, statement),
        judge_large_files(system, repository, proposal, statement),
    ]
    kept = [each for each in found if each.rule not in statement.project.off]
    return PullRequestReport(
        proposal=proposal,
        judgements=tuple(sorted(kept, key=lambda each: RULES.index(each.rule))),
        rules_from=statement.shown,
        notes=_notes(proposal, statement, base.remote),
        strict=request.strict,
    )


def _judge_generated(
    system: System, repository: str, proposal: Proposal, statement: Statement
) -> list[Judgement]:
    with Objects(system, repository) as objects:
        return judge_generated(proposal, statement, objects)


def _judge_sign_offs(system: System, proposal: Proposal, statement: Statement) -> Judgement:
    from devtool.workflows.signing.checking import Request as SignOffs
    from devtool.workflows.signing.checking import check

    wanted = f"{proposal.base_id}..{proposal.head_id}"
    report = check(system, SignOffs(wanted))
    lines = [rule.line for rule in statement.rules if "pr-sign-offs" in rule.ids]
    stated = f"{statement.path}:{lines[0]}" if lines else ""
    if report.ok:
        number = "1 commit has" if report.checked == 1 else f"{report.checked:,} commits have"
        return Judgement("pr-sign-offs", "ok", f"{number} the right sign-off", stated=stated)
    broken, repairs = report.violations, report.repairs
    named = tuple(f"{each.commit[:10]} {each.subject}: {each.summary}" for each in broken[:_MOST_SHOWN])
    more = len(broken) - len(named)
    if len(repairs) == 1:
        expected = tuple(dict.fromkeys(text for each in broken for text in each.expected))
        repair, commands = repairs[0].text, repairs[0].commands
    else:
        expected, repair = (), "each author mends their own; this says what each has to run"
        commands = (shlex.join(["devtool", "dco", "check", "--range", f"{proposal.base}..HEAD"]),)
    lack = "1 commit lacks" if len(broken) == 1 else f"{len(broken):,} commits lack"
    return Judgement(
        "pr-sign-offs",
        "failure",
        f"{lack} the right sign-off",
        expected=expected,
        found=(*named, f"and {more} more") if more else named,
        stated=stated,
        repair=repair,
        commands=commands,
    )


def _read(system: System, name: str) -> str:
    import posixpath

    if name == STDIN:
        raw = b""
        for piece in system.console.incoming():
            raw += piece
            if len(raw) > _BODY_LIMIT_BYTES:
                raise InputError(
                    "what standard input holds is larger than 1 MiB, which no pull request's text is"
                )
        return raw.decode("utf-8", "replace")
    text = system.files.read_text(posixpath.join(system.cwd, name), _BODY_LIMIT_BYTES)
    if text is None:
        raise InputError(f"`{name}` is not there", "`devtool pr body --write FILE` writes one to fill in")
    return text


def _notes(proposal: Proposal, statement: Statement, remote: str) -> tuple[str, ...]:
    notes = [statement.note] if statement.note else []
    if not statement.path:
        notes.append(
            "this project states no rules for titles and texts: it has no `mergify.yml`,"
            " and no `[pull_request]` in a `devtool.toml`"
        )
    if remote and not proposal.why.startswith(("GitHub", "GitLab", "Prow", "Jenkins", "Azure", "Buildkite")):
        notes.append(f"`{proposal.base}` is as it was last fetched: `git fetch {remote}` brings what is new")
    return tuple(notes)
