"""What tests print while they run: of a test that passed it is no failure, however it sounds.

Read are go test -v, GoogleTest and pytest; of parallel Go tests the one
counts that printed its name last.
"""

from __future__ import annotations

import re

from devtool.knowledge.seen import Seen, Sighting

ANCHORS = (
    "=== RUN", "=== CONT", "--- PASS: ", "--- FAIL: ", "--- SKIP: ", "[ RUN      ] ", "[       OK ] ",
    "[  FAILED  ] ", "[  SKIPPED ] ", "test session starts", *(f"{digit}s =" for digit in range(10)),
    "seconds =", ") =", "ok  \t", "FAIL\t",
)  # fmt: skip
"""Literal stretches of which one stands in every line that begins or ends a test."""
_BEGIN = re.compile(
    r"=== (?:RUN|CONT)\s+(?P<go>\S+)|\[ RUN      \] (?P<google>\S+)|={1,200} (?P<py>test session starts) =+"
)
_END = re.compile(
    r"--- (?P<go>PASS|FAIL|SKIP): (?P<name>\S+)"
    r"|\[ {1,7}(?P<google>OK|FAILED|SKIPPED) {1,2}\] (?P<case>[^\s,]+)"
    r"|={1,200} (?P<py>\d+ [\w ,]{1,200}) in \d"
    r"|(?P<package>ok  |FAIL)\t\S"
)
_SESSION = "test session starts"
_OPEN = 1000
"""Tests under way at once that are told apart."""


class Trials:
    """Keeps what is seen inside of tests apart until they have ended."""

    def __init__(self, whole: Seen) -> None:
        self._whole = whole
        self._open: dict[str, Seen] = {}
        self.current = whole
        """Where what is seen now is to be noted."""

    def read(self, line: str) -> list[Sighting]:
        """Take a plain line that may begin or end a test; the sightings that count from now on."""
        text = line.strip()
        if begins := _BEGIN.match(text):
            name = begins[begins.lastgroup or 0]
            if name in self._open or len(self._open) < _OPEN:
                # Taken out and put in again: the last one is the one that prints.
                self.current = self._open[name] = self._open.pop(name, Seen())
            return []
        ends = _END.match(text)
        return [] if ends is None else self._end(ends)

    def close(self) -> list[Sighting]:
        """The log has ended: what stands in tests that never did counts."""
        return self._settle(list(self._open), passed=False)

    def _end(self, found: re.Match[str]) -> list[Sighting]:
        if found["go"]:
            return self._settle([found["name"]], passed=found["go"] != "FAIL")
        if found["google"]:
            return self._settle([found["case"]], passed=found["google"] != "FAILED")
        if found["py"]:
            return self._settle([_SESSION], passed=not re.search(r"\b(?:failed|errors?)\b", found["py"]))
        return self._settle(
            [name for name in self._open if name != _SESSION], passed=found["package"] != "FAIL"
        )

    def _settle(self, names: list[str], *, passed: bool) -> list[Sighting]:
        fresh: list[Sighting] = []
        for name in names:
            seen = self._open.pop(name, None)
            if seen is not None and not passed:
                fresh += self._whole.take_over(seen)
        self.current = next(reversed(self._open.values()), self._whole)
        return fresh
