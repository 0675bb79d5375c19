"""From a log that nothing known explains to a knowledge file, and the proof of those that are there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from devtool.adapters.repository import find_root
from devtool.checks import IDS
from devtool.errors import DevtoolError, InputError
from devtool.knowledge.errors import kind, mask
from devtool.knowledge.failure import KnownFailure
from devtool.knowledge.learning import NO_CAUSE, TITLE_LENGTH, identify, nearest, page, signature
from devtool.knowledge.library import (
    PROJECT_FOLDER,
    Entry,
    Library,
    failure_ids,
    gather,
    own_failures,
    project_failures,
)
from devtool.knowledge.lines import plain
from devtool.knowledge.matcher import Matcher
from devtool.knowledge.proving import false_alarms, faults
from devtool.knowledge.reading import ID, read
from devtool.model.redaction import redact
from devtool.system import System
from devtool.workflows.diagnosing import STDIN, diagnose, pieces

_REMEMBERED_LINES = 50_000
"""Different lines of the log that a pattern is held against."""
_LINE_BYTES = 4096
"""Of a longer line the beginning; what names a failure is far shorter."""


@dataclass(frozen=True)
class Wish:
    """What the person says about the failure."""

    line: int | None = None
    """Number of the line to learn from; None for the first error that nothing explains."""
    failure_id: str | None = None
    title: str | None = None
    cause: str | None = None
    cure: str | None = None
    output: str | None = None
    """Where to write; None for the project's knowledge."""


@dataclass(frozen=True)
class Lesson:
    """A knowledge file, not written yet."""

    path: str
    failure_id: str
    pattern: str
    line: int
    said: str
    examples: int
    """How many examples of known failures the pattern was held against without an alarm."""
    text: str
    consequence: bool = False
    """Whether the line only says that something before it failed, as make's last one does."""


def learn(system: System, log: str, wish: Wish) -> Lesson:
    """Propose a knowledge file for an error of the log.

    Raises DevtoolError where there is nothing to learn or no pattern is
    specific enough, InputError for a log that cannot be read or a wish that cannot be met.
    """
    if log == STDIN:
        raise InputError("a log to learn from is read more than once", "save it to a file and name that")
    line, excerpt, at = _meant(system, log, wish.line)
    said = plain(excerpt[at].encode())
    others = _lines(system, log)
    corpus = [sample.log for each in own_failures() for sample in (*each.examples, *each.counterexamples)]
    found = signature(said, others, corpus)
    if found is None:
        raise DevtoolError(
            f"line {line} says too little to be told from other messages: `{said.strip()[:120]}`",
            "name a more telling line with `--line`",
        )
    root = find_root(system, system.cwd)
    taken = set(failure_ids()) | {each.id for each in project_failures(system, root)}
    failure_id = wish.failure_id or identify(found.pattern, taken.__contains__)
    if not ID.fullmatch(failure_id):
        raise InputError(f"`{failure_id}` is no id", "use lower-case words joined by `-`")
    if failure_id in taken:
        raise InputError(
            f"`{failure_id}` is the id of a failure that is known already", "choose another `--id`"
        )
    title = wish.title or shorten(said.strip(), TITLE_LENGTH, placeholder=" …")
    text = page(
        found.pattern,
        title=title,
        cause=wish.cause or NO_CAUSE,
        cures=[wish.cure] if wish.cure else [],
        example=excerpt,
        counterexample=nearest(said, others, found.pattern),
    )
    path = _path(system, root, failure_id, wish.output)
    _prove(system, read(text, failure_id, path))
    consequence = kind(said) == "cascade"
    return Lesson(path, failure_id, found.pattern, line, said, found.examples, text, consequence)


def write(system: System, lesson: Lesson) -> None:
    """Write the file. Raises InputError where one of that name is already."""
    if system.files.kind(lesson.path) is not None:
        raise InputError(f"`{lesson.path}` is there already", "choose another `--id` or `--output`")
    system.files.write(lesson.path, lesson.text.encode())


