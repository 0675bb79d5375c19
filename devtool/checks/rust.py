"""Rust: the default toolchain, and those that `cargo +VERSION` calls by name."""

from __future__ import annotations

import dataclasses
import re

from devtool.adapters.versions import compare
from devtool.checks.check import Check, finding
from devtool.checks.tool import Seen, absent, ask, judge, needed, stated
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

# Without it, asking for a version downloads the toolchain: https://rust-lang.github.io/rustup/environment-variables.html
_ENV = {"RUSTUP_AUTO_INSTALL": "0"}
_PATTERN = r"cargo (\d+\.\d+(?:\.\d+)?)"
_NO_DEFAULT = re.compile(r"could not choose a version of|no default toolchain configured|is not installed")
_RUSTUP = "install rustup from https://rustup.rs"


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the default toolchain and the named ones against the checkout."""
    need = needs.tool("rust")
    pinned = _pinned(need)
    if system.process.which("rustup") and not _has_rustup_home(system):
        # Started without its folder, rustup would make it.
        summary = f"rustup is here without any toolchain{_wanted(need)}"
        remedies = _default(pinned)
        return finding("rust", "failure", summary, *_where(system), requirement=need, remedies=remedies)
    cargo = ask(system, ["cargo", "--version"], pattern=_PATTERN, env=_ENV)
    if cargo.absent:
        return absent("rust", need, cargo, remedies=(Remedy(f"{_RUSTUP}{_then(pinned)}"),))
    if cargo.version is None and cargo.answer and _NO_DEFAULT.search(cargo.answer.output):
        summary = f"rustup has no default toolchain{_wanted(need)}"
        remedies = _default(pinned)
        return finding("rust", "failure", summary, *_where(system), requirement=need, remedies=remedies)
    verdict = judge("rust", need, cargo)
    if need is None or verdict.severity == "unknown":
        return verdict
    if verdict.severity == "failure":
        verdict = _unfit(system, verdict, cargo, pinned)
    return _with_named(system, need, cargo, verdict)


def _unfit(system: System, verdict: Finding, cargo: Seen, pinned: str | None) -> Finding:
    """A default older than the pinned one fails; a newer one seldom does, as Rust keeps old code building."""
    if pinned is None or (compare(cargo.version or "", pinned) or 0) < 0:
        return dataclasses.replace(verdict, remedies=_newer(system, pinned))
    summary = f"{verdict.summary}; a newer one usually builds it"
    remedies = (Remedy(f"`rustup default {pinned}` gives exactly the pinned one"),)
    return dataclasses.replace(verdict, severity="warning", summary=summary, remedies=remedies)


def _with_named(system: System, need: Requirement, cargo: Seen, verdict: Finding) -> Finding:
    """The verdict on the default toolchain, joined by that on those which the build calls by name."""
    if not need.toolchains:
        return verdict
    first = need.toolchains[0]
    listed = system.process.run(["rustup", "toolchain", "list"], cwd="/", env=_ENV)
    if not listed.found:
        summary = (
            f"cargo {cargo.version} is not rustup's, and only rustup's takes `cargo +{first}`{stated(need)}"
        )
        remedy = Remedy(f"{_RUSTUP}; its `cargo` must stand before `{cargo.path}` on PATH")
        return finding("rust", "failure", summary, *cargo.evidence, requirement=need, remedies=(remedy,))
    if not listed.ok:
        evidence = (*cargo.evidence, *listed.output.splitlines()[:3])
        summary = f"`{listed.line}` {listed.describe()}"
        return finding("rust", "unknown", summary, *evidence, requirement=need)
    missing = [name for name in need.toolchains if not _lists(listed.stdout, name)]
    if not missing:
        names = ", ".join(need.toolchains)
        return dataclasses.replace(verdict, summary=f"{verdict.summary}; toolchain {names} is beside it")
    also = "" if verdict.severity == "ok" else f"{verdict.summary}; "
    summary = (
        f"{also}rust toolchain {', '.join(missing)} is missing; the build calls `cargo +{missing[0]}`"
        f"{'' if also else stated(need)}"
    )
    evidence = (*cargo.evidence, *listed.stdout.splitlines())
    # The cure of an unfit default may bring one of them already.
    brought = {action.argv for remedy in verdict.remedies for action in _commands(remedy)}
    adding = [_add(name, f"the build calls `cargo +{name}`") for name in missing]
    adding = [each for each in adding if not brought & {action.argv for action in _commands(each)}]
    remedies = (_joined((*adding, *verdict.remedies)),)
    return finding("rust", "failure", summary, *evidence, requirement=need, remedies=remedies)


def _lists(listing: str, name: str) -> bool:
    """Whether `rustup toolchain list` names it: `1.89` is `1.89-x86_64-…`, and not `1.89.0-…`."""
    return any(re.match(rf"{re.escape(name)}(-|\s|$)", line) for line in listing.splitlines())


def _add(name: str, reason: str) -> Remedy:
    action = RunCommand(
        ("rustup", "toolchain", "install", name, "--profile", "minimal"),
        reason,
        undo_argv=("rustup", "toolchain", "uninstall", name),
    )
    return Remedy(f"`{action.preview}`", (action,))


def _default(version: str | None) -> tuple[Remedy, ...]:
    action = RunCommand(
        ("rustup", "default", version or "stable"),
        "give rustup a default toolchain",
        undo_argv=("rustup", "default", "none"),
    )
    return (Remedy(f"`{action.preview}`", (action,)),)


def _newer(system: System, version: str | None) -> tuple[Remedy, ...]:
    """Install the pinned toolchain beside the others and make it the default."""
    if version is None or system.process.which("rustup") is None:
        return (Remedy(f"{_RUSTUP}{_then(version)}: distributions carry older ones"),)
    listed = system.process.run(["rustup", "toolchain", "list"], cwd="/", env=_ENV)
    before = re.search(r"^(\S+) \([^)]*\bdefault\b", listed.stdout, re.MULTILINE)
    choose = RunCommand(
        ("rustup", "default", version),
        "the checkout is built with the default toolchain",
        undo_argv=("rustup", "default", before[1] if before else "none"),
    )
    # One that is there already is not added: to take that back would be to remove it.
    adding = () if _lists(listed.stdout, version) else (_add(version, "the checkout pins it"),)
    return (_joined((*adding, Remedy(f"`{choose.preview}`", (choose,)))),)


def _joined(parts: tuple[Remedy, ...]) -> Remedy:
    """One remedy that takes all of its parts; several remedies would be a choice."""
    actions = tuple(action for part in parts for action in part.actions)
    return Remedy("; ".join(part.summary for part in parts if part.actions), actions)


def _commands(remedy: Remedy) -> list[RunCommand]:
    return [action for action in remedy.actions if isinstance(action, RunCommand)]


def _then(version: str | None) -> str:
    return f", then `rustup default {version}`" if version else ""


def _pinned(need: Requirement | None) -> str | None:
    """The version in the specifier that names one: `>=1.92`, `==1.92`, `==1.92.*`."""
    match = re.search(r"(?:==|>=|~=)\s*(\d+\.\d+(?:\.\d+)?)", (need.specifier or "") if need else "")
    return match[1] if match else None


def _wanted(need: Requirement | None) -> str:
    if need is None or not need.specifier:
        return ""
    return f"; this checkout needs Rust `{need.specifier}`{stated(need)}"


def _rustup_home(system: System) -> str | None:
    home = system.machine.home(system.env)
    return system.env.get("RUSTUP_HOME") or (f"{home}/.rustup" if home else None)


def _has_rustup_home(system: System) -> bool:
    folder = _rustup_home(system)
    return folder is not None and system.files.kind(folder) == "folder"


def _toolchains(system: System, needs: Needs) -> list[str]:
    """What rustup keeps decides, not its programs on PATH, which are all one."""
    folder = _rustup_home(system)
    names = system.files.names(f"{folder}/toolchains")
    kept = [f"{folder}/settings.toml", f"{folder}/toolchains"]
    return [*kept, *(f"{folder}/toolchains/{name}/bin/cargo" for name in names)]


def _where(system: System) -> tuple[str, ...]:
    return tuple(path for name in ("rustup", "cargo") if (path := system.process.which(name)))


RUST = Check(
    "rust",
    "Rust has every toolchain this checkout calls",
    "build",
    examine,
    needed("rust"),
    programs=("cargo", "rustup"),
    variables=("RUSTUP_HOME", "RUSTUP_TOOLCHAIN"),
    files=_toolchains,
)
