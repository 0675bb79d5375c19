"""Which regular expressions a profile may bring: those that end soon on any line.

Python's engine has no time limit, so what backtracks without end is refused
before it runs: https://docs.python.org/3/library/re.html
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache

LINE_LIMIT = 2000
"""Longer lines are cut: no file states a version out there, and matching stays cheap."""
_PATTERN_LIMIT = 500
_MOST_COMPETING = 2
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[:=!]|\(\?P<\w+>|[()|]|\{\d*,?\d*\}|.", re.DOTALL)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}|\{\d*,?\d{3,}\}")
_FLAGS = re.compile(r"\(\?[aiLmsux-]")
_LITERAL = re.compile(r"\\[^\w\s]|[^\\.^$*+?{}()|\[\]]")
_ONE = re.compile(r"\\[^AbBZ0-9]|\[.*\]|[^\\^$()|*+?{}]", re.DOTALL)
_ALPHABET = (*map(chr, range(128)), "\xe9")
_WIDE = re.compile(r"\.|\[\^.*|\\[SDW]", re.DOTALL)


def objection(pattern: str) -> str | None:
    """Why this pattern is not accepted, or None."""
    if len(pattern) > _PATTERN_LIMIT:
        return f"is longer than {_PATTERN_LIMIT} characters"
    try:
        with warnings.catch_warnings():
            # `[[` means something else in a later Python: https://docs.python.org/3/library/re.html
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError, FutureWarning) as error:
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
    for index, piece in enumerate(tokens):
        if piece.startswith("("):
            opened.append(index)
        repeated = index + 1 < len(tokens) and _UNBOUNDED.fullmatch(tokens[index + 1]) is not None
        if piece == ")" and opened and (start := opened.pop()) >= 0 and repeated:
            body = tokens[start + 1 : index]
            if _ambiguous(body):
                return "repeats a group that itself repeats, which may never end"
    if _competing(tokens) > _MOST_COMPETING:
        return f"has more than {_MOST_COMPETING} unlimited repeats for the same text, which may never end"
    return None


@dataclass
class _Repeat:
    """An unlimited repeat, and what must stand between it and what follows."""

    characters: frozenset[str]
    place: frozenset[int]
    between: list[tuple[frozenset[str], frozenset[int]]] = field(default_factory=list)

    def competes(self, characters: frozenset[str], place: frozenset[int]) -> bool:
        """Whether a later repeat of these characters could take over text from this one."""
        if not self.characters & characters:
            return False
        return all(
            sign & self.characters and sign & characters
            for sign, where in self.between
            if where <= place or where <= self.place
        )


def _competing(tokens: list[str]) -> int:
    """How many repeats could at most share out one text: matching takes its length to that power."""
    repeats: list[_Repeat] = []
    most = 0
    places = _places(tokens)
    for piece, following, (place, again) in zip(tokens, [*tokens[1:], ""], places, strict=True):
        characters = _characters(piece)
        if not characters:
            continue
        if again or _UNBOUNDED.fullmatch(following):
            most = max(most, 1 + sum(each.competes(characters, place) for each in repeats))
        if not following.startswith(("*", "?", "{")):
            for each in repeats:
                each.between.append((characters, place))
        if again or _UNBOUNDED.fullmatch(following):
            repeats.append(_Repeat(characters, place))
    return most


def _places(tokens: list[str]) -> list[tuple[frozenset[int], bool]]:
    """For each token the branches that may be passed by around it, and whether a group repeats it."""
    found: list[tuple[frozenset[int], bool]] = []
    around: list[tuple[frozenset[int], bool]] = [(frozenset(), False)]
    ends = _ends(tokens)
    for index, piece in enumerate(tokens):
        place, again = around[-1]
        if piece.startswith("("):
            end = tokens[ends.get(index, index) + 1 :][:1] or [""]
            branched = "|" in tokens[index : ends.get(index, index)]
            passed = branched or end[0].startswith(("*", "?", "{")) or piece[-1] in "=!"
            around.append((place | {index} if passed else place, again or bool(_UNBOUNDED.fullmatch(end[0]))))
        elif piece == ")" and len(around) > 1:
            around.pop()
        elif piece == "|":
            around[-1] = (place | {index}, again)
        found.append(around[-1])
    return found


def _ends(tokens: list[str]) -> dict[int, int]:
    """Where each group that begins at an index ends."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for index, piece in enumerate(tokens):
        if piece.startswith("("):
            opened.append(index)
        elif piece == ")" and opened:
            ends[opened.pop()] = index
    return ends


@lru_cache(maxsize=1024)
def _characters(piece: str) -> frozenset[str]:
    """What of a sample alphabet a token matches; empty for one that matches no character."""
    if not _ONE.fullmatch(piece):
        return frozenset()
    if len(piece) == 1 and piece != ".":
        return frozenset((piece.lower(), piece.upper()))
    return frozenset(c for c in _ALPHABET if re.fullmatch(piece, c, re.IGNORECASE | re.DOTALL))


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
