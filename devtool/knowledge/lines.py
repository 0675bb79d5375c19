"""Making a line of a log plain: what tools wrap around a message is taken away before it is read."""

from __future__ import annotations

import re

from devtool.model.redaction import redact

ESCAPES = re.compile(
    rb"\x1b\[[0-9;]{0,64}[A-Za-z]"  # colours: what is common stands first, and alone is a third faster
    rb"|\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]"
    rb"|\][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)?"
    rb"|[PX^_][^\x1b\n]{0,4096}(?:\x1b\\)?"
    rb"|[ -/]{1,8}[0-~]|[0-~])?"
)
"""ECMA-48: control sequences, operating system commands and device strings, two-byte escapes."""

_PREFIX = re.compile(
    r"""
    \ufeff
    | [^\t\n]{1,80}\t[^\t\n]{1,80}\t\ufeff?(?=\d{4}-)                                # gh run view --log
    | \[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?[ ]?(?:Z|[+-]\d\d:?\d\d)?\]?(?:[ \t|]{1,4}|\Z)
    | \[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?[ \t|]{1,4}
    | (?=[\w.-]{0,79}[A-Za-z])[\w.-]{1,80}[ \t]{0,30}\|(?:[ \t]|\Z)                     # docker compose
    | \#\d{1,4}[ \t](?:\d{1,6}\.\d{1,3}[ \t])?                                       # BuildKit
    | \[gw\d{1,3}\][ \t](?:\[[ ]{0,2}\d{1,3}%\][ \t])?                               # pytest-xdist
    | \[[ ]{0,2}\d{1,3}%\][ \t]                                                      # make, by CMake
    | \[\d{1,6}/\d{1,6}\][ \t]                                                       # ninja
    | \#\#\[\w{1,20}\]                                                               # GitHub Actions
    | ::(?:error|warning)(?:[ ][^:\n]{0,300})?::
    | E[ ]{2,10}(?=\S)                                                               # pytest
    | (?:>[ ]){1,3}
    | (?:[|\u2502\xd7]|\u2570\u2500>)[ ]{1,10}                                              # pip
    | npm[ ](?:ERR!|error)[ ]
    """,
    re.VERBOSE,
)
_PREFIXES = 6
SHOWN_LENGTH = 400
"""Of a line that is longer an excerpt shows the beginning."""
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\xb4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        "\xa0": " ",
    }
)
_MOJIBAKE = {
    quote.encode().decode("windows-1252", "replace"): meant
    for quote, meant in (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'))
}
"""UTF-8 quotes that were read as Windows-1252 on their way."""

_QUOTING = re.compile(
    r"""
    (?:[*|/\\_ ]{0,20}[ ])?[0-9a-f]{7,40}[ ](?![0-9a-f]{7})\S                        # git log --oneline
    | HEAD[ ]is[ ](?:now[ ])?at[ ]
    | \+(?!\d)                                                                       # set -x, and a diff
    | \d{1,6}[ ]\|                                                                   # source in a message
    | \*\*                                                                           # Markdown
    | @?(?:echo|printf)[ ]
    | (?:[\w.-]{1,80}/){0,20}(?!CMakeLists)[\w.-]{1,80}\.(?:md|rst|adoc|html|txt)(?::\d{1,7})?[:-](?![ ]?\d)
    | (?:fix|feat|docs|chore|ci|build|test|enhance|refactor|perf|revert)(?:\([\w./,-]{1,60}\))?!?:[ ]
    | (?:\#{1,6}|//)[ ]
    | [$%][ ](?:echo|grep|git[ ]log|rg)\b
    """,
    re.VERBOSE,
)


def plain(raw: bytes) -> str:
    """The message of one line: without escapes, timestamps, prefixes and typographic quotes."""
    if b"\x1b" in raw:
        raw = ESCAPES.sub(b"", raw)
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    if not text.isascii():
        for spoiled, meant in _MOJIBAKE.items():
            text = text.replace(spoiled, meant)
        text = text.translate(_TYPOGRAPHY)
    for _ in range(_PREFIXES):
        found = _PREFIX.match(text.lstrip(" \t"))
        if found is None:
            break
        text = text.lstrip(" \t")[found.end() :]
    return text


def quotes(line: str, start: int) -> bool:
    """Whether a plain line merely quotes what begins at `start`: a commit's title, grep's find, an echo."""
    if line[max(0, start - 1) : start] == "`":
        return True
    found = _QUOTING.match(line.lstrip(" \t"))
    # What stands inside the introduction itself is not quoted by it.
    return found is not None and found.end() <= start + 1


def shown(line: str) -> str:
    """A line as an excerpt shows it: not too long, without secrets and what would steer a terminal."""
    text = "".join(each if each.isprintable() else "\t" if each == "\t" else "" for each in line).rstrip()
    text = redact(text)  # before it is cut: half a secret is not recognised
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
