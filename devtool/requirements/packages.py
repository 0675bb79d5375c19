"""The packages of distributions that a checkout's installer and builder images install."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from devtool.adapters.script.lexing import ScriptError
from devtool.model.requirement import PackageList, Statement
from devtool.requirements.installing import Installed, installed
from devtool.requirements.places import Place
from devtool.requirements.profile import Form, Installers
from devtool.requirements.statements import Checkout

_LONGEST = 256 * 1024
_FOLDER = re.compile(r"([a-z]+?)-?(\d[\d.]*)")
_RUN = re.compile(r"\s*RUN\s", re.IGNORECASE)
_COMMENT = re.compile(r"\s*#")


def settle_packages(checkout: Checkout) -> tuple[tuple[PackageList, ...], tuple[str, ...]]:
    """Every list of packages, and the files that should hold some and could not be read."""
    lists: list[PackageList] = []
    unread: list[str] = []
    for origin, path in _files(checkout, checkout.profile.installers):
        text = checkout.tree.read(path)
        if text is None:
            if path in checkout.tree.problems:
                unread.append(f"{path}: {checkout.tree.problems[path]}")
            continue
        try:
            place = _place_of(path, checkout.profile.installers) if origin == "image" else Place()
            lists += package_lists(text, path, origin, place)
        except ScriptError as error:
            unread.append(f"{path}: {error}")
    return tuple(lists), tuple(unread)


@lru_cache(maxsize=256)
def package_lists(text: str, path: str, origin: str, place: Place) -> tuple[PackageList, ...]:
    """The lists that one file holds. Raises ScriptError."""
    if len(text) > _LONGEST:
        raise ScriptError(f"larger than {_LONGEST // 1024} KiB, which no installer is")
    found = installed(shell_of(text) if origin == "image" else text, place)
    grouped: dict[tuple[str, Place], list[Installed]] = {}
    for each in found:
        grouped.setdefault((each.manager, each.place), []).append(each)
    return tuple(_list(path, origin, key, group) for key, group in grouped.items())


def shell_of(dockerfile: str) -> str:
    """What the `RUN` instructions of a Dockerfile hand to the shell, every word in its own line.

    https://docs.docker.com/reference/dockerfile/#run
    """
    made = []
    running = continued = False
    for line in dockerfile.replace("\r", "").split("\n"):
        if _COMMENT.match(line):
            # A comment between continued lines does not end them.
            made.append("\\" if running and continued else "")
            continue
        if not continued:
            running = _RUN.match(line) is not None
            line = _RUN.sub(" ", line, count=1)
        continued = line.rstrip().endswith("\\")
        made.append(line.rstrip() if running else "")
    return "\n".join(made)


def _files(checkout: Checkout, installers: Installers) -> Iterator[tuple[str, str]]:
    for origin, paths in (("installer", installers.scripts), ("image", installers.images)):
        yield from ((origin, path) for path in checkout.paths(Form(paths)))


def _place_of(path: str, installers: Installers) -> Place:
    """The distribution by the folder's name, such as `ubuntu22.04`."""
    folder = posixpath.basename(posixpath.dirname(path))
    if named := _FOLDER.fullmatch(folder):
        name = installers.distributions.get(named[1], named[1])
        return Place(os="linux", distributions=(name,), releases=(named[2],))
    return Place(os="linux").undecided(f"in the image `{folder}`")


def _list(path: str, origin: str, key: tuple[str, Place], group: list[Installed]) -> PackageList:
    manager, place = key
    facts = {field.name: getattr(place, field.name) for field in fields(Place) if field.name != "manager"}
    names, unread = (
        tuple(Statement(each.name, f"{path}:{each.line}") for each in group if each.readable == readable)
        for readable in (True, False)
    )
    return PackageList(manager, names, origin, unread=unread, **facts)
