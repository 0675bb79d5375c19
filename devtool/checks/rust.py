"""Rust: the toolchain that plain `cargo` means here, and those that `cargo +VERSION` calls by name."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from contextlib import suppress

from devtool.adapters.toolchain_sources import rust_folder
from devtool.adapters.versions import compare
from devtool.checks.check import Check, finding
from devtool.checks.rust_remedies import add, choose, commands, joined, pinned, without_rustup
from devtool.checks.tool import Seen, absent, ask, judge, needed, stated
from devtool.errors import DevtoolError, InputError
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.requirement import Needs, Requirement
from devtool.system import System
from devtool.system.toml import TOMLDecodeError, loads

# Without it, asking for a version downloads the toolchain: https://rust-lang.github.io/rustup/environment-variables.html
_ENV = {"RUSTUP_AUTO_INSTALL": "0"}
_PATTERN = r"cargo (\d+\.\d+(?:\.\d+)?)"
_NO_DEFAULT = re.compile(r"could not choose a version of|no default toolchain configured|is not installed")


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the toolchain of plain `cargo` and the named ones against the checkout."""
    need = needs.tool("rust")
    home = _rustup_home(system)
    if system.process.which("rustup") and (home is None or system.files.kind(home) != "folder"):
        # Started without its folder, rustup would make it.
        summary = f"rustup is here without any toolchain{_wanted(need)}"
        remedies = _chosen(system, needs, need, None, named=True)
        return finding("rust", "failure", summary, *_where(system), requirement=need, remedies=remedies)
    override = _override(system, needs, home)
    argv = ["cargo", *([f"+{override}"] if override else []), "--version"]
    cargo = ask(system, argv, pattern=_PATTERN, env=_ENV)
    if cargo.absent:
        return absent("rust", need, cargo, remedies=without_rustup(system, host, need, ""))
    if cargo.version is None and cargo.answer and _NO_DEFAULT.search(cargo.answer.output):
        which = f"the toolchain {override} that rustup has for this checkout is not installed"
        summary = f"{which if override else 'rustup has no default toolchain'}{_wanted(need)}"
        remedies = _chosen(system, needs, need, override, named=True)
        return finding("rust", "failure", summary, *_where(system), requirement=need, remedies=remedies)
    verdict = judge("rust", need, cargo)
    if need is None or verdict.severity == "unknown":
        return verdict
    if verdict.severity == "failure":
        verdict = _unfit(system, host, needs, need, verdict, cargo, override)
    return _with_named(system, host, need, cargo, verdict)


def _unfit(
    system: System,
    host: Host,
    needs: Needs,
    need: Requirement,
    verdict: Finding,
    cargo: Seen,
    override: str | None,
) -> Finding:
    """One older than the pinned fails; a newer one seldom does, as Rust keeps old code building."""
    version = pinned(need)
    if version is None or (compare(cargo.version or "", version) or 0) < 0:
        if version is None or system.process.which("rustup") is None:
            remedies = without_rustup(system, host, need, ": distributions carry older ones")
        else:
            remedies = _chosen(system, needs, need, override)
        return dataclasses.replace(verdict, remedies=remedies)
    summary = f"{verdict.summary}; a newer one usually builds it"
    exact = choose(needs, version, override).actions[0].preview
    return dataclasses.replace(
        verdict,
        severity="warning",
        summary=summary,
        remedies=(Remedy(f"`{exact}` gives exactly the pinned one"),),
    )


def _chosen(
    system: System, needs: Needs, need: Requirement | None, override: str | None, *, named: bool = False
) -> tuple[Remedy, ...]:
    """Install the pinned toolchain beside the others, and choose it for this checkout."""
    version = pinned(need) or "stable"
    home = _rustup_home(system)
    here = "\n".join(system.files.names(f"{home}/toolchains") if home else [])
    wanted = {version: "the checkout pins it"}
    for name in need.toolchains if need and named else ():
        wanted.setdefault(name, f"the build calls `cargo +{name}`")
    # One that is there already is not added: to take that back would be to remove it.
    adding = [add(name, reason) for name, reason in wanted.items() if not _lists(here, name)]
    return (joined((*adding, choose(needs, version, override))),)


def _with_named(system: System, host: Host, need: Requirement, cargo: Seen, verdict: Finding) -> Finding:
    """The verdict on plain `cargo`, joined by that on the toolchains which the build calls by name."""
    if not need.toolchains:
        return verdict
    first = need.toolchains[0]
    listed = system.process.run(["rustup", "toolchain", "list"], cwd="/", env=_ENV)
    if not listed.found:
        summary = (
            f"cargo {cargo.version} is not rustup's, and only rustup's takes `cargo +{first}`{stated(need)}"
        )
        remedies = without_rustup(
            system, host, need, f"; its `cargo` must stand before `{cargo.path}` on PATH"
        )
        return finding("rust", "failure", summary, *cargo.evidence, requirement=need, remedies=remedies)
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
    brought = {action.argv for remedy in verdict.remedies for action in commands(remedy)}
    adding = [add(name, f"the build calls `cargo +{name}`") for name in missing]
    adding = [each for each in adding if not brought & {action.argv for action in commands(each)}]
    remedies = (joined((*adding, *verdict.remedies)),)
    return finding("rust", "failure", summary, *evidence, requirement=need, remedies=remedies)


def _lists(listing: str, name: str) -> bool:
    """Whether rustup's list names it: `1.89` is `1.89-x86_64-…`, and not `1.89.0-…`."""
    return any(re.match(rf"{re.escape(name)}(-|\s|$)", line) for line in listing.splitlines())


def _override(system: System, needs: Needs, home: str | None) -> str | None:
    """The toolchain that rustup was told to take in the checkout's folder or one above it."""
    if home is None or needs.root is None or system.env.get("RUSTUP_TOOLCHAIN"):
        return None
    with suppress(DevtoolError, TOMLDecodeError, AttributeError):
        overrides = loads(system.files.read_text(f"{home}/settings.toml") or "").get("overrides", {})
        folder = system.files.real(needs.root)
        while True:
            if isinstance(name := overrides.get(folder), str):
                return name
            if folder == posixpath.dirname(folder):
                return None
            folder = posixpath.dirname(folder)
    return None


def _wanted(need: Requirement | None) -> str:
    if need is None or not need.specifier:
        return ""
    return f"; this checkout needs Rust `{need.specifier}`{stated(need)}"


def _rustup_home(system: System) -> str | None:
    """Where the rustup that would run keeps its toolchains: devtool's own apart from the person's."""
    with suppress(InputError):
        if system.process.which("rustup") == f"{system.directories.shims}/rustup":
            return f"{rust_folder(system)}/rustup"
    home = system.machine.home(system.env)
    return system.env.get("RUSTUP_HOME") or (f"{home}/.rustup" if home else None)


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
    variables=("RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "RUSTUP_UPDATE_ROOT", "RUSTUP_DIST_SERVER"),
    files=_toolchains,
)
