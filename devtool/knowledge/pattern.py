"""The language of patterns: literal text with named gaps, compiled so that no line can make it slow.

Why not regular expressions: a file of a checkout is read as data, and a hostile or careless
expression takes exponential time. Here every gap is bounded and is filled once, without going back.

- A run of blanks matches any run of blanks and one line break.
- `<name>` is 1 to 200 characters without a blank, `<name...>` 0 to 300 characters of the line.
- `'` matches a backtick too, and both quotes nothing where a whole name stands bare.
- `\\<` is a literal `<` and `\\\\` a backslash.
- A letter, digit or `_` at either end matches at a word boundary only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

WRAP = "\x0b"
"""What stands between two lines of the log where a message is tried across a line break."""

_TOKEN = re.compile(
    r"\\(?P<escaped>[\\<])|<(?P<name>[a-z][a-z0-9_-]*)(?P<wide>\.\.\.)?>|(?P<blank>\s+)|(?P<text>.)", re.S
)
_BLANK = r"(?:[ \t]{1,80}(?:\x0b[ \t]{0,80})?|\x0b[ \t]{0,80})"
# Some releases print a name bare, and then it must be the whole name. What could not be decoded is one to
# three replacement characters.
_BARE = r"\ufffd{1,3}|(?<![\w./-])(?=\w)|(?<=\w)(?![\w./-])"
_QUOTES = {"'": rf"(?:['`]|{_BARE})", '"': rf'(?:"|{_BARE})'}
_WORD, _WIDE = r"\S{1,200}?", r"[^\x0b]{0,300}?"
_INTRODUCTION = (
    r"(?:[\w./+-]{0,80}sh(?:\[\d{1,9}\])?: (?:line )?(?:\d{1,6}: )?"
    r"|[\w./+-]{1,120}: line \d{1,6}: |[\w./+-]{1,120}: \d{1,6}: (?:[\w./+-]{1,120}: (?=\S+: ))?"
    r"|g?make(?:\[\d{1,4}\])?: |(?:ERROR|Error|error|fatal|FATAL|E): ?|\[ERROR\] |env: |sudo: )"
)
_HALF_LENGTH = 10
"""Shorter halves of a message are too common to look for alone."""
MINIMAL_ANCHOR = 6


@dataclass(frozen=True)
class _Piece:
    kind: str
    """`text`, `blank`, `quote`, `word` or `wide`."""
    text: str


@dataclass(frozen=True)
class Template:
    """One text of the pattern language."""

    text: str
    start: bool = False

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        pieces: list[_Piece] = []
        for token in _TOKEN.finditer(self.text.strip()):
            if token["blank"]:
                pieces.append(_Piece("blank", token[0] if token[0].isprintable() else " "))
            elif token["name"]:
                pieces.append(_Piece("wide" if token["wide"] else "word", token[0]))
            else:
                character = token["escaped"] or token["text"]
                kind = "quote" if character in _QUOTES else "text"
                if kind == "text" and pieces and pieces[-1].kind == "text":
                    pieces[-1] = _Piece("text", pieces[-1].text + character)
                else:
                    pieces.append(_Piece(kind, character))
        return tuple(pieces)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression that finds the text in a line that `devtool.knowledge.lines` has made plain."""
        parts = [""]
        for piece in self._pieces:
            if piece.kind in ("word", "wide"):
                parts.append(_WORD if piece.kind == "word" else _WIDE)
            elif piece.kind == "blank":
                parts[-1] += _BLANK
            else:
                parts[-1] += _QUOTES.get(piece.text) or re.escape(piece.text)
        body = parts[0] + "".join(_once(number, part) for number, part in enumerate(parts[1:], 1))
        plain = self.text.strip()
        before = r"(?<!\w)" if re.match(r"\w", plain) else ""
        after = r"(?!\w)" if re.search(r"\w\Z", plain) else ""
        lead = rf"\A\s{{0,80}}{_INTRODUCTION}{{0,4}}" if self.start else before
        return re.compile(f"{lead}{body}{after}")

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """What stands unbroken in the bytes of every line or lines that hold the text, the longest first."""
        found = {piece.text.encode() for piece in self._pieces if piece.kind == "text"}
        return tuple(sorted(found, key=lambda word: (-len(word), word)))

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Literal stretches of which one stands in every line that may hold the text.

        Two where the longest stretch can be halved: a line break then spoils one of them only.
        """
        stretches = [""]
        for piece in self._pieces:
            if piece.kind in ("text", "blank"):
                stretches[-1] += piece.text
            else:
                stretches.append("")
        longest = max((each.strip() for each in stretches), key=_rarity)
        words = longest.split(" ")
        cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
        halves = max(cuts, key=lambda pair: min(map(len, pair)), default=("", ""))
        return halves if min(map(len, halves)) >= _HALF_LENGTH else (longest,)


def _rarity(stretch: str) -> int:
    """How seldom a stretch stands in an ordinary log: a name alone, of a target or a folder, is common."""
    return len(stretch) + (6 if " " in stretch and len(stretch) >= 9 else 0)


def _once(number: int, gap: str) -> str:
    """A gap with the text that ends it, as a group that is never entered again.

    `(?=(…))\\N` is an atomic group, which Python has from 3.11 on only.
    """
    return f"(?=({gap}))\\{number}"
