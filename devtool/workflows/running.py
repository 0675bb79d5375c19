"""Running a person's command: announce what is known to be fatal, and say at the end why it failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from devtool.errors import EXIT_NOT_READY, DevtoolError, InputError, UnreadableError
from devtool.model.following import Followed
from devtool.system import System

if TYPE_CHECKING:
    from devtool.model.diagnosis import Diagnosis
    from devtool.system.following.watcher import Observer

_MEMORY = "oom-compiler-killed"
_SIGKILL, _SIGPIPE = 9, 13
_ASKED = (1, 2, 15)
"""Signals by which somebody ends a command: SIGHUP, SIGINT, SIGTERM."""


class Recognised(Protocol):
    """A known failure that has just scrolled by."""

    @property
    def id(self) -> str:
        """The failure's id."""

    @property
    def summary(self) -> str:
        """One line."""

    @property
    def line(self) -> int:
        """Number of the line that says it, from 1."""


class Watcher(Protocol):
    """What recognises failures in output as it comes."""

    def feed(self, data: bytes) -> Sequence[Recognised]:
        """Fatal failures that this piece completes."""


@dataclass(frozen=True)
class Scene:
    """Where a command runs, as far as explaining its failure asks."""

    kills: Callable[[], int | None]
    """How many processes the kernel has ended there for want of memory; None where it does not count."""
    fewer_jobs: Callable[[], str | None]
    """The command that does the same with fewer jobs; None where there is none."""
    explain: Callable[[str], Diagnosis]
    """What a log says, confirmed by what is known of the place. Raises DevtoolError."""
    name: str = ""
    """Such as `in the container`; empty for this machine."""
    gone: Callable[[], str] = lambda: ""
    """That this place is no more, and everything in it ended; empty while it stands."""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what is to be said of it."""

    followed: Followed
    diagnosis: Diagnosis | None = None
    """None where nothing is to be explained."""
    trouble: str = ""
    """Why the log could not be diagnosed."""
    memory: str = ""
    """That the kernel ended something for want of memory, where the diagnosis does not say so."""
    disk: str = ""
    """That a disk is full, where the diagnosis does not say so."""
    place: str = ""
    """That the place where it ran has gone."""
    short_of_memory: bool = False
    """Whether memory ran out: by the kernel's word, or by the log's where the kernel does not count."""

    @property
    def exit_status(self) -> int:
        """The command's own; 1 where `--fail-fast` ended it, or its output is not where it should be."""
        lost = self.followed.unwritten and self.followed.status == 0
        return EXIT_NOT_READY if self.followed.cut_short or lost else self.followed.status


def run(
    system: System,
    argv: Sequence[str],
    *,
    announce: bool,
    fail_fast: bool,
    watcher: Callable[[System], Watcher] | None = None,
    env: Mapping[str, str] | None = None,
    scene: Scene | None = None,
    called: str = "",
) -> Ran:
    """Run the command in `system.cwd`, and diagnose what it said where it failed.

    Its log is named as it is `called`, or after its program.
    """
    scene = here(system, argv) if scene is None else scene
    kills = scene.kills()
    followed = system.process.follow(
        argv,
        cwd=system.cwd,
        env=system.env if env is None else env,
        log_folder=_log_folder(system),
        watch=(lambda: _observer(system, watcher)) if announce or fail_fast else None,
        fail_fast=fail_fast,
        called=called,
    )
    left_by_reader = followed.reader_gone and followed.signal_number == _SIGPIPE
    if followed.outcome != "ended" or followed.status == 0 or left_by_reader or followed.unwritten:
        return Ran(followed)
    return _explained(scene, followed, kills)


def here(system: System, argv: Sequence[str]) -> Scene:
    """This machine, for a command that the person typed."""

    def explain(log: str) -> Diagnosis:
        from devtool.workflows.diagnosing import diagnose

        return diagnose(system, [log], here=True)

    def fewer_jobs() -> str | None:
        command = _fewer_jobs(system, argv)
        return f"devtool run -- {command}" if command else None

    return Scene(lambda: memory_kills(system), fewer_jobs, explain)


def _observer(system: System, make: Callable[[System], Watcher] | None) -> Observer:
    if make is None:
        from devtool.workflows.watching import watcher

        make = watcher
    watching = make(system)
    told: set[str] = set()

    def observe(data: bytes) -> list[str]:
        lines = []
        for each in watching.feed(data):
            if each.id not in told:
                told.add(each.id)
                lines.append(f"devtool: line {each.line}: {each.summary} ({each.id})")
        return lines

    return observe


def _explained(scene: Scene, followed: Followed, kills: int | None) -> Ran:
    diagnosis, trouble = None, ""
    try:
        diagnosis = scene.explain(followed.log_path) if followed.log_path else None
    except DevtoolError as error:  # the command's own status is worth more than why we have nothing to say
        trouble = f"cannot say why it failed: {error.message}"
    # Who ended it knows why it ended.
    if diagnosis and not diagnosis.findings and followed.signal_number in _ASKED:
        diagnosis = None
    gone = scene.gone()
    memory = "" if gone else _memory(scene, followed, kills)
    said = diagnosis is not None and any(each.id == _MEMORY for each in diagnosis.findings)
    command = scene.fewer_jobs() if memory or said else None
    if diagnosis and said:
        # A kernel that counts and has not counted this knows better than a line of the log.
        short = bool(memory) or kills is None
        told = _with_fewer_jobs(diagnosis, memory, command)
        return Ran(followed, told, trouble, place=gone, short_of_memory=short and not gone)
    advice = f"; `{command}` starts fewer jobs" if command and memory else ""
    return Ran(followed, diagnosis, trouble, f"{memory}{advice}", place=gone, short_of_memory=bool(memory))


def _memory(scene: Scene, followed: Followed, kills: int | None) -> str:
    """What the kernel says of memory, if it says anything."""
    now = scene.kills()
    if kills is None or now is None:
        killed = followed.signal_number == _SIGKILL
        return "it was killed, as the kernel does when memory runs out" if killed else ""
    count = now - kills
    if count <= 0:
        return ""
    processes = f"{count} process{'es' if count > 1 else ''}"
    place = f" {scene.name}" if scene.name else ""
    return f"the kernel killed {processes}{place} for want of memory while it ran"


def _fewer_jobs(system: System, argv: Sequence[str]) -> str | None:
    from devtool.detect import detect
    from devtool.workflows.jobs import fewer_jobs

    return fewer_jobs(argv, system.env, detect(system, system.cwd))


def _with_fewer_jobs(diagnosis: Diagnosis, said: str, command: str | None) -> Diagnosis:
    """The diagnosis with the command that fits into memory, and confirmed where the kernel said so."""
    from devtool.model.diagnosis import Cure

    cures = (Cure("Start fewer jobs: as many as there is memory for.", (command,)),) if command else ()
    findings = tuple(
        replace(
            each,
            state="confirmed" if said else each.state,
            evidence=(*each.evidence, *([said] if said else [])),
            cures=(*cures, *each.cures),
        )
        if each.id == _MEMORY
        else each
        for each in diagnosis.findings
    )
    return replace(diagnosis, findings=findings)


def memory_kills(system: System) -> int | None:
    """How many processes the kernel has ended here for want of memory; None where it does not count."""
    from devtool.adapters import control_group

    def read(path: str) -> str | None:
        try:
            return system.files.read_text(path)
        except UnreadableError:
            return None

    return control_group.memory_kills(read)


def _log_folder(system: System) -> str | None:
    try:
        return f"{system.directories.state}/logs"
    except InputError:  # no home
        return None
