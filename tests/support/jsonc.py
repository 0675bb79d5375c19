"""JSON with comments made plain by rules of its own, to hold ours against."""

from __future__ import annotations

import re

_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(rf"{_STRING}|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")


def plain_json(text: str) -> str:
    """The text without comments, trailing commas and byte order mark."""
    bare = _COMMENT.sub(_kept, text.removeprefix("\ufeff"))
    return _COMMA.sub(_kept, bare)


def _kept(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else " "
