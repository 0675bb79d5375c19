"""The C++ compilers: GCC on Linux, LLVM on macOS, by their major versions."""

from __future__ import annotations

import dataclasses

from devtool.adapters.homebrew import APPLE_SILICON, INTEL, other_prefix, prefix_for
from devtool.adapters.versions import major
from devtool.checks.check import Check, finding
from devtool.checks.packages import Packages, from_packages
from devtool.checks.tool import Seen, absent, ask, judge, needed, needed_on, stated
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

_GCC = ("gcc", "-dumpfullversion", "-dumpversion")
# Some wrappers answer every question with the banner of `--version`.
_GCC_PATTERN = r"^(?:gcc \([^)]*\) )?(\d+(?:\.\d+)*)(?: \d{8}\b.*)?\s*$"
_CLANG_PATTERN = r"clang version (\d+\.\d+(?:\.\d+)?)"
# Majors that a release packages, the one without a number first: packages.debian.org, packages.ubuntu.com
_PACKAGED_GCC = {
    ("debian", "11"): (10, 9),
    ("debian", "12"): (12, 11),
    ("debian", "13"): (14, 13, 12),
    ("ubuntu", "20.04"): (9, 10, 8, 7),
    ("ubuntu", "22.04"): (11, 12, 10, 9),
    ("ubuntu", "24.04"): (13, 14, 12, 11, 10, 9),
    # Others call further majors otherwise: only that of the plain `gcc` is told.
    ("alpine", "3.20"): (13,),
    ("alpine", "3.21"): (14,),
    ("almalinux", "9"): (11,),
    ("amzn", "2023"): (11,),
    ("fedora", "41"): (14,),
    ("opensuse-leap", "15"): (7,),
    ("rocky", "9"): (11,),
}
_CXX_PACKAGES = {
    "apt-get": ("g++",),
    "dnf": ("gcc-c++",),
    "yum": ("gcc-c++",),
    "zypper": ("gcc-c++",),
    "apk": ("g++",),
}
_GCC_PACKAGES = {
    "apt-get": ("gcc", "g++"),
    "dnf": ("gcc", "gcc-c++"),
    "yum": ("gcc", "gcc-c++"),
    "zypper": ("gcc", "gcc-c++"),
    "pacman": ("gcc",),
    "apk": ("gcc", "g++"),
}


