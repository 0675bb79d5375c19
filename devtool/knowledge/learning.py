"""From an error that nothing explains to a knowledge file for it.

The signature is the first short stretch of the message that is telling enough,
names nothing in any example of what is known already, and in its own log
stands in no line that says something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from devtool.knowledge.errors import mask
from devtool.knowledge.lines import plain
from devtool.knowledge.pattern import MINIMAL_ANCHOR, Template
from devtool.model.redaction import MASK

_VARYING = (
    ("secret", re.escape(MASK)),
    ("url", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"<>)]+"),
    ("hash", r"\b(?:0x[0-9a-fA-F]+|[0-9a-f]{12,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"),
    ("path", r"(?:[A-Za-z]:)?[\w.@~+-]*[/\\][\w./\\@~+-]*\w"),
    ("version", r"\bv?\d+\.\d+(?:\.\d+)*(?:[.+-]?\w+)?\b|\bv\d+\b"),
    ("n", r"\b\d+(?:\.\d+)?(?=\b|[smh%]|[KMG]i?B)"),
)
_ANY_VARYING = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _VARYING))
_LOCATION = re.compile(
    r"\A(?:\S{1,300}:\d+(?::\d+)?:?\s+)?(?:(?:fatal error|error|Error|ERROR|fatal|FATAL|E)(?:\[\w+\])?:\s+)?"
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can cannot could did do does error errors exit failed failure"
        " fatal file for found from had has have in is it its line make no not of on or status such that"
        " the this to unable was were while will with command directory code returned expected got",
    )
)
_ENOUGH = 4.0
"""Weight of the words at which a stretch is telling enough: two names of code, or four plain words."""
_SHORTEST = 12
TITLE_LENGTH = 70
NO_CAUSE = "Nobody has written down yet why this happens."


@dataclass(frozen=True)
class Signature:
    """A pattern for one message, and what it was held against."""

    pattern: str
    line: str
    """The message it was made from."""
    examples: int
    """How many examples it was held against without an alarm."""


def signature(said: str, log: Iterable[str], corpus: Sequence[str]) -> Signature | None:
    """A short telling pattern for the message `said`; None where none is specific enough.

    `log` holds the plain lines of the message's log, `corpus` texts in which it must not be found.
    """
    message = _LOCATION.sub("", said.strip(), count=1) or said.strip()
    tokens = _generalised(message)
    others = [line for line in log if mask(line) != mask(said)]
    for pattern in _stretches(tokens):
        template = Template(pattern)
        if max(map(len, template.anchors)) < max(MINIMAL_ANCHOR, _SHORTEST // 2):
            continue
        find = template.regex.search
        if find(plain(said.encode())) and not any(map(find, others)) and not _alarms(find, corpus):
            return Signature(pattern, said, len(corpus))
    return None


def nearest(said: str, log: Iterable[str], pattern: str) -> str | None:
    """The line most like the message that the pattern does not name: the counterexample."""
    from difflib import SequenceMatcher

    find = Template(pattern).regex.search
    words = set(said.split())
    others = [line for line in log if line.strip() and not find(line) and mask(line) != mask(said)]
    alike = sorted(others, key=lambda line: -len(words & set(line.split())))[:20]
    return max(alike, key=lambda line: SequenceMatcher(None, said, line).ratio(), default=None)


def identify(pattern: str, taken: Callable[[str], bool]) -> str:
    """A kebab-case id from the telling words of a pattern that is not taken yet."""
    bare = re.sub(r"<[a-z.]+>", " ", pattern).lower()
    words = [word for word in re.findall(r"[a-z][a-z0-9]+", bare) if word not in _COMMON]
    base = "-".join(words[:5]) or "unnamed-failure"
    numbers = (f"{base}-{number}" for number in range(2, 1000))
    return base if not taken(base) else next(each for each in numbers if not taken(each))


def page(
    pattern: str,
    *,
    title: str,
    cause: str,
    cures: Sequence[str],
    example: Sequence[str],
    counterexample: str | None,
) -> str:
    """The text of a knowledge file."""
    parts = [
        f"title = {_quoted(title)}",
        f"summary = {_quoted(title)}",
        f"cause = {_quoted(cause)}",
        f"patterns = [{_quoted(pattern)}]",
        *(f"\n[[remedy]]\ntext = {_quoted(cure)}" for cure in cures),
        f"\n[[example]]\nlog = {_block(example)}",
    ]
    if counterexample is not None:
        parts.append(
            f'\n[[counterexample]]\nlog = {_block([counterexample])}\nwhy = "another message of the same log"'
        )
    return "\n".join(parts) + "\n"


def draft(said: str, excerpt: Sequence[str]) -> str | None:
    """A knowledge file to begin with for one error, held against nothing but its own lines; None for none."""
    found = signature(said, excerpt, ())
    if found is None:
        return None
    return page(
        found.pattern,
        title=shorten(said.strip(), TITLE_LENGTH, placeholder=" …"),
        cause=NO_CAUSE,
        cures=[],
        example=excerpt,
        counterexample=None,
    )


def _generalised(message: str) -> list[str]:
    """Words of the message as a pattern writes them, with placeholders for what varies."""
    escaped = message.replace("\\", "\\\\")
    pieces: list[str] = []
    last = 0
    for found in _ANY_VARYING.finditer(escaped):
        pieces += [_literal(escaped[last : found.start()]), f"<{found.lastgroup}>"]
        last = found.end()
    return "".join([*pieces, _literal(escaped[last:])]).split()


def _literal(text: str) -> str:
    return text.replace("<", "\\<")


def _stretches(tokens: Sequence[str]) -> list[str]:
    """Stretches that are telling enough, from the message's beginning on; the whole message last.

    Messages begin with what is fixed in them and end in what varies.
    """
    telling: list[str] = []
    for first in range(len(tokens)):
        for last in range(first + 1, len(tokens) + 1):
            stretch = tokens[first:last]
            text = " ".join(stretch)
            if (
                _weight(stretch) >= _ENOUGH
                and len(text) >= _SHORTEST
                and "<" not in (text[0], stretch[-1][0])
            ):
                telling.append(text)
                break  # longer ones from the same beginning only add to it
    return [*telling, " ".join(tokens)]


def _weight(stretch: Sequence[str]) -> float:
    return sum(map(_telling, stretch))


def _telling(token: str) -> float:
    """How much a word says: a name of code or a quoted one most, an everyday word of errors little."""
    if token.startswith("<") and token.rstrip(".,:;)").endswith(">"):
        return 0.0
    bare = token.strip(".,:;()[]{}'\"`").lower()
    if not bare or bare in _COMMON:
        return 0.3
    named = re.search(r"_|::|[a-z][A-Z]|['\"`]", token)
    return 2.0 if named else 1.0


def _alarms(find: Callable[[str], object], corpus: Sequence[str]) -> bool:
    return any(find(plain(line.encode())) for text in corpus for line in text.splitlines())


def _quoted(text: str) -> str:
    # What JSON escapes in a string TOML reads alike; DEL alone must be escaped in TOML only.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _block(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    if (
        "'''" in text
        or text.endswith("'")
        or any(not each.isprintable() and each not in "\n\t" for each in text)
    ):
        return _quoted(text + "\n")
    return f"'''\n{text}\n'''"
