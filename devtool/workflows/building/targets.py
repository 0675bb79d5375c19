"""What can be built by name: by the commands of the project, the targets of its profile, its Makefile."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.build import Target
from devtool.requirements.building import NAME
from devtool.requirements.profile import Building, KnownTarget, Profile
from devtool.requirements.reading import find_profile
from devtool.requirements.statements import Checkout
from devtool.requirements.tree import WorkingTree

if TYPE_CHECKING:
    from devtool.system import System

_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_RULE = re.compile(r"([A-Za-z0-9][\w.+-]*) *:(?![:=])")
# Beyond these a word means something to a shell: https://pubs.opengroup.org/onlinepubs/9699919799/ (2.2)
_PLAIN = re.compile(r"[\w@%+:,./ -][\w@%+=:,./ -]*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_JOBS = ("CMAKE_BUILD_PARALLEL_LEVEL", "CARGO_BUILD_JOBS")
"""What CMake and cargo themselves read."""


@dataclass(frozen=True)
class Buildable:
    """What a checkout lets be built."""

    root: str
    project: str
    targets: tuple[Target, ...]
    building: Building

    @property
    def jobs_variables(self) -> tuple[str, ...]:
        """What takes the number of jobs, as a profile writes it."""
        return self.building.jobs or _JOBS

    def target(self, name: str | None) -> Target:
        """The target of that name, or the default one. Raises InputError."""
        if name is None:
            return self._default()
        found = next((each for each in self.targets if each.name == name), None)
        if found is None:
            raise self._unknown(name)
        return found

    def _default(self) -> Target:
        found = next((each for each in self.targets if each.default), None)
        if found is None:
            known = ", ".join(f"`{each.name}`" for each in self.targets[:5])
            raise InputError(
                f"nothing says what {self.project} is built with when no target is named",
                f"name one of {known}"
                if known
                else 'state it in `devtool.toml`: `[commands]`, `build = ["make"]`',
            )
        return found

    def _unknown(self, name: str) -> InputError:
        from difflib import get_close_matches

        near = get_close_matches(name, [each.name for each in self.targets], n=3)
        listed = " or ".join(f"`{each}`" for each in near)
        hint = f"did you mean {listed}?" if near else "`devtool build --list` lists the targets"
        return InputError(f"{self.project} has no target `{name}`", hint)


def buildable(system: System, root: str) -> Buildable:
    """What the checkout at `root` lets be built. Raises InputError for a broken `devtool.toml`."""
    tree = WorkingTree(system, root)
    name = posixpath.basename(root)
    profile = find_profile(tree, name) or Profile(name, "")
    building = profile.building
    makefile = building.makefile or next((each for each in _MAKEFILES if tree.read(each) is not None), None)
    rules = tuple(_rules(tree.read(makefile) or "")) if makefile else ()
    found: dict[str, Target] = {}
    if profile.build:
        default = building.default in (None, "build")
        found["build"] = Target("build", _line(profile.build), "everything", {}, default)
    elif rules and building.default is None:
        found["make"] = Target("make", "make", "what `make` builds when it is told nothing", {}, True)
    if profile.test:
        default = building.default == "test"
        found["test"] = Target("test", _line(profile.test), "the project's tests", {}, default)
    checkout = Checkout(tree, profile)
    for known in building.targets:
        if _is_there(known, rules, checkout):
            found[known.name] = _target(known, building.default)
    for rule in rules:
        found.setdefault(rule, Target(rule, f"make {rule}", "", {}, building.default == rule))
    return Buildable(root, profile.name, tuple(found.values()), building)


def words(target: Target, args: Sequence[str]) -> tuple[str, ...]:
    """What is run for the target: its own words, or a shell where its line needs one."""
    line = target.line
    if _PLAIN.fullmatch(line) and not _ASSIGNMENT.match(line):
        return (*line.split(), *args)
    return ("sh", "-c", f'{line} "$@"' if args else line, *(("sh", *args) if args else ()))


def _target(known: KnownTarget, default: str | None) -> Target:
    line = _line(known.commands or (f"make {known.name}",))
    return Target(known.name, line, known.title or line, known.environment, default == known.name)


def _line(commands: Sequence[str]) -> str:
    return " && ".join(each.strip() for each in commands)


def _is_there(known: KnownTarget, rules: Sequence[str], checkout: Checkout) -> bool:
    if known.when:
        return checkout.matches(known.when) is not None
    return bool(known.commands) or known.name in rules


def _rules(text: str) -> Iterator[str]:
    """The targets that a Makefile states one by one; those of patterns and of built-in rules are left out."""
    seen: set[str] = set()
    for line in text.splitlines():
        found = _RULE.match(line)
        if found and NAME.fullmatch(found[1]) and found[1] not in seen:
            seen.add(found[1])
            yield found[1]
