"""Reading all needs of a checkout: which profile speaks for it, and every need by its rule."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from devtool.adapters.objects import Objects
from devtool.adapters.repository import find_repository, find_root, upwards
from devtool.errors import InputError
from devtool.model.mirrors import Mirror
from devtool.model.requirement import Needs, Requirement
from devtool.requirements.containers import KnownContainer
from devtool.requirements.mirroring import own_mirrors
from devtool.requirements.packages import settle_packages
from devtool.requirements.parsing import parse_profile
from devtool.requirements.profile import Profile
from devtool.requirements.rules import RULES, Case
from devtool.requirements.rules.precedence import unknown, unneeded
from devtool.requirements.statements import Checkout
from devtool.requirements.tree import Tree, WorkingTree
from devtool.system.resources import resource

if TYPE_CHECKING:
    from devtool.system import System

OWN_FILE = "devtool.toml"
NAMES = ("milvus",)
"""The built-in profiles, in the order in which they are tried."""


@dataclass(frozen=True)
class Reading:
    """The needs of a working tree, and the paths that decided them."""

    needs: Needs
    consulted: tuple[str, ...]
    """Absolute paths, also of what was not there: as long as none changes, the needs are the same."""
    profile: Profile | None = None


def read(system: System, start: str) -> Reading:
    """What the working tree around `start` asks for. Raises InputError for a broken `devtool.toml`."""
    root = find_root(system, start)
    looked: list[str] = []
    if root is None:
        root, looked = _known_root(system, start)
    if root is None:
        return Reading(Needs(project=None, root=None), tuple(looked))
    tree = WorkingTree(system, root)
    profile = find_profile(tree, posixpath.basename(root))
    needs = settle_needs(tree, profile, root)
    return Reading(needs, (*looked, *tree.consulted), profile)


def read_at(system: System, start: str, revision: str) -> Needs:
    """What `revision` of the checkout around `start` asks for, from git's objects. Raises InputError."""
    with open_objects(system, start) as (objects, root, below):
        tree = objects.at(revision, below)
        return settle_needs(tree, find_profile(tree, posixpath.basename(root)), root)


@contextmanager
def open_objects(system: System, start: str) -> Iterator[tuple[Objects, str, str]]:
    """The repository's objects, the checkout's root, and where the root lies in the repository.

    Raises InputError where there is no repository.
    """
    repository = find_repository(system, start)
    if repository is None:
        where = posixpath.normpath(posixpath.join(system.cwd, start))
        raise InputError(
            f"`{where}` is in no git repository, so there are no revisions",
            "leave out `--rev` and `--why` to read the files as they lie there, or work in a clone",
        )
    root = find_root(system, start)
    if root is None or not f"{root}/".startswith(f"{repository.rstrip('/')}/"):
        root = repository
    below = posixpath.relpath(root, repository)
    with Objects(system, repository) as objects:
        yield objects, root, "" if below == "." else below


def find_profile(tree: Tree, default_name: str) -> Profile | None:
    """The checkout's own profile, else the built-in one that recognises it, else None. Raises InputError."""
    own = tree.read(OWN_FILE)
    profile = None if own is None else parse_profile(own, OWN_FILE, default_name)
    # A file that names servers, mirrors or a shared cache and nothing else says nothing about the project.
    named = (profile.mirrors, profile.mirror_candidates) if profile else ((), ())
    connections = profile.connections if profile else ()
    cache = profile.container.cache if profile else None
    bare = Profile(
        default_name,
        OWN_FILE,
        mirrors=named[0],
        mirror_candidates=named[1],
        container=KnownContainer(cache=cache),
        connections=connections,
    )
    if profile is not None and (profile != bare or not (any(named) or cache or connections)):
        return profile
    if OWN_FILE in tree.problems:
        raise InputError(f"{OWN_FILE}: {tree.problems[OWN_FILE]}")
    known = next((p for name in NAMES if _recognises(p := built_in(name), tree)), None)
    if known is not None and profile is not None:
        container = replace(known.container, cache=cache)
        return replace(
            known,
            mirrors=named[0],
            mirror_candidates=named[1],
            container=container,
            connections=connections,
        )
    return known or profile


def stated_mirrors(system: System, start: str) -> tuple[Mirror, ...]:
    """The mirrors that files name, the person's own before the `devtool.toml` around `start`.

    Raises InputError.
    """
    _, profile = profile_around(system, start)
    return (*own_mirrors(system), *(profile.mirrors if profile else ()))


def candidates_around(system: System, start: str) -> tuple[Mirror, ...]:
    """The mirrors that the `devtool.toml` of the checkout around `start` holds worth asking.

    Raises InputError.
    """
    _, profile = profile_around(system, start)
    return (*profile.mirrors, *profile.mirror_candidates) if profile else ()


def profile_around(system: System, start: str) -> tuple[str | None, Profile | None]:
    """The root of the checkout around `start`, and what is known of its project. Raises InputError."""
    root = find_root(system, start)
    return root, find_profile(WorkingTree(system, root), posixpath.basename(root)) if root else None


@lru_cache
def built_in(name: str) -> Profile:
    """A built-in profile, parsed once a process."""
    text = resource(f"profiles/{name}.toml")
    assert text is not None, "the package carries its profiles"
    return parse_profile(text, f"{name}.toml", name)


def settle_needs(tree: Tree, profile: Profile | None, root: str | None) -> Needs:
    """Every need of the profile, settled in the order in which they depend on each other."""
    if profile is None:
        return Needs(project=None, root=root)
    checkout = Checkout(tree, profile)
    settled: dict[str, Requirement] = {}
    conflicts: list[str] = []
    for need in profile.needs:
        settled[need.tool] = _settle(Case(need, checkout, settled, conflicts))
    packages, unread = settle_packages(checkout)
    return Needs(
        project=profile.name,
        root=root,
        requirements=tuple(settled.values()),
        memory_bytes=profile.memory_bytes,
        disk_bytes=profile.disk_bytes,
        ports=profile.ports,
        conflicts=tuple(conflicts),
        packages=packages,
        unread=unread,
    )


def _settle(case: Case) -> Requirement:
    need = case.need
    if need.fixed is not None:
        return Requirement(need.tool, need.fixed, "declared", f"{case.checkout.profile.source}:{need.line}")
    if need.needed_if and not case.checkout.matches(need.needed_if):
        if case.checkout.unreadable(need.needed_if):
            return unknown(case, "the files that would say so cannot be read")
        return unneeded(case)
    made = RULES[need.rule](case)
    problems = case.checkout.unreadable(need.statements)
    return made if made.confidence == "unknown" else replace(made, notes=(*made.notes, *problems))


def _recognises(profile: Profile, tree: Tree) -> bool:
    return profile.identify is not None and bool(Checkout(tree, profile).find(profile.identify))


def _known_root(system: System, start: str) -> tuple[str | None, list[str]]:
    """The nearest folder upwards that a built-in profile recognises (a checkout without git).

    And the paths that were looked at on the way.
    """
    looked: list[str] = []
    for folder in upwards(system, start):
        tree = WorkingTree(system, folder)
        known = any(_recognises(built_in(name), tree) for name in NAMES)
        looked += tree.consulted
        if known:
            return folder, looked
    return None, looked
