"""What every form of a report of sign-offs says in the same words."""

from __future__ import annotations

from devtool.model.commit import Violation
from devtool.model.dco import Repair, SignOffReport

SHOWN_DIGITS = 10
"""How much of an id a person reads."""


def short(commit: str) -> str:
    """An id as people read it."""
    return commit[:SHOWN_DIGITS]


def commits(number: int) -> str:
    """So many commits."""
    return "1 commit" if number == 1 else f"{number:,} commits"


def headline(violation: Violation) -> str:
    """One line that says which commit it is and what is wrong with it."""
    return f"{short(violation.commit)} {violation.summary}"


def verdict(report: SignOffReport) -> str:
    """The whole in one line."""
    within = f"in `{report.range.shown}`"
    skipped = f" ({report.skipped:,} skipped: merges and bots)" if report.skipped else ""
    if not report.checked:
        return f"nothing to check {within}{skipped}"
    lacking = len(report.violations)
    signed = "a sign-off" if report.history else "the right sign-off"
    if not lacking:
        has = "has" if report.checked == 1 else "all have"
        return f"{commits(report.checked)} {within} {has} {signed}{skipped}"
    lack = "lacks" if lacking == 1 else "lack"
    return f"{lacking:,} of {commits(report.checked)} {within} {lack} {signed}{skipped}"


def details(violation: Violation) -> list[tuple[str, str]]:
    """What was expected, what was found and where they differ, each behind its label."""
    wanted = [("want" if number == 0 else "or", text) for number, text in enumerate(violation.expected)]
    found = [("found", text) for text in violation.found if text]
    return [*wanted, *found, *(("note", text) for text in violation.differences)]


def repair_lines(repair: Repair) -> list[str]:
    """What to do, then the commands."""
    return [repair.text, *repair.commands]
