"""Taking escape sequences out of a stream, wherever its pieces are cut."""

from __future__ import annotations

import re

from devtool.knowledge.lines import ESCAPES

_UNFINISHED = re.compile(
    rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}"
    rb"|\][^\x07\x1b\n]{0,4096}"
    rb"|[PX^_][^\x1b\n]{0,4096}"
    rb"|[ -/]{1,8})?\Z"
)
"""What may become a longer sequence with the next piece."""
_LONGEST = 4200


class Stripper:
    """Takes pieces of a log, gives them back without escape sequences."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> bytes:
        """The piece, with what was kept of the last one and without a sequence that may go on."""
        if self._kept:
            data, self._kept = self._kept + data, b""
        if b"\x1b" not in data:
            return data
        last = data.rfind(b"\x1b", max(0, len(data) - _LONGEST))
        if last >= 0 and _UNFINISHED.match(data, last):
            data, self._kept = data[:last], data[last:]
        return ESCAPES.sub(b"", data)

    def finish(self) -> bytes:
        """What is left once nothing more comes."""
        kept, self._kept = self._kept, b""
        return ESCAPES.sub(b"", kept)
