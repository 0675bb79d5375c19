"""From logs to a diagnosis: read, rank, and where asked confirm on this machine and checkout."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace

from devtool.checks import IDS, checks
from devtool.detect import detect
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
from devtool.model.redaction import redact
from devtool.model.report import Finding
from devtool.system import System
from devtool.workflows.curing import Place, cures, described, fits
from devtool.workflows.examination import examine_ids
from devtool.workflows.known_failures import own_entries
from devtool.workflows.known_needs import known_needs

STDIN = "-"


def diagnose(system: System, logs: Sequence[str], here: bool) -> Diagnosis:
    """Read the logs (paths, or `-` for standard input) and say what went wrong.

    With `here` this machine and checkout are examined too. Raises InputError
    for a log that cannot be read and for a broken file of the project's knowledge.
    """
    library = known(system)
    matcher = Matcher(library)
    seen = [read(system, log, matcher) for log in logs]
    place = Place(detect(system, system.cwd), known_needs(system)) if here else None
    findings = [_finding(each, logs[each.log], library, place) for each in rank(library.entries, seen)]
    if place is not None:
        findings = _confirmed(system, findings, library, place)
    findings = [replace(each, primary=number == 0) for number, each in enumerate(findings)]
    explained = any(each.severity == "failure" and each.state != "refuted" for each in findings)
    unknown = [] if explained else [_unknown(each, logs[each.log]) for each in unexplained(seen)]
    return Diagnosis(
        findings=tuple(findings),
        unrecognised=tuple(unknown),
        sources=tuple(logs),
        lines=sum(each.lines for each in seen),
        failed=bool(findings) or any(map(failed, seen)),
        confirmed_here=here,
        template=_template(unknown[0]) if unknown else None,
    )


def known(system: System) -> Library:
    """Our own knowledge and that of the project around `system.cwd`. Raises InputError for a broken file."""
    from devtool.adapters.repository import find_root

    return gather(own_entries(system), project_failures(system, find_root(system, system.cwd)))


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


def _finding(ranked: Ranked, source: str, library: Library, place: Place | None) -> FailureFinding:
    failure = library.failure(ranked.entry.id)
    return FailureFinding(
        id=failure.id,
        severity=failure.severity,
        primary=False,
        state="suspected",
        count=ranked.count,
        excerpt=_excerpt(ranked.sighting, source),
        summary=failure.summary,
        cause=failure.cause,
        cures=cures(failure.remedies, place),
        wrong=failure.wrong,
        follows=ranked.follows,
        links=failure.links,
        knowledge=failure.path,
    )


def _excerpt(sighting: Sighting, source: str) -> Excerpt:
    lines = tuple(redact(shown(line)) for line in sighting.excerpt)
    return Excerpt(source, sighting.line, sighting.first_line, lines)


def _unknown(folded: Folded, source: str) -> UnknownError:
    event = folded.event
    lines = tuple(redact(shown(line)) for line in event.excerpt)
    return UnknownError(Excerpt(source, event.line, event.first_line, lines), event.count, folded.folded)


def _template(unknown: UnknownError) -> str | None:
    excerpt = unknown.excerpt
    return draft(plain(excerpt.said.encode()), excerpt.lines)


def _confirmed(
    system: System, findings: Sequence[FailureFinding], library: Library, place: Place
) -> list[FailureFinding]:
    """The findings as the checks they name see them; what this machine refutes goes last."""
    named = {check for each in findings for check in library.failure(each.id).checks}
    ids = [check for check in IDS if check in named]
    seen = examine_ids(system, place.host, place.needs, ids, checks, cached=False) if ids else ()
    by_id = {each.id: each for each in seen}
    judged = [_judged(each, library, place, by_id) for each in findings]
    return sorted(judged, key=lambda each: each.state == "refuted")


def _judged(
    finding: FailureFinding, library: Library, place: Place, seen: dict[str, Finding]
) -> FailureFinding:
    failure = library.failure(finding.id)
    if fits(failure.only, place) is False:
        return replace(finding, state="refuted", evidence=(f"this happens only {described(failure.only)}",))
    named = [seen[check] for check in failure.checks if check in seen]
    state: State = "suspected"
    if any(_confirms(each, failure) for each in named):
        state = "confirmed"
    elif named and not failure.momentary and all(each.severity == "ok" for each in named):
        state = "refuted"
    telling = [each for each in named if (each.severity != "ok") == (state != "refuted")]
    return replace(finding, state=state, evidence=tuple(f"{each.id}: {each.summary}" for each in telling))


def _confirms(seen: Finding, failure: KnownFailure) -> bool:
    """Whether a check is red, and for the reason that the failure is about."""
    if seen.severity not in ("failure", "warning"):
        return False
    wanted = failure.says.get(seen.id)
    return wanted is None or Template(wanted).regex.search(seen.summary) is not None
