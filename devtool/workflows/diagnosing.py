"""From logs to a diagnosis: read, rank, and where asked confirm on this machine and checkout."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from devtool.checks import IDS, checks
from devtool.detect import detect
from devtool.errors import InputError
from devtool.knowledge.decoding import Decoder
from devtool.knowledge.failure import KnownFailure
from devtool.knowledge.learning import draft
from devtool.knowledge.library import Library, gather, project_failures
from devtool.knowledge.lines import plain, shown
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.pattern import Template
from devtool.knowledge.ranking import Folded, Ranked, failed, rank, unexplained
from devtool.knowledge.scanner import Scanner
from devtool.knowledge.seen import Seen, Sighting
from devtool.model.diagnosis import Diagnosis, Excerpt, FailureFinding, State, UnknownError
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.system import System
from devtool.workflows.curing import Place, cures, described, fits
from devtool.workflows.examination import examine_ids
from devtool.workflows.known_failures import own_entries
from devtool.workflows.known_needs import known_needs

STDIN = "-"
Verdict = tuple[State, tuple[str, ...]]
"""What this machine says of a failure, and the lines that say it."""


@dataclass(frozen=True)
class Elsewhere:
    """Where the logs come from, if not from this machine: what is known of it."""

    host: Host
    checks: frozenset[str] = frozenset()
    """The checks of this machine that hold for that place too."""


def diagnose(
    system: System, logs: Sequence[str], here: bool, elsewhere: Elsewhere | None = None
) -> Diagnosis:
    """Read the logs (paths, or `-` for standard input) and say what went wrong.

    With `here` this machine and checkout are examined too, or what can be examined from here of `elsewhere`.
    Raises InputError for a log that cannot be read and for a broken file of the project's knowledge.
    """
    library = known(system)
    matcher = Matcher(library)
    seen = [read(system, log, matcher) for log in logs]
    place = None
    if here:
        host = elsewhere.host if elsewhere else detect(system, system.cwd)
        place = Place(host, known_needs(system))
    ranked = rank(library.entries, seen)
    verdicts = _verdicts(system, [each.entry.id for each in ranked], library, place, elsewhere)
    findings = [
        _finding(each, logs[each.log], library, place, *verdicts[each.entry.id], primary=number == 0)
        for number, each in enumerate(_reconsidered(ranked, library, seen, verdicts))
    ]
    explaining = {each.id for each in findings if each.severity == "failure" and each.state != "refuted"}
    # A line whose failure this machine refutes is known all the same: no file is missing for it.
    refuted = {(each.log, each.sighting.line) for each in ranked if verdicts[each.entry.id][0] == "refuted"}
    unknown = [
        _unknown(each, logs[each.log])
        for each in unexplained(seen)
        if explaining.isdisjoint(seen[each.log].sightings) and (each.log, each.event.line) not in refuted
    ]
    return Diagnosis(
        findings=tuple(findings),
        unrecognised=tuple(unknown),
        sources=tuple(logs),
        lines=sum(each.lines for each in seen),
        failed=any(each.severity == "failure" for each in findings) or any(map(failed, seen)),
        confirmed_here=here,
        template=_template(unknown[0]) if unknown else None,
    )


def known(system: System) -> Library:
    """Our own knowledge and that of the project around `system.cwd`; a broken file of it is told of."""
    from devtool.adapters.repository import find_root

    def pass_over(error: InputError) -> None:
        system.console.note(f"devtool: passed over: {error.message}")

    root = find_root(system, system.cwd)
    return gather(own_entries(system), project_failures(system, root, pass_over))


def read(system: System, log: str, matcher: Matcher) -> Seen:
    """What one log says. Raises InputError when it cannot be read."""
    scanner = Scanner(matcher)
    for piece in pieces(system, log):
        scanner.feed(piece)
    return scanner.finish()


def pieces(system: System, log: str) -> Iterator[bytes]:
    """What a log holds, unpacked and in UTF-8, as it comes. Raises InputError when it cannot be read."""
    decoder = Decoder(log)
    path = posixpath.join(system.cwd, log)
    for piece in system.console.incoming() if log == STDIN else system.files.pieces(path):
        yield from decoder.feed(piece)
    yield from decoder.finish()
    if decoder.damage is not None:
        system.console.note(f"{decoder.damage}; what stands before that is read")


def _reconsidered(
    ranked: list[Ranked], library: Library, seen: Sequence[Seen], verdicts: Mapping[str, Verdict]
) -> list[Ranked]:
    """What this machine refutes goes last, and nothing follows from it."""
    refuted = {failure for failure, (state, _) in verdicts.items() if state == "refuted"}
    if not refuted:
        return ranked
    held = rank([entry for entry in library.entries if entry.id not in refuted], seen)
    return [*held, *(each for each in ranked if each.entry.id in refuted)]


def _finding(
    ranked: Ranked,
    source: str,
    library: Library,
    place: Place | None,
    state: State,
    evidence: tuple[str, ...],
    primary: bool,
) -> FailureFinding:
    failure = library.failure(ranked.entry.id)
    return FailureFinding(
        id=failure.id,
        severity=failure.severity,
        primary=primary,
        state=state,
        count=ranked.count,
        excerpt=_excerpt(ranked.sighting, source),
        summary=failure.summary,
        cause=failure.cause,
        cures=cures(failure.remedies, place),
        wrong=failure.wrong,
        follows=ranked.follows,
        evidence=evidence,
        links=failure.links,
        knowledge=failure.path,
    )


def _excerpt(sighting: Sighting, source: str) -> Excerpt:
    return Excerpt(source, sighting.line, sighting.first_line, tuple(map(shown, sighting.excerpt)))


def _unknown(folded: Folded, source: str) -> UnknownError:
    event = folded.event
    excerpt = Excerpt(source, event.line, event.first_line, tuple(map(shown, event.excerpt)))
    return UnknownError(excerpt, event.count, folded.folded)


def _template(unknown: UnknownError) -> str | None:
    excerpt = unknown.excerpt
    return draft(plain(excerpt.said.encode()), excerpt.lines)


def _verdicts(
    system: System,
    failures: Sequence[str],
    library: Library,
    place: Place | None,
    elsewhere: Elsewhere | None,
) -> dict[str, Verdict]:
    """What the checks that each failure names say of it here."""
    if place is None:
        return dict.fromkeys(failures, ("suspected", ()))
    named = {check for each in failures for check in library.failure(each).checks}
    ids = [check for check in IDS if check in named and (elsewhere is None or check in elsewhere.checks)]
    examined = detect(system, system.cwd) if elsewhere and ids else place.host
    seen = examine_ids(system, examined, place.needs, ids, checks, cached=False) if ids else ()
    by_id = {each.id: each for each in seen}
    return {each: _judged(library.failure(each), place, by_id) for each in failures}


def _judged(failure: KnownFailure, place: Place, seen: Mapping[str, Finding]) -> Verdict:
    if fits(failure.only, place) is False:
        return "refuted", (f"this happens only {described(failure.only)}",)
    named = [seen[check] for check in failure.checks if check in seen]
    state: State = "suspected"
    if any(_confirms(each, failure) for each in named):
        state = "confirmed"
    elif named and not failure.momentary and all(each.severity == "ok" for each in named):
        state = "refuted"
    wanted = ("ok",) if state == "refuted" else ("failure", "warning", "unknown")
    telling = [each for each in named if each.severity in wanted]
    return state, tuple(f"{each.id}: {each.summary}" for each in telling)


def _confirms(seen: Finding, failure: KnownFailure) -> bool:
    """Whether a check is red, and for the reason that the failure is about."""
    if seen.severity not in ("failure", "warning"):
        return False
    wanted = failure.says.get(seen.id)
    return wanted is None or Template(wanted).regex.search(seen.summary) is not None
