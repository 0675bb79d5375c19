"""Holding the machine against what the checkout needs: all checks at once, none able to spoil another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from devtool.checks import IDS, checks
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

_LINE_LENGTH = 1000
_EVIDENCE_LINES = 100


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
    select(IDS, selection)  # before anything is asked of the machine
    host = detect(system, system.cwd)
    needs = known_needs(system) if selection.cached else read_needs(system)
    return examine_again(system, host, needs, selection)


def examine_again(system: System, host: Host, needs: Needs, selection: Selection) -> Report:
    """Examine a host that is known already. Raises InputError for an id that no check has."""
    ids = select(IDS, selection)
    return Report(
        host, needs, examine_ids(system, host, needs, ids, checks, selection.cached), selection.strict
    )


def read_needs(system: System) -> Needs:
    """What the checkout needs, by reading every file that says so."""
    from devtool.requirements.needs import read_needs as read

    return read(system, system.cwd)


def select(known: Sequence[str], selection: Selection) -> tuple[str, ...]:
    """The ids that were asked for, in the order of the known. Raises InputError for an unknown id."""
    for asked in (*selection.only, *selection.skip):
        if asked not in known:
            raise unknown_id(asked, known)
    selected = tuple(
        each
        for each in known
        if (not selection.only or each in selection.only) and each not in selection.skip
    )
    if not selected:
        raise InputError("`--only` and `--skip` leave no check to make")
    return selected


def unknown_id(
    asked: str,
    known: Sequence[str],
    kind: str = "check",
    listing: str = "`devtool doctor --list` shows every id",
) -> InputError:
    """The error for an id that no `kind` has, with the nearest that is one, or where to look."""
    from difflib import get_close_matches

    near = get_close_matches(asked, known, n=1)
    return InputError(f"no {kind} has the id `{asked}`", f"did you mean `{near[0]}`?" if near else listing)


def examine_ids(
    system: System,
    host: Host,
    needs: Needs,
    ids: Sequence[str],
    load: Callable[[Sequence[str]], tuple[Check, ...]],
    cached: bool,
) -> tuple[Finding, ...]:
    """What the checks of these ids see; `load` is asked only for those whose verdict is not kept."""
    if not cached:
        return examine_all(system, host, needs, load(ids))
    verdicts = Verdicts(system, host, needs)
    known = {each: verdict for each in ids if (verdict := verdicts.known(each)) is not None}
    loaded = load([each for each in ids if each not in known])
    fresh = {seen.id: seen for seen in examine_all(system, host, needs, loaded)}
    for check in loaded:
        verdicts.keep(check, fresh.get(check.id))
    verdicts.save()
    told = (fresh.get(each) or known.get(each) for each in ids)
    return tuple(seen for seen in told if isinstance(seen, Finding))


def examine_all(system: System, host: Host, needs: Needs, applied: Sequence[Check]) -> tuple[Finding, ...]:
    """What each applicable check sees; all run at once, and each ends within its time limit."""
    answers = SharedAnswers()
    found: dict[str, Finding] = {}
    running: list[tuple[Check, threading.Thread]] = []
    for check in applied:
        if not check.applies(host, needs):
            continue
        worker = threading.Thread(
            target=_examine_into, args=(found, check, system, host, needs, answers), daemon=True
        )
        worker.start()
        running.append((check, worker))
    deadline = system.clock.monotonic() + CHECK_SECONDS + _SLACK_SECONDS
    for check, worker in running:
        worker.join(max(0.0, deadline - system.clock.monotonic()))
        found.setdefault(check.id, _stuck(check))
    return tuple(_fit_to_show(found[check.id]) for check, _ in running)


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


def _fit_to_show(seen: Finding) -> Finding:
    """The finding without secrets, and without the megabytes that a broken tool may print on one line."""
    return replace(
        seen,
        summary=_fit(seen.summary),
        evidence=tuple(_fit(line) for line in seen.evidence[:_EVIDENCE_LINES]),
    )


def _fit(line: str) -> str:
    # Cut before too, because masking a megabyte takes long; far enough behind that no secret is halved.
    masked = redact(line[: 4 * _LINE_LENGTH])
    return masked if len(masked) <= _LINE_LENGTH else f"{masked[:_LINE_LENGTH]}…"
