"""Holding the machine against what the checkout needs: all checks at once, none able to spoil another."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from devtool.checks import CHECKS
from devtool.checks.check import Check, finding
from devtool.detect import detect
from devtool.errors import InputError
from devtool.model.host import Host
from devtool.model.redaction import redact
from devtool.model.report import Finding, Report
from devtool.model.requirement import Needs
from devtool.system import System
from devtool.workflows.known_needs import known_needs
from devtool.workflows.probing import SharedAnswers, budgeted
from devtool.workflows.verdicts import Verdicts

CHECK_SECONDS = 5.0
"""What all probes of one check may take together."""
_SLACK_SECONDS = 0.5
"""Beyond its time limit, for a check that is stuck in something other than a program."""


@dataclass(frozen=True)
class Selection:
    """Which checks to make, and how."""

    only: tuple[str, ...] = ()
    """Ids; empty means all."""
    skip: tuple[str, ...] = ()
    strict: bool = False
    cached: bool = True


def examine(system: System, selection: Selection = Selection()) -> Report:
    """Examine this machine for the checkout that `system.cwd` lies in.

    Raises InputError for an id that no check has, and for a broken `devtool.toml`.
    """
    select(CHECKS, selection)  # before anything is asked of the machine
    host = detect(system, system.cwd)
    needs = known_needs(system) if selection.cached else read_needs(system)
    return examine_again(system, host, needs, selection)


def examine_again(system: System, host: Host, needs: Needs, selection: Selection) -> Report:
    """Examine a host that is known already. Raises InputError for an id that no check has."""
    checks = select(CHECKS, selection)
    return Report(host, needs, examine_all(system, host, needs, checks, selection.cached), selection.strict)


def read_needs(system: System) -> Needs:
    """What the checkout needs, by reading every file that says so."""
    from devtool.requirements import read_needs as read

    return read(system, system.cwd)


def select(checks: Sequence[Check], selection: Selection) -> tuple[Check, ...]:
    """The checks that were asked for, in the order of the list. Raises InputError for an unknown id."""
    known = [check.id for check in checks]
    for asked in (*selection.only, *selection.skip):
        if asked not in known:
            raise unknown_id(asked, known)
    return tuple(
        check
        for check in checks
        if (not selection.only or check.id in selection.only) and check.id not in selection.skip
    )


def unknown_id(asked: str, known: Sequence[str]) -> InputError:
    """The error for an id that is none, with the nearest that is one."""
    from difflib import get_close_matches

    near = get_close_matches(asked, known, n=1)
    return InputError(
        f"no check has the id `{asked}`",
        f"did you mean `{near[0]}`?" if near else "`devtool doctor --list` shows every id",
    )


def examine_all(
    system: System, host: Host, needs: Needs, checks: Sequence[Check], cached: bool
) -> tuple[Finding, ...]:
    """What each applicable check sees; all run at once, and each ends within its time limit."""
    verdicts = Verdicts(system, host, needs) if cached else None
    answers = SharedAnswers()
    found: dict[str, Finding] = {}
    running: list[tuple[Check, threading.Thread]] = []
    for check in checks:
        if not check.applies(host, needs):
            continue
        if verdicts is not None and (kept := verdicts.find(check)):
            found[check.id] = kept
            continue
        worker = threading.Thread(
            target=_examine_into, args=(found, check, system, host, needs, answers), daemon=True
        )
        worker.start()
        running.append((check, worker))
    deadline = system.clock.monotonic() + CHECK_SECONDS + _SLACK_SECONDS
    for check, worker in running:
        worker.join(max(0.0, deadline - system.clock.monotonic()))
        seen = found.setdefault(check.id, _stuck(check))
        if verdicts is not None:
            verdicts.keep(check, seen)
    if verdicts is not None:
        verdicts.save()
    return tuple(_redacted(found[check.id]) for check in checks if check.id in found)


def _examine_into(
    found: dict[str, Finding],
    check: Check,
    system: System,
    host: Host,
    needs: Needs,
    answers: SharedAnswers,
) -> None:
    started = system.clock.monotonic()
    try:
        seen = check.examine(budgeted(system, answers, CHECK_SECONDS), host, needs)
    except Exception as error:  # one broken check spares the rest
        seen = finding(
            check.id,
            "unknown",
            f"the check itself failed: {type(error).__name__}: {error}",
        )
    found.setdefault(check.id, replace(seen, seconds=system.clock.monotonic() - started))


def _stuck(check: Check) -> Finding:
    limit = CHECK_SECONDS + _SLACK_SECONDS
    return replace(finding(check.id, "unknown", f"no verdict within {limit} s"), seconds=limit)


def _redacted(seen: Finding) -> Finding:
    return replace(seen, summary=redact(seen.summary), evidence=tuple(redact(line) for line in seen.evidence))
