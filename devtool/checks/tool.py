"""Asking one program for its version, and holding the answer against what the checkout needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from devtool.adapters.versions import satisfies
from devtool.checks.check import Check, finding
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs, Requirement
from devtool.model.version import find_version
from devtool.system import System
from devtool.system.process import Changes

# What the shims of pyenv, asdf and mise say when no version of theirs has the program, and what a shell
# makes of ours when its environment is gone.
_EMPTY_SHIM = re.compile(
    r"^(?:pyenv|goenv|rbenv): .*: command not found|No version is set|No preset version"
    r"|devtool/(?:environments|toolchains)/\S+: (?i:not found|no such file or directory)",
    re.MULTILINE,
)
_EVIDENCE_LINES = 3


@dataclass(frozen=True)
class Seen:
    """One program on this machine, as far as its version could be read."""

    command: str
    path: str | None
    version: str | None = None
    absent: bool = False
    trouble: str | None = None
    """One clause that says why there is no version, when the program is there."""
    evidence: tuple[str, ...] = ()
    answer: Answer | None = None


def ask(
    system: System, argv: Sequence[str], *, pattern: str | None = None, env: Changes | None = None
) -> Seen:
    """Run the program from `/` and read its version, by `pattern`'s first group where one is given."""
    answer = system.process.run(argv, cwd="/", env=env)
    path = system.process.which(argv[0])
    lines = tuple(line for line in answer.output.splitlines() if line.strip())
    evidence = (*((path,) if path else ()), *lines[:_EVIDENCE_LINES])
    seen = Seen(argv[0], path, evidence=evidence, answer=answer)
    if not answer.found:
        if path is None:
            return Seen(argv[0], None, absent=True, answer=answer)
        return _troubled(seen, f"`{path}` cannot be started: the interpreter it names is gone")
    if answer.outcome == "ended" and answer.status != 0 and _EMPTY_SHIM.search(answer.output):
        return Seen(argv[0], path, absent=True, evidence=evidence, answer=answer)
    if not answer.ok:
        return _troubled(seen, f"`{answer.line}` {answer.describe()}")
    version = _version(answer.output, pattern)
    if version is None:
        return _troubled(seen, f"`{answer.line}` printed no version that we can read")
    telling = next((line for line in lines if version in line), lines[0])
    evidence = (*((path,) if path else ()), telling)
    return Seen(argv[0], path, version, evidence=evidence, answer=answer)


def judge(
    check_id: str,
    need: Requirement | None,
    seen: Seen,
    *,
    lacking: Severity = "failure",
    remedies: tuple[Remedy, ...] = (),
) -> Finding:
    """The verdict on a program whose version alone decides; `lacking` when it is absent or does not fit."""
    if seen.absent:
        return absent(check_id, need, seen, lacking=lacking, remedies=remedies)
    if seen.version is None:
        return unknown(check_id, need, seen)
    specifier = need.specifier if need else None
    if need is None or specifier is None:
        note = "; what this checkout needs could not be read" if need else ""
        return finding(check_id, "ok", f"{check_id} {seen.version}{note}", *seen.evidence, requirement=need)
    fits = satisfies(seen.version, specifier)
    if fits is None:
        summary = f"{check_id} {seen.version} cannot be held against `{specifier}`{stated(need)}"
        return finding(check_id, "unknown", summary, *seen.evidence, requirement=need)
    if fits:
        return finding(check_id, "ok", f"{check_id} {seen.version}", *seen.evidence, requirement=need)
    summary = f"{check_id} {seen.version} does not satisfy `{specifier}`{stated(need)}"
    return finding(check_id, lacking, summary, *seen.evidence, requirement=need, remedies=remedies)


def absent(
    check_id: str,
    need: Requirement | None,
    seen: Seen,
    *,
    lacking: Severity = "failure",
    remedies: tuple[Remedy, ...] = (),
) -> Finding:
    """The verdict on a program that is not there, or only as a version manager's empty shim."""
    where = f"is only an empty shim at `{seen.path}`" if seen.path else "is not on PATH"
    wanted = f"; this checkout needs `{need.specifier}`" if need and need.specifier else ""
    place = stated(need) if need and need.specifier else ""
    summary = f"{seen.command} {where}{wanted}{place}"
    return finding(check_id, lacking, summary, *seen.evidence, requirement=need, remedies=remedies)


def unknown(check_id: str, need: Requirement | None, seen: Seen) -> Finding:
    """The verdict on a program that is there and could not be read: never "missing"."""
    return finding(
        check_id, "unknown", seen.trouble or "no version was read", *seen.evidence, requirement=need
    )


def stated(need: Requirement | None) -> str:
    """Where a need is stated, in brackets after it."""
    return f" ({need.source})" if need and need.source else ""


def needed(tool: str) -> Callable[[Host, Needs], bool]:
    """Whether the project in front of us asks for the tool."""

    def applies(host: Host, needs: Needs) -> bool:
        need = needs.tool(tool)
        return needs.project is not None and need is not None and need.needed

    return applies


def needed_on(tool: str, os: str) -> Callable[[Host, Needs], bool]:
    """Whether the project asks for the tool, on one operating system."""
    wanted = needed(tool)

    def applies(host: Host, needs: Needs) -> bool:
        return host.os == os and wanted(host, needs)

    return applies


RemedyMaker = Callable[[System, Host, Requirement, Seen], tuple[Remedy, ...]]


@dataclass(frozen=True)
class Tool:
    """A tool that differs from others only in its name, how it tells its version, and how it is had."""

    id: str
    title: str
    gates: str
    cure: RemedyMaker
    argv: tuple[str, ...] = ()
    """Empty for `ID --version`."""
    pattern: str | None = None
    lacking: Severity = "failure"
    lacking_on_macos: Severity | None = None
    """Where the build asks more of macOS."""
    variables: tuple[str, ...] = ()
    spared: str = ""
    """One clause: what goes on without it, where its absence is a warning."""

    def check(self) -> Check:
        """The check that this row stands for."""
        argv = self.argv or (self.id, "--version")
        return Check(
            self.id,
            self.title,
            self.gates,
            self._examine,
            needed(self.id),
            programs=(argv[0],),
            variables=self.variables,
        )

    def _examine(self, system: System, host: Host, needs: Needs) -> Finding:
        need = needs.tool(self.id)
        seen = ask(system, self.argv or (self.id, "--version"), pattern=self.pattern)
        lacking = self.lacking_on_macos if host.os == "macos" and self.lacking_on_macos else self.lacking
        verdict = judge(self.id, need, seen, lacking=lacking)
        if need is None or verdict.severity != lacking:
            return verdict
        verdict = judge(self.id, need, seen, lacking=lacking, remedies=self.cure(system, host, need, seen))
        if seen.absent and lacking == "warning" and self.spared:
            return replace(verdict, summary=f"{verdict.summary}: {self.spared}")
        return verdict


def _troubled(seen: Seen, trouble: str) -> Seen:
    return Seen(seen.command, seen.path, trouble=trouble, evidence=seen.evidence, answer=seen.answer)


def _version(text: str, pattern: str | None) -> str | None:
    if pattern is None:
        return find_version(text)
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else None
