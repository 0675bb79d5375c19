"""One import for TOML: the standard library's reader from Python 3.11 on, its ancestor before."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib as reader
    from tomllib import TOMLDecodeError
else:
    import tomli as reader
    from tomli import TOMLDecodeError

__all__ = ["TOMLDecodeError", "loads"]


def loads(text: str) -> dict[str, Any]:
    """The tables of a document. Raises TOMLDecodeError for what is none, or nests too deeply to be read."""
    try:
        return reader.loads(text)
    except RecursionError:
        raise _TooDeepError from None


class _TooDeepError(TOMLDecodeError):
    def __init__(self) -> None:
        ValueError.__init__(self, "its values nest too deeply")
