"""What lines that were judged by themselves turned out to say: a loop may print one a million times."""

from __future__ import annotations

from dataclasses import dataclass

from devtool.knowledge.errors import Kind

_LINES = 4096
_LENGTH = 400
"""Longer lines seldom come twice."""


@dataclass
class Verdict:
    """What a line says."""

    failures: tuple[str, ...] = ()
    kind: Kind | None = None
    text: str = ""
    """The plain line, where it says an error."""


class Memory:
    """Verdicts by the bytes of the line; only those that nothing around the line had a part in."""

    def __init__(self) -> None:
        self._known: dict[bytes, Verdict] = {}
        self._raw: bytes | None = None
        self._present = Verdict()

    def recall(self, raw: bytes, *, whole: bool) -> Verdict | None:
        """What the line says, if that is known; else it is being judged from now on.

        A line that is not judged as a whole is not remembered.
        """
        if self._raw is not None:
            if len(self._known) >= _LINES:
                self._known.clear()
            self._known[self._raw] = self._present
        self._raw = None
        known = self._known.get(raw)
        if known is None and whole and len(raw) <= _LENGTH:
            self._raw, self._present = raw, Verdict()
        return known

    def forgo(self) -> None:
        """Not remember the line at hand: what stands around it decides too."""
        self._raw = None

    def failed(self, failure: str) -> None:
        """The line at hand says a failure."""
        if failure not in self._present.failures:
            self._present.failures = (*self._present.failures, failure)

    def erred(self, kind: Kind, text: str) -> None:
        """The line at hand says an error, or that all went well."""
        self._present.kind, self._present.text = kind, text
