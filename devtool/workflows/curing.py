"""The ways out of a known failure that fit a checkout and a machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from devtool.adapters.versions import satisfies
from devtool.knowledge.failure import Conditions, KnownRemedy
from devtool.model.diagnosis import Cure
from devtool.model.host import Host
from devtool.model.requirement import Needs, Requirement

_SLOT = re.compile(r"\{([a-z][a-z0-9-]*)\|([^{}]*)\}")
_LOWER_BOUND = re.compile(r"(==|>=|~=)\s*([0-9][\w.]*?)(?:\.\*)?(?:,|\Z)")
_NAMES = {
    "linux": "Linux",
    "macos": "macOS",
    "amzn": "Amazon Linux",
    "centos": "CentOS",
    "opensuse-leap": "openSUSE Leap",
    "opensuse-tumbleweed": "openSUSE Tumbleweed",
    "rhel": "Red Hat Enterprise Linux",
    "rocky": "Rocky Linux",
    "almalinux": "AlmaLinux",
}


_KIN = {
    **dict.fromkeys(("linuxmint", "pop", "elementary", "neon", "zorin"), "ubuntu"),
    **dict.fromkeys(("raspbian", "kali"), "debian"),
    **dict.fromkeys(("rhel", "centos", "almalinux", "ol"), "rocky"),
    **dict.fromkeys(("manjaro", "endeavouros"), "arch"),
    **dict.fromkeys(("opensuse-tumbleweed", "sles"), "opensuse-leap"),
}
"""Distributions that take another one's packages, by the ID of os-release."""


@dataclass(frozen=True)
class Place:
    """The machine and the checkout that a cure is for."""

    host: Host
    needs: Needs


def cures(remedies: Sequence[KnownRemedy], place: Place | None) -> tuple[Cure, ...]:
    """The remedies that fit the place, or all of them with their conditions where none is known or fits."""
    if place is not None:
        fitting = [each for each in remedies if fits(each.conditions, place) is not False]
        if fitting:
            return tuple(_cure(each, place) for each in fitting)
    return tuple(_cure(each, None) for each in remedies)


def fits(conditions: Conditions, place: Place) -> bool | None:
    """Whether the conditions hold there; None when that cannot be told."""
    host = place.host
    if conditions.os and host.os not in conditions.os:
        return False
    kin = {host.distribution, _KIN.get(host.distribution or "")}
    if conditions.distribution and not kin.intersection(conditions.distribution):
        return False
    held = [_needed(tool, specifier, place.needs) for tool, specifier in conditions.needs.items()]
    if False in held:
        return False
    return None if None in held else True


def described(conditions: Conditions) -> str:
    """The conditions in words, such as `on macOS`; empty where there is none."""
    parts: list[str] = []
    if conditions.distribution:
        parts.append(f"on {' or '.join(_named(each) for each in conditions.distribution)}")
    elif conditions.os:
        parts.append(f"on {' and '.join(map(_named, conditions.os))}")
    needs = [f"{tool} {specifier}" for tool, specifier in conditions.needs.items()]
    if needs:
        parts.append(f"where the checkout needs {' and '.join(needs)}")
    return ", ".join(parts)


def needed_version(requirement: Requirement | None) -> str | None:
    """The version that stands for a need: the one pinned, else the lowest that will do; None when unknown."""
    if requirement is None or not requirement.needed or not requirement.specifier:
        return None
    found = _LOWER_BOUND.search(requirement.specifier)
    return found[2] if found else None


def _named(system: str) -> str:
    return _NAMES.get(system, system.capitalize())


def _needed(tool: str, specifier: str, needs: Needs) -> bool | None:
    version = needed_version(needs.tool(tool))
    return None if version is None else satisfies(version, specifier)


def _cure(remedy: KnownRemedy, place: Place | None) -> Cure:
    certain = place is not None and fits(remedy.conditions, place)
    commands = tuple(_filled(command, place) for command in remedy.commands)
    return Cure(_filled(remedy.text, place), commands, "" if certain else described(remedy.conditions))


def _filled(text: str, place: Place | None) -> str:
    """The text with `{tool|default}` as the version that the checkout needs."""

    def version(slot: re.Match[str]) -> str:
        tool, default = slot[1], slot[2]
        requirement = place.needs.tool(tool) if place is not None else None
        needed = needed_version(requirement)
        if requirement is None or requirement.specifier is None or needed is None:
            return default
        # Of a range the default is the better choice: the lowest bound is rarely what anybody runs.
        return default if satisfies(default, requirement.specifier) else needed

    return _SLOT.sub(version, text)
