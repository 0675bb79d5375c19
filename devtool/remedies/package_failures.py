"""Why a package manager could not install, in one line, as far as its own words tell."""

from __future__ import annotations

import re

_CAUSES: tuple[tuple[str, str], ...] = (
    (r"(?i)no space left on device|don't have enough free space", "free some space and try again"),
    (
        r"(?i)temporary failure resolving|could not resolve|could not connect to|failed to fetch"
        r"|network is unreachable|failed retrieving file|curl error|cannot download|temporary error",
        "no package mirror answers: check the network, `http_proxy` and `https_proxy`",
    ),
    (
        r"(?i)unable to locate package|has no installation candidate|no match for argument|target not found",
        "the lists of packages do not name it: they may be old",
    ),
)


def why_not_installed(output: str) -> str | None:
    """What to do about it; None where the output says nothing that is known."""
    return next((hint for pattern, hint in _CAUSES if re.search(pattern, output)), None)
