"""One import for TOML: the standard library's reader from Python 3.11 on, its ancestor before.

A file of a stranger's checkout may be made to exhaust it: nested values end in
its recursion limit, and keys of many parts take time and memory by their square.
"""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib as _reader
    from tomllib import TOMLDecodeError
else:
    import tomli as _reader
    from tomli import TOMLDecodeError

__all__ = ["TOMLDecodeError", "loads"]

_MAX_PARTS = 64
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_PART}[ \t]*\.[ \t]*){{{_MAX_PARTS}}}")


def loads(text: str) -> dict[str, Any]:
    """The document as a dictionary. Raises TOMLDecodeError, for one that is nested without end too."""
    if text.count(".") >= _MAX_PARTS and _LONG_KEY.search(text):
        raise TOMLDecodeError(f"a key of more than {_MAX_PARTS} parts")
    try:
        return _reader.loads(text)
    except RecursionError:
        raise TOMLDecodeError("values are nested too deeply") from None
