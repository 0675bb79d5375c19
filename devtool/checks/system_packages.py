"""Whether the packages that this checkout's own installer names are installed here.

Compilers and tools with a check of their own are left to it, and a program on
PATH is as good as its package, wherever it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from devtool.adapters.package_database import DATABASES, PROGRAMS, missing
from devtool.adapters.package_names import (
    FAMILIES,
    Capability,
    Distribution,
    capability_named,
    distribution_of,
    verified,
)
from devtool.checks.check import Check, finding
from devtool.checks.packages import install
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.model.requirement import Needs, PackageList, Statement
from devtool.system import System

_ID = "system-packages"
_MOST_NAMED = 6


@dataclass(frozen=True)
class Wanted:
    """One thing that the checkout asks for, and what it is called here."""

    title: str
    names: tuple[str, ...]
    stated: Statement
    lacking: str
    programs: tuple[str, ...] = ()


def examine_packages(system: System, host: Host, needs: Needs) -> Finding:
    """Ask the package database for everything that this checkout's installer wants on this distribution."""
    here = distribution_of(host)
    if here is None:
        return _unknown_distribution(host, needs)
    wanted, nameless = wanted_here(host, needs, here)
    unreadable = (*needs.unread, *_unread(needs.packages, host, here))
    if not wanted:
        if unreadable:
            return finding(_ID, "unknown", "what this checkout installs cannot be read", *unreadable)
        return finding(_ID, "skipped", "this checkout names no packages for this system", *nameless)
    asked = [each for each in wanted if not any(map(system.process.which, each.programs))]
    names = tuple(dict.fromkeys(name for each in asked for name in each.names))
    absent = missing(system, here.manager, names) if names else ()
    if isinstance(absent, str):
        return finding(_ID, "unknown", f"cannot tell which packages are installed: {absent}")
    lacking = sorted(
        (each for each in asked if set(each.names) & set(absent)), key=lambda each: each.lacking == "warning"
    )
    if not lacking:
        return finding(
            _ID, "ok", f"all that this checkout names for {here.title} is here", *nameless, *unreadable
        )
    return _lacking(system, host, here, lacking, absent, (*nameless, *unreadable))


def wanted_here(host: Host, needs: Needs, here: Distribution) -> tuple[list[Wanted], tuple[str, ...]]:
    """What is wanted here, and a line for each thing whose name here nobody wrote down."""
    lists = [each for each in needs.packages if _holds(each, host, here)]
    translated = not lists
    if translated:
        # Named for other distributions only. Those with apt differ in nothing but compilers.
        lists = [each for each in needs.packages if each.manager == "apt-get" and each.condition is None]
    found: dict[str, Wanted] = {}
    nameless: dict[str, str] = {}
    for listed in sorted(lists, key=lambda each: each.origin == "image"):
        for stated in listed.packages:
            brings = capability_named(stated.value, listed.manager)
            if brings is not None and (brings.checked_by or brings.spare):
                continue
            as_written = not translated and here.manager != "brew"
            names = _names(stated, brings, here, as_written)
            if names is None:
                nameless.setdefault(
                    stated.value, f"`{stated.value}` has no name here that we know of ({stated.source})"
                )
                continue
            _add(found, brings, names, stated, listed)
    return list(found.values()), tuple(nameless.values())


def _names(
    stated: Statement, brings: Capability | None, here: Distribution, as_written: bool
) -> tuple[str, ...] | None:
    if as_written:
        return (stated.value,)
    return here.names.get(brings.id) if brings is not None else None


def _add(
    found: dict[str, Wanted],
    brings: Capability | None,
    names: tuple[str, ...],
    stated: Statement,
    listed: PackageList,
) -> None:
    key = brings.id if brings is not None else stated.value
    known = found.get(key)
    if known is not None:
        both = tuple(dict.fromkeys((*known.names, *names)))
        found[key] = Wanted(known.title, both, known.stated, known.lacking, known.programs)
    elif names:
        # What the image alone has, a person's machine may do without.
        lacking = "warning" if brings is None or listed.origin == "image" else brings.lacking
        title = brings.title if brings is not None else stated.value
        found[key] = Wanted(title, names, stated, lacking, brings.programs if brings is not None else ())


