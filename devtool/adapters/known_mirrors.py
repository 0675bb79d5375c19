"""The public mirrors that devtool knows, and the page by which a mirror of a kind is known for one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from devtool.model.host import Host
from devtool.model.mirrors import Mirror
from devtool.system.resources import resource
from devtool.system.toml import loads

_PORTS = "ubuntu-ports"
"""Where Ubuntu keeps all processors but Intel's: https://wiki.ubuntu.com/ARM"""


@dataclass(frozen=True)
class Proof:
    """A page below a mirror's address, and what it must show."""

    page: str
    shows: re.Pattern[str]

    def address(self, mirror: str) -> str:
        """Where the page lies on that mirror."""
        return f"{mirror.rstrip('/')}/{self.page}"


def proof(kind: str, codename: str | None) -> Proof | None:
    """How a mirror of the kind is known; None where it is only known by a release that has no name."""
    page, shows = _known()[kind]["page"], _known()[kind]["shows"]
    if "{codename}" in page:
        if codename is None:
            return None
        page, shows = page.replace("{codename}", codename), shows.replace("{codename}", re.escape(codename))
    return Proof(page, re.compile(shows))


def known_mirrors(kind: str, host: Host) -> tuple[Mirror, ...]:
    """The public mirrors of the kind that serve this machine."""
    found: Mapping[str, str] = _known()[kind]["candidates"]
    archive = _archive(host)
    return tuple(
        Mirror(kind, url.replace("{archive}", archive or ""), keeper)
        for keeper, url in found.items()
        if archive or "{archive}" not in url
    )


def _archive(host: Host) -> str | None:
    if host.distribution == "ubuntu":
        return "ubuntu" if host.architecture == "x86_64" else _PORTS
    return "debian" if host.distribution == "debian" else None


@lru_cache
def _known() -> Mapping[str, Any]:
    text = resource("mirrors/known.toml")
    assert text is not None, "the package carries its mirrors"
    return loads(text)
