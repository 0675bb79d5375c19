"""Asking all mirrors at once, and planning to fetch from the fastest that answers rightly."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from devtool.adapters.apt_sources import codename
from devtool.adapters.known_mirrors import Proof, known_mirrors, proof
from devtool.adapters.mirrors import mirrors
from devtool.adapters.present_mirrors import present
from devtool.detect import detect
from devtool.errors import DevtoolError, InputError
from devtool.model.environment import without_changes
from devtool.model.host import Host
from devtool.model.mirror_survey import Asked, Comparison, Survey, compare
from devtool.model.mirrors import KINDS, Mirror, own_variable
from devtool.model.redaction import redact
from devtool.model.remedy import Plan, Step
from devtool.model.text_change import WriteText
from devtool.requirements.mirroring import own_file, with_address
from devtool.requirements.reading import candidates_around, stated_mirrors
from devtool.system import System
from devtool.workflows.mirroring import crates_steps
from devtool.workflows.repairing import carry_out

PATIENCE_SECONDS = 5.0
"""For all mirrors together, as all are asked at once."""
_PAGE_BYTES = 1024**2
_ID = "mirrors"


@dataclass(frozen=True)
class _Kind:
    """One kind, and all that is known before anything is asked."""

    name: str
    candidates: tuple[Mirror, ...]
    now: Mirror | None
    """What holds; one of the candidates."""
    held: str | None
    """Why that stays."""
    proof: Proof


def survey(
    system: System,
    named: Sequence[Mirror] = (),
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    patience_seconds: float = PATIENCE_SECONDS,
) -> Survey:
    """Ask every candidate of the kinds that are fetched here, and these; changes nothing.

    Raises InputError for a kind that is none, a candidate with a login, and settings that cannot be read.
    """
    _refuse_strange(only, skip, named)
    kinds = [kind for kind in (only or KINDS) if kind not in skip and (only or _matters(system, kind))]
    bare = replace(system, env=without_changes(system.env))
    host = detect(system, system.cwd)
    known = _gathered(bare, host, kinds, named)
    asked = _ask_all(bare, known, patience_seconds)
    compared = [
        compare(each.name, asked[each.name], held=each.held, named=each.name in only) for each in known
    ]
    chosen = {each.kind: each.chosen.mirror for each in compared if each.chosen}
    return Survey(tuple(compared), Plan(tuple(_steps(system, compared, chosen))))


def adopt(system: System, surveyed: Survey, *, yes: bool) -> bool:
    """Carry the plan out if the person agrees; whether what was chosen holds now. Raises DevtoolError."""
    carry_out(system, surveyed.plan, yes=yes, whole="--dry-run --format shell")
    now = {each.kind: each.url for each in mirrors(system, (), stated_mirrors(system, system.cwd))}
    return all(now.get(each.kind) == each.chosen.mirror.url for each in surveyed.comparisons if each.chosen)


def _refuse_strange(only: Sequence[str], skip: Sequence[str], named: Sequence[Mirror]) -> None:
    if strange := next((kind for kind in (*only, *skip) if kind not in KINDS), None):
        raise InputError(
            f"`{strange}` is no kind of mirror", f"with `--probe-mirrors`, kinds are {', '.join(KINDS)}"
        )
    if private := next((each for each in named if each.has_login), None):
        raise InputError(
            f"`--candidate {private.kind}=` carries a login, which would be written down",
            f"name it in `{own_variable(private.kind)}` instead",
        )


def _matters(system: System, kind: str) -> bool:
    """Whether anything here could fetch such things."""
    program = KINDS[kind].program
    return program is None or system.process.which(program) is not None


def _gathered(system: System, host: Host, kinds: Sequence[str], named: Sequence[Mirror]) -> list[_Kind]:
    holding = {each.kind: each for each in mirrors(system, (), stated_mirrors(system, system.cwd))}
    told = _told_by_programs(system, [kind for kind in kinds if kind not in holding])
    further = [*named, *candidates_around(system, system.cwd)]
    release = codename(system)
    found = []
    for kind in kinds:
        how = proof(kind, release)
        if how is None:
            raise InputError(
                "this release has no codename, by which a mirror of apt would be known",
                "leave out `--only apt`",
            )
        now = holding.get(kind) or told.get(kind)
        others = [
            # What is chosen is written down, and a login is not to be.
            each
            for each in (*further, *known_mirrors(kind, host))
            if each.kind == kind and not each.has_login
        ]
        found.append(_Kind(kind, _once([*([now] if now else []), *others]), now, _held(kind, now), how))
    return found


def _held(kind: str, now: Mirror | None) -> str | None:
    """Why nothing is put in the place of what holds now, whoever is faster."""
    if now is None:
        return None
    if now.source in (*KINDS[kind].customary, own_variable(kind)):
        return f"`{now.source}` decides: unset it to have devtool choose"
    return "the present one has a login, and stays" if now.has_login else None


def _once(candidates: Sequence[Mirror]) -> tuple[Mirror, ...]:
    """Each address once, as the first names it."""
    return tuple({each.url.rstrip("/"): each for each in reversed(candidates)}.values())[::-1]


def _told_by_programs(system: System, kinds: Sequence[str]) -> Mapping[str, Mirror | None]:
    found: dict[str, Mirror | None] = {}

    def ask(kind: str) -> None:
        found[kind] = present(system, kind)

    running = [threading.Thread(target=ask, args=(kind,), daemon=True) for kind in kinds]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return found


def _ask_all(system: System, kinds: Sequence[_Kind], patience_seconds: float) -> dict[str, list[Asked]]:
    """What each candidate answers, the patience being one for all."""
    answers: dict[tuple[str, str], Asked] = {}
    running = []

    def ask(kind: _Kind, mirror: Mirror) -> None:
        answers.setdefault((kind.name, mirror.url), _ask(system, kind.proof, mirror, patience_seconds))

    deadline = system.clock.monotonic() + patience_seconds
    for kind in kinds:
        for mirror in kind.candidates:
            worker = threading.Thread(target=ask, args=(kind, mirror), daemon=True)
            worker.start()
            running.append(worker)
    for worker in running:
        worker.join(max(0.0, deadline - system.clock.monotonic()))
    late = f"no whole answer within {patience_seconds:g} s"
    return {
        kind.name: [
            replace(
                answers.setdefault((kind.name, each.url), Asked(each, None, late)), present=each == kind.now
            )
            for each in kind.candidates
        ]
        for kind in kinds
    }


def _ask(system: System, how: Proof, mirror: Mirror, patience_seconds: float) -> Asked:
    url = how.address(mirror.url)
    started = system.clock.monotonic()
    try:
        page = system.network.fetch(
            url, env=system.env, limit_bytes=_PAGE_BYTES, timeout_seconds=patience_seconds
        )
    except DevtoolError as error:
        return Asked(mirror, None, _brief(error.message))
    except Exception as error:  # one strange server spares the others
        return Asked(mirror, None, redact(f"{type(error).__name__}: {error}"))
    seconds = system.clock.monotonic() - started
    if not how.shows.search(page.decode("utf-8", "replace")):
        return Asked(mirror, None, f"answers, but `{how.page}` there is not what such a mirror has")
    return Asked(mirror, seconds)


def _brief(message: str) -> str:
    """The message without the address, which stands beside it."""
    return re.sub(r"^(?:cannot download )?`[^`]*`:? ?", "", message)


def _steps(system: System, compared: Sequence[Comparison], chosen: Mapping[str, Mirror]) -> list[Step]:
    if not chosen:
        return []
    path = own_file(system)
    if path is None:
        raise InputError("this user has no home folder", "set HOME, or XDG_CONFIG_HOME to an absolute path")
    before = system.files.read_text(path)
    after = before
    for kind, mirror in chosen.items():
        after = with_address(path, after, kind, mirror.url)
    reason = "; ".join(f"{each.what}: {each.verdict}" for each in compared if each.chosen)
    own = Step(WriteText(path, before, after or "", reason), (_ID,))
    return [own, *(crates_steps(system, chosen["crates"].url, []) if "crates" in chosen else ())]
