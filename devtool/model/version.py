"""Finding a version in what a tool prints. Comparing is `devtool.adapters.versions`' duty."""

from __future__ import annotations

import re

# Not glued to a letter or another number, except the prefixes tools really use (`v1.2`, `go1.26`).
_VERSION = re.compile(
    r"(?:(?<![\w.])|(?<=\bv)|(?<=\bgo))(\d+\.\d+(?:\.\d+)*)(?:[-+.]?(rc|beta|alpha|b|a)\.?(\d+))?"
)


def find_version(text: str) -> str | None:
    """The first dotted version in `text` in PEP 440 spelling, or None."""
    match = _VERSION.search(text)
    if match is None:
        return None
    number, stage, serial = match.groups()
    if stage is None:
        return number
    short = {"alpha": "a", "beta": "b"}.get(stage, stage)
    return f"{number}{short}{serial}"
