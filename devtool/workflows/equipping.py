"""Finding out what environment the build of this checkout wants on this machine."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devtool.adapters.mirrors import mirrors, told_to_builds
from devtool.adapters.versions import compare, satisfies
from devtool.checks.go import FIRST_THAT_SWITCHES, LOCAL, fetches
from devtool.detect import detect
from devtool.model.environment import (
    Environment,
    LeftOut,
    Variable,
    may_be_set,
    prepended,
    without_changes,
)
from devtool.model.mirrors import KINDS
from devtool.model.version import find_version
from devtool.requirements.exports import Exports
from devtool.requirements.profile import Surroundings
from devtool.requirements.reading import find_profile, stated_mirrors
from devtool.requirements.statements import Checkout
from devtool.requirements.tree import WorkingTree
from devtool.workflows.known_needs import known_needs
from devtool.workflows.search_path import SearchPath, find_program, search_path

if TYPE_CHECKING:
    from devtool.model.host import Host
    from devtool.model.requirement import Needs
    from devtool.requirements.profile import Profile, Setting
    from devtool.system import System

_GO = re.compile(r"go version go(\d+\.\d+(?:\.\d+|rc\d+)?)")


@dataclass(frozen=True)
class _Place:
    """What every step below has to know."""

    system: System
    host: Host
    env: Mapping[str, str]
    """The person's environment, before devtool changed it."""
    path: SearchPath

    def version(self, tool: str) -> str | None:
        """The version of what the name will mean on PATH; None where it is absent or does not say."""
        program = find_program(self.system, self.path, self.env, tool)
        if program is None:
            return None
        go = tool == "go"
        argv = [program, "version"] if go else [program, "--version"]
        answer = self.system.process.run(argv, cwd="/", env=LOCAL if go else None)
        if not answer.ok:
            return None
        match = _GO.search(answer.stdout) if go else None
        return match[1] if match else find_version(answer.output)


def equip(system: System) -> Environment:
    """The environment for the checkout around `system.cwd`; outside any, what devtool itself needs.

    Raises InputError for a broken `devtool.toml`, or a script that is none.
    """
    needs = known_needs(system)
    profile = _profile(system, needs)
    host = detect(system, system.cwd)
    env = without_changes(system.env)
    surroundings = profile.surroundings if profile else Surroundings()
    calls = surroundings.calls or tuple(each.tool for each in needs.requirements)
    place = _Place(system, host, env, search_path(system, host, needs, calls if needs.project else (), env))
    variables = [*_path(place)]
    made = Environment(needs.project, needs.root if needs.project else None, ())
    if profile is not None and needs.root is not None:
        root = system.files.real(needs.root)
        tree = WorkingTree(system, needs.root)
        exports = Exports(system, host, needs, surroundings)
        exports.follow(tree, env, root)
        variables += _exported(exports, surroundings, env)
        there = {each.name for each in variables}
        variables += _settings(place, exports, Checkout(tree, profile), there)
        made = replace(
            made, left_out=(*_left_out(exports, profile),), troubles=_troubles(exports, host, root)
        )
    go = needs.tool("go")
    if go is not None and go.needed and go.specifier:
        found, trouble = _toolchain(place, go.specifier, go.source)
        variables += found
        made = replace(made, troubles=(*made.troubles, *trouble))
    variables += _mirrored(system, {each.name for each in variables}, env)
    return replace(made, variables=tuple(variables))


def _mirrored(system: System, there: set[str], env: Mapping[str, str]) -> Iterator[Variable]:
    """What tells the build's own installers of mirrors, where nothing else does."""
    chosen = mirrors(system, (), stated_mirrors(system, system.cwd))
    for name, value, mirror in told_to_builds(system, chosen):
        if name not in there:
            reason = f"{KINDS[mirror.kind].what} from {mirror.shown}"
            yield Variable(name, value, reason, mirror.source, env.get(name))


