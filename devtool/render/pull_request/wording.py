"""What every form of a report of a pull request says in the same words."""

from __future__ import annotations

from devtool.model.pull_request import Judgement, PullRequestReport, Severity

TOLD: tuple[Severity, ...] = ("failure", "unknown", "warning")
"""What needs attention, first things first."""
_NAMES = {"failure": ("failure", "failures"), "warning": ("warning", "warnings")}


def told(report: PullRequestReport) -> list[Judgement]:
    """What needs attention, the worst first, in the order of the rules."""
    return [each for severity in TOLD for each in report.judgements if each.severity == severity]


def details(judgement: Judgement) -> list[tuple[str, str]]:
    """What was expected, what was found and where the rule is stated, each behind its label."""
    wanted = [("want" if number == 0 else "or", text) for number, text in enumerate(judgement.expected)]
    found = [("found", text) for text in judgement.found]
    return [*wanted, *found, *([("rule", judgement.stated)] if judgement.stated else [])]


def cure_lines(judgement: Judgement) -> list[str]:
    """What to do, then the commands."""
    return [*([judgement.repair] if judgement.repair else []), *judgement.commands]


def heading(report: PullRequestReport) -> str:
    """What the pull request is, in one line."""
    proposal = report.proposal
    commits = "1 commit" if len(proposal.commits) == 1 else f"{len(proposal.commits):,} commits"
    what = f"`{proposal.branch}`" if proposal.branch else proposal.head_id[:10]
    return f"{what} into `{proposal.base}`: {commits}"


def verdict(report: PullRequestReport) -> str:
    """The whole in one line."""
    counted = [
        (number, _NAMES.get(severity, (severity, severity)))
        for severity in (*TOLD, "ok")
        if (number := report.count(severity))
    ]
    numbers = ", ".join(f"{number} {names[number != 1]}" for number, names in counted)
    ready = "ready to be opened" if report.ok else "not ready to be opened"
    return f"{ready}: {numbers or 'no rule is kept here'}"


def place_of(stated: str) -> tuple[str, int] | None:
    """Path and line of what is stated, where it is a file's."""
    path, _, line = stated.rpartition(":")
    return (path, int(line)) if path and line.isdigit() else None
