"""What an error looks like that nobody has described: to tell a failed log, and to show where it failed."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["error", "cascade", "success"]
"""`cascade`: only passes on that something failed before; `success`: the whole went well in the end."""

ANCHORS = (
    " tests in ", " test in ", "*** [", "*** No rule", "ninja: ", "exit code", "exit status",
    "exited with", "non-zero", "##[error]", "FAILED", "BUILD FAIL", "Finished: ", "Job succeeded",
    "fatal: ", "fatal error", "FATAL", "panic: ", "Traceback (most", "ERROR", "rror: ", "E: ",
    "command not found", "undefined reference", "ndefined symbol", "Killed", "Segmentation fault",
    "core dumped", "CMake Error", "--- FAIL", "FAIL\t", "error[E", "xception: ", "cannot open",
    "No such file or directory", "ermission denied", "Aborted", "failed\n", "failed\r", "failed.\n",
    "failed.\r", ": not found\n", ": not found\r", "FAIL\n", "FAIL\r", "-- Configuring incomplete",
    "marked build as fail", "BUILD SUCCESS", "cannot find -l",
)  # fmt: skip
"""Literal stretches of which one stands in every line that `kind` knows."""

_CASCADES = (
    r"g?make(?:\[\d+\])?: \*\*\* ",
    r"ninja: (?:build stopped|error: (?:loading|rebuilding))",
    r"Finished: FAIL",
    r"Process completed with exit code [1-9]",
    r"script returned exit code [1-9]",
    r"Build step .* marked build as fail",
    r"ERROR: (?:Job failed|exit status [1-9]|Service .* failed to build)",
    r"(?:conan|npm|pip|make) .*\bfailed\.?\Z",
    r"-- Configuring incomplete",
    r"Command exited with",
    r"exit status [1-9]\d*\Z",
    r"FAIL(?:\t|\Z)",
    r"error: (?:could not compile|subprocess-exited)",
    r".*\bexit(?:ed)?(?: with)? (?:code|status):? [1-9]\d*\W{0,3}\Z",
)
_BEGINNINGS = (
    r"(?:.{0,200}: )?(?:fatal error|error|Error|ERROR|fatal|FATAL|Fatal error)(?:\[E\d+\])?: \S",
    r"(?:.{0,60}[\s\[(|])?(?:ERROR|FATAL|FAILED|FATAL ERROR)\b(?!=)",
    r"(?:E: |panic: |CMake Error|Traceback \(most recent call last\)|--- FAIL)",
    r"\w[\w.]*(?:Error|Exception): ",
    r"(?:.{0,100}[: ])?(?:Killed|Segmentation fault|Aborted)(?: \(core dumped\))?\Z",
)
_RULES: tuple[tuple[Kind, str], ...] = (
    ("success", r"Finished: SUCCESS\b|Job succeeded\b|BUILD SUCCESS|\ARan \d+ tests? in \d"),
    ("cascade", rf"\A(?:{'|'.join(_CASCADES)})"),
    ("error", rf"\A(?:{'|'.join(_BEGINNINGS)})"),
    (
        "error",
        r": (?:(?:command )?not found|No such file or directory|Permission denied)\Z",
    ),
    ("error", r"\bundefined reference to |\b[Uu]ndefined symbols? |\bcannot find -l"),
    ("error", r"\breturned? (?:a )?non-zero|\bcore dumped\b"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)
_HARMLESS = re.compile(
    r"(?i)\b(?:0 errors?|no errors?|errors?: 0|0 failed|failed: 0|failures?: 0|without errors?)\b"
    r"|-Werror|warning: |\A(?:warn(?:ing)?|debug|info|note)\b|\b(?:xfailed|ignored)\b"
)
_VARYING = re.compile(
    r"0x[0-9a-fA-F]+|(?<![\w.@~+-])[\w.@~+-]*/[\w./@~+-]+|\d+|'[^']{1,200}'|\"[^\"]{1,200}\""
)


def kind(line: str) -> Kind | None:
    """What a plain line says of success and failure, None for every other line."""
    text = line.strip()[:500]
    if _HARMLESS.search(text):
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.search(text)), None)


def mask(line: str) -> str:
    """The line with what varies between two sayings of one error taken out: paths, numbers, names."""
    return _VARYING.sub("*", line.strip())[:300]