def _holds(listed: PackageList, host: Host, here: Distribution) -> bool:
    """Whether a list is meant for this machine, as far as reading it can tell."""

    def released(releases: Iterable[str]) -> bool:
        return any(f"{host.version}.".startswith(f"{each}.") for each in releases)

    return (
        FAMILIES.get(listed.manager, listed.manager) == FAMILIES.get(here.manager, here.manager)
        and listed.condition is None
        and listed.os in (None, host.os)
        and (not listed.distributions or host.distribution in listed.distributions)
        and (not listed.releases or released(listed.releases))
        and not released(listed.except_releases)
        and listed.architecture in (None, host.architecture)
    )


def _unread(lists: Iterable[PackageList], host: Host, here: Distribution) -> tuple[str, ...]:
    return tuple(
        f"`{word.value}` cannot be read without running it ({word.source})"
        for listed in lists
        if _holds(listed, host, here)
        for word in listed.unread
    )


def _lacking(
    system: System,
    host: Host,
    here: Distribution,
    lacking: list[Wanted],
    absent: tuple[str, ...],
    further: tuple[str, ...],
) -> Finding:
    names = list(dict.fromkeys(name for each in lacking for name in each.names if name in absent))
    failing = any(each.lacking == "failure" for each in lacking)
    named = ", ".join(names[:_MOST_NAMED]) + (
        f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    )
    one = len(names) == 1
    summary = (
        f"{len(names)} package{'' if one else 's'} that this checkout names {'is' if one else 'are'} "
        f"missing: {named} ({lacking[0].stated.source})"
    )
    evidence = [
        f"{', '.join(n for n in each.names if n in absent)} ({each.title}): {_said(each)}" for each in lacking
    ]
    if doubt := _doubt(host, here, names):
        evidence.append(doubt)
    manager = next((each for each in host.package_managers if each == here.manager), None)
    remedy = install(
        system, host, manager or here.manager, tuple(names), tools=tuple(e.title for e in lacking)
    )
    return finding(_ID, "failure" if failing else "warning", summary, *evidence, *further, remedies=(remedy,))


def _said(wanted: Wanted) -> str:
    written = "" if wanted.stated.value in wanted.names else f" as `{wanted.stated.value}`"
    return f"named{written} at {wanted.stated.source}"


def _doubt(host: Host, here: Distribution, names: list[str]) -> str:
    """One line on names that nobody looked up in this release's index."""
    release = here.release_of(host.version)
    known = verified(here.file, release) if release else frozenset()
    unsure = [name for name in names if name not in known]
    where = " ".join(filter(None, (here.title, host.version)))
    return f"not looked up in the index of {where}: {', '.join(unsure)}" if unsure else ""


def _unknown_distribution(host: Host, needs: Needs) -> Finding:
    where = " ".join(filter(None, (host.distribution or host.os, host.version)))
    names: dict[str, Statement] = {}
    for listed in needs.packages:
        for each in listed.packages if listed.condition is None else ():
            brings = capability_named(each.value, listed.manager)
            if brings is None or not (brings.checked_by or brings.spare):
                names.setdefault(brings.title if brings else each.value, each)
    evidence = [f"{title}: `{each.value}` ({each.source})" for title, each in names.items()]
    return finding(_ID, "skipped", f"no package names are known for {where}; this checkout wants", *evidence)


def named(host: Host, needs: Needs) -> bool:
    """Whether the checkout names packages at all."""
    return bool(needs.packages or needs.unread)


SPARING = (
    *("autoconf", "automake", "curl", "gfortran", "ggrep", "glibtoolize", "libtoolize", "m4", "makeinfo"),
    *("patchelf", "pkg-config", "pkgconf", "tar", "unzip", "wget", "which", "zip"),
)
"""Every program that is as good as its package."""

SYSTEM_PACKAGE_CHECKS = (
    Check(
        _ID,
        "packages of the system",
        "build",
        examine_packages,
        named,
        programs=(*PROGRAMS, *SPARING),
        files=lambda system, needs: DATABASES,
    ),
)