def examine_gcc(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the `gcc` that the build calls against the accepted majors."""
    need = needs.tool("gcc")
    seen = ask(system, _GCC, pattern=_GCC_PATTERN)
    remedies = _gcc_remedies(system, host, need, seen)
    if seen.version is not None and system.process.which("g++") is None:
        summary = f"gcc {seen.version} is here without its C++ half: g++ is not on PATH"
        # Without gcc itself: what takes this back would otherwise remove the one that was there.
        install = _package(system, host, _CXX_PACKAGES)
        return finding("gcc", "failure", summary, *seen.evidence, requirement=need, remedies=install)
    return _by_major("gcc", need, seen, remedies)


def examine_llvm(system: System, host: Host, needs: Needs) -> Finding:
    """Hold Homebrew's LLVM against the accepted majors; on Linux, the clang that is there."""
    need = needs.tool("llvm")
    if host.os == "linux":
        seen = ask(system, ["clang", "--version"], pattern=_CLANG_PATTERN)
        if seen.absent:
            summary = "clang is not here; on Linux this checkout is built with gcc"
            return finding("llvm", "skipped", summary, requirement=need)
        verdict = _by_major("llvm", need, seen, ())
        return dataclasses.replace(verdict, severity="warning") if verdict.severity == "failure" else verdict
    return _homebrew_llvm(system, host, need)


def _homebrew_llvm(system: System, host: Host, need: Requirement | None) -> Finding:
    prefix, other = system.env.get("HOMEBREW_PREFIX") or prefix_for(host), other_prefix(host)
    accepted = (need.accepted if need else None) or ()
    best = f"llvm@{accepted[0]}" if accepted else "llvm"
    remedy = from_packages(system, host, {"brew": (best,)}, tool=best) or Remedy(
        f"install Homebrew from https://brew.sh, then `brew install {best}`"
    )
    for formula in (*(f"llvm@{number}" for number in accepted), *(() if accepted else ("llvm",))):
        clang = f"{prefix}/opt/{formula}/bin/clang"
        if system.files.executable(clang):
            return _by_major(
                "llvm", need, ask(system, [clang, "--version"], pattern=_CLANG_PATTERN), (remedy,)
            )
    elsewhere = [
        f"{other}/opt/llvm@{n}" for n in accepted if system.files.kind(f"{other}/opt/llvm@{n}") == "folder"
    ]
    if elsewhere:
        summary = (
            f"`{elsewhere[0]}` is made for another processor: on {host.architecture} LLVM belongs below"
            f" `{prefix}`{stated(need)}"
        )
        return finding("llvm", "failure", summary, *elsewhere, requirement=need, remedies=(remedy,))
    numbers = f"; this checkout accepts {_listed(accepted)}{stated(need)}" if accepted else ""
    summary = f"no Homebrew LLVM below `{prefix}/opt`{numbers}"
    return finding("llvm", "failure", summary, requirement=need, remedies=(remedy,))


def _by_major(check_id: str, need: Requirement | None, seen: Seen, remedies: tuple[Remedy, ...]) -> Finding:
    """The verdict by accepted majors where the need lists them, else by its specifier."""
    verdict = judge(check_id, need, seen, remedies=remedies)
    if need is None or not need.accepted or seen.version is None:
        if seen.absent and need and need.accepted:
            wanted = f"; this checkout accepts {_listed(need.accepted)}{stated(need)}"
            lacking = absent(check_id, None, seen, remedies=remedies)
            return dataclasses.replace(lacking, summary=lacking.summary + wanted, requirement=need)
        return verdict
    if major(seen.version) in need.accepted:
        summary = f"{check_id} {seen.version}"
        return finding(check_id, "ok", summary, *seen.evidence, requirement=need)
    # What only an image happens to carry shows what works, not what else does not.
    severity: Severity = "warning" if need.confidence == "inferred" else "failure"
    summary = (
        f"{check_id} {seen.version} is none of the majors this checkout accepts:"
        f" {_listed(need.accepted)}{stated(need)}"
    )
    return finding(check_id, severity, summary, *seen.evidence, requirement=need, remedies=remedies)


def _listed(majors: tuple[int, ...]) -> str:
    return ", ".join(map(str, majors))


def _gcc_remedies(system: System, host: Host, need: Requirement | None, seen: Seen) -> tuple[Remedy, ...]:
    accepted = (need.accepted if need else None) or ()
    packaged = _packaged(host)
    if seen.absent and (not accepted or (packaged[0:1] and packaged[0] in accepted)):
        return _package(system, host, _GCC_PACKAGES)
    if not accepted:
        specifier = f" that satisfies `{need.specifier}`" if need and need.specifier else ""
        return (Remedy(f"install a GCC{specifier} and let `gcc` and `g++` on PATH be it"),)
    best = next((number for number in packaged if number in accepted), None)
    if best is None or "apt-get" not in host.package_managers:
        return (Remedy(f"install GCC {accepted[0]} and let `gcc` and `g++` on PATH be it"),)
    sudo = "" if host.is_root else "sudo "
    return (
        Remedy(
            f"`{sudo}apt-get install gcc-{best} g++-{best}`, then `{sudo}update-alternatives --install"
            f" /usr/bin/gcc gcc /usr/bin/gcc-{best} 100 --slave /usr/bin/g++ g++ /usr/bin/g++-{best}`"
        ),
    )


def _packaged(host: Host) -> tuple[int, ...]:
    """The majors that the distribution carries, that of its plain `gcc` first."""
    release = f"{host.version}."
    rows = _PACKAGED_GCC.items()
    return next(
        (majors for (name, r), majors in rows if name == host.distribution and release.startswith(f"{r}.")),
        (),
    )


def _package(system: System, host: Host, packages: Packages) -> tuple[Remedy, ...]:
    remedy = from_packages(system, host, packages, tool="gcc")
    return (remedy or Remedy("install GCC and its C++ compiler with your distribution's packages"),)


def _homebrew_clangs(system: System, needs: Needs) -> list[str]:
    need = needs.tool("llvm")
    formulae = [f"llvm@{number}" for number in (need.accepted if need else None) or ()] or ["llvm"]
    prefixes = (system.env.get("HOMEBREW_PREFIX") or APPLE_SILICON, APPLE_SILICON, INTEL)
    return [f"{prefix}/opt/{formula}/bin/clang" for prefix in prefixes for formula in formulae]


def _llvm_applies(host: Host, needs: Needs) -> bool:
    return host.os in ("macos", "linux") and needed("llvm")(host, needs)


COMPILERS = (
    Check(
        "gcc",
        "GCC has a major version this checkout accepts",
        "build",
        examine_gcc,
        needed_on("gcc", "linux"),
        programs=("gcc", "g++"),
    ),
    Check(
        "llvm",
        "LLVM has a major version this checkout accepts",
        "build",
        examine_llvm,
        _llvm_applies,
        programs=("clang",),
        variables=("HOMEBREW_PREFIX",),
        files=_homebrew_clangs,
    ),
)