def _profile(system: System, needs: Needs) -> Profile | None:
    if needs.project is None or needs.root is None:
        return None
    return find_profile(WorkingTree(system, needs.root), posixpath.basename(needs.root))


def _path(place: _Place) -> Iterator[Variable]:
    folders = tuple(place.path.folders)
    before = place.env.get("PATH")
    if folders:
        value = prepended(folders, before)
        yield Variable("PATH", value, place.path.reason, None, before, folders)


def _exported(exports: Exports, surroundings: Surroundings, env: Mapping[str, str]) -> Iterator[Variable]:
    for name, made in exports.made.exported.items():
        if name not in surroundings.reasons or name in surroundings.never:
            continue
        reason, source, before = (
            surroundings.reasons[name],
            f"{surroundings.script}:{made.line}",
            env.get(name),
        )
        if name in surroundings.lists:
            folders = tuple(dict.fromkeys(filter(None, made.value.split(":"))))
            yield Variable(name, prepended(folders, before), reason, source, before, folders)
        else:
            yield Variable(name, made.value, reason, source, before)


def _settings(place: _Place, exports: Exports, checkout: Checkout, there: set[str]) -> Iterator[Variable]:
    for setting in checkout.profile.surroundings.settings:
        if setting.name in there or not _wanted(place, setting, checkout):
            continue
        value = exports.value(setting.value)
        if value is not None:
            yield Variable(setting.name, value, setting.reason, None, place.env.get(setting.name))


def _wanted(place: _Place, setting: Setting, checkout: Checkout) -> bool:
    if setting.os not in (None, place.host.os) or checkout.matches(setting.unless):
        return False
    versions = {tool: place.version(tool) for tool in setting.found}
    return all(
        (version := versions[tool]) is not None and satisfies(version, specifier)
        for tool, specifier in setting.found.items()
    )


def _left_out(exports: Exports, profile: Profile) -> Iterator[LeftOut]:
    surroundings = profile.surroundings
    said: set[str] = set()
    for each in exports.made.unread:
        known = each.name in surroundings.reasons
        if each.name in said or each.name in exports.made.exported:
            continue
        said.add(each.name)
        reason = surroundings.never.get(each.name) or f"only running the script would tell: {each.reason}"
        trouble = known and each.name not in surroundings.never
        yield LeftOut(each.name, reason, f"{surroundings.script}:{each.line}", trouble)
    for name, made in exports.made.exported.items():
        if name not in surroundings.reasons or name in surroundings.never:
            why = "devtool does not know what it is for" if may_be_set(name) else "no build may set it"
            yield LeftOut(name, surroundings.never.get(name) or why, f"{surroundings.script}:{made.line}")


def _troubles(exports: Exports, host: Host, root: str) -> tuple[str, ...]:
    found = []
    if ":" in root:
        found.append(f"`{root}` holds a colon, which parts folders in lists: move the checkout")
    if exports.made.stopped is not None and host.os == "macos":
        where = f"is installed in `{posixpath.join(exports.prefix, 'opt')}`"
        found.append(f"no LLVM that this checkout accepts {where}: `devtool doctor --only llvm` says which")
    return tuple(found)


def _toolchain(place: _Place, specifier: str, source: str | None) -> tuple[list[Variable], list[str]]:
    """GOTOOLCHAIN, where the Go that is here has to fetch the one that is asked for."""
    version = place.version("go")
    if version is None or satisfies(version, specifier) is not False:
        return [], []
    asked = f"{source or 'the checkout'} asks for `{specifier}`"
    if (compare(version, FIRST_THAT_SWITCHES) or 0) < 0:
        older = f"go {version} cannot fetch a newer one, and {asked}"
        return [], [f"{older}: `devtool setup --only go` installs one, or says what to do"]
    before = place.env.get("GOTOOLCHAIN")
    value = before if before and fetches(before, specifier) else "auto"
    return [Variable("GOTOOLCHAIN", value, f"go {version} fetches a newer one: {asked}", source, before)], []