def check(system: System) -> list[tuple[KnownFailure, list[str]]]:
    """The project's own failures, each with what is wrong with it. Raises InputError for a broken file."""
    project = project_failures(system, find_root(system, system.cwd))
    library, ours = _library(project), own_failures()
    matcher = Matcher(library)
    found: list[tuple[KnownFailure, list[str]]] = []
    for each in project:
        alarms = false_alarms(each, (*ours, *project), Matcher(gather((), (each,))))
        wrong = faults(each, library, matcher)
        unknown = [check for check in each.checks if check not in IDS]
        wrong += [f"`{check}` is no check of `devtool doctor`" for check in unknown]
        found.append((each, [*wrong, *(f"its patterns also name {alarm}" for alarm in alarms)]))
    return found


def _library(project: Sequence[KnownFailure]) -> Library:
    return gather(map(Entry.of, own_failures()), project)


def _meant(system: System, log: str, line: int | None) -> tuple[int, tuple[str, ...], int]:
    """Number of the line to learn from, the lines around it, and which of these it is."""
    if line is not None:
        return _around(system, log, line)
    diagnosis = diagnose(system, [log], here=False)
    if diagnosis.unrecognised:
        excerpt = diagnosis.unrecognised[0].excerpt
        return excerpt.line, excerpt.lines, excerpt.line - excerpt.first_line
    if diagnosis.findings:
        first = diagnosis.findings[0]
        raise DevtoolError(
            f"line {first.excerpt.line} says a failure that is known already: {first.id}",
            f"`devtool explain {first.id}` has its cure; `--line N` learns from another line",
        )
    raise DevtoolError(f"nothing in `{log}` looks like an error", "name the line with `--line N`")


def _around(system: System, log: str, wanted: int) -> tuple[int, tuple[str, ...], int]:
    before: list[str] = []
    number = 0
    for number, raw in enumerate(_raw_lines(system, log), 1):
        if number < wanted - 2:
            continue
        text = redact(plain(raw))
        if number == wanted:
            if not text.strip():
                raise InputError(f"line {wanted} of `{log}` is empty", "name the line of the error")
            return wanted, (*before, text), len(before)
        before.append(text)
    raise InputError(f"`{log}` has {number} lines, not {wanted}", "name a line of the log with `--line`")


def _lines(system: System, log: str) -> list[str]:
    """The log's lines, each kind once, without secrets."""
    kinds: dict[str, str] = {}
    for raw in _raw_lines(system, log):
        text = plain(raw)
        if (said := mask(text)) not in kinds:
            kinds[said] = redact(text)
        if len(kinds) >= _REMEMBERED_LINES:
            break
    return list(kinds.values())


def _raw_lines(system: System, log: str) -> Iterator[bytes]:
    """The log's lines, each with no more of it than can be learned from."""
    kept = b""
    for piece in pieces(system, log):
        rest, *lines = piece.split(b"\n")
        kept += rest[: _LINE_BYTES - len(kept)]
        for line in lines:
            yield kept
            kept = line[:_LINE_BYTES]
    if kept:
        yield kept


def _path(system: System, root: str | None, failure_id: str, output: str | None) -> str:
    if output is not None:
        return posixpath.join(system.cwd, output)
    if root is None:
        raise InputError(
            "this folder is in no project, so it has no knowledge of its own", "name a file with `--output`"
        )
    return f"{root}/{PROJECT_FOLDER}/{failure_id}.toml"


def _prove(system: System, failure: KnownFailure) -> None:
    """Hold the new file against its own examples with all that is known. Raises DevtoolError."""
    library = _library([*project_failures(system, find_root(system, system.cwd)), failure])
    wrong = faults(failure, library, Matcher(library))
    if wrong:
        raise DevtoolError(
            f"no sound knowledge file can be made from this line: {wrong[0]}", "name another with `--line`"
        )
