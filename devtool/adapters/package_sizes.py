"""How much a package manager would fetch, as far as it says so without fetching anything."""

from __future__ import annotations

import re

from devtool.model.packages import InstallPackages
from devtool.system import System

# What lies in apt's cache already stands before the stroke: `Need to get 0 B/3,059 kB of archives.`
_NEEDED = re.compile(r"^Need to get ([\d.,]+) ([kMG]?)B", re.MULTILINE)
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
_SECONDS = 10.0


def download_bytes(system: System, action: InstallPackages) -> int | None:
    """What installing them fetches, with all that comes along; None where that is nothing or unknown."""
    if action.manager != "apt-get" or action.refresh or action.before:
        return None
    # This prints addresses instead of fetching from them, takes no lock, and needs no root.
    argv = ["apt-get", "install", "--print-uris", "-y", *action.packages]
    answer = system.process.run(argv, timeout_seconds=_SECONDS, cwd="/")
    said = _NEEDED.search(answer.stdout) if answer.ok else None
    if said is None:
        return None
    return round(float(said[1].replace(",", "")) * _UNITS[said[2]]) or None
