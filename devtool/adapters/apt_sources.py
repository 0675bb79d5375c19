"""Where apt fetches from: the archive of this release, and the same sources with a mirror in its place."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from devtool.errors import UnreadableError
from devtool.model.redaction import redact

if TYPE_CHECKING:
    from devtool.system import System

_LIST, _PARTS = "/etc/apt/sources.list", "/etc/apt/sources.list.d"
_FOLDERS = ("/etc/os-release", "/usr/lib/os-release")
# https://manpages.debian.org/sources.list: options in brackets, then the address and the suite.
_LINE = re.compile(r"\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s")
_FIELD = re.compile(r"(?im)^(types|uris|suites|enabled):[ \t]*(.*)$")


def codename(system: System) -> str | None:
    """What this release calls itself, such as `bookworm`; None where it has no name."""
    for path in _FOLDERS:
        text = system.files.read_text(path) or ""
        if found := re.search(r"(?m)^VERSION_CODENAME=(.*)$", text):
            words = shlex.split(found[1])
            return words[0] if words and re.fullmatch(r"[a-z][a-z0-9-]*", words[0]) else None
    return None


def archive(system: System) -> str | None:
    """The address that the packages of this release itself come from; None where no source says."""
    name = codename(system)
    for path, text in _sources(system):
        for uris, suites in _entries(path, text):
            if name in suites and uris and uris[0].startswith(("http://", "https://")):
                return uris[0]
    return None


def with_mirror(system: System, mirror: str, folder: str) -> dict[str, str] | None:
    """Every file of sources, to stand in `folder`, with the mirror in the archive's place.

    None where no source says what the archive is.
    """
    own = archive(system)
    if own is None:
        return None
    address = re.compile(rf"(?<!\S){re.escape(own.rstrip('/'))}/?(?!\S)")
    files = {path: address.sub(lambda _: mirror, text) for path, text in _sources(system)}
    return {f"{folder}/{path.rpartition('/')[2]}": text for path, text in files.items()}


def _sources(system: System) -> list[tuple[str, str]]:
    names = [name for name in system.files.names(_PARTS) if name.endswith((".list", ".sources"))]
    paths = [_LIST, *(f"{_PARTS}/{name}" for name in names)]
    return [(path, text) for path in paths if (text := _text(system, path)) is not None]


def _text(system: System, path: str) -> str | None:
    """What a file of sources holds; nothing of one with a login, which no copy is to carry."""
    try:
        text = system.files.read_text(path)
    except UnreadableError:
        return None
    return text if text is not None and redact(text) == text else None


def _entries(path: str, text: str) -> list[tuple[list[str], list[str]]]:
    """The addresses and the suites of each entry for packages that are built."""
    if not path.endswith(".sources"):
        return [([found[1]], [found[2]]) for line in text.splitlines() if (found := _LINE.match(line))]
    stanzas = re.split(r"\n[ \t]*\n", re.sub(r"(?m)^#.*\n?", "", text))
    read = [{name.lower(): value for name, value in _FIELD.findall(each)} for each in stanzas]
    return [
        (each.get("uris", "").split(), each.get("suites", "").split())
        for each in read
        if "deb" in each.get("types", "").split() and each.get("enabled", "yes").strip().lower() != "no"
    ]
