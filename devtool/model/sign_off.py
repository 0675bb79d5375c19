"""Sign-off lines as the DCO app of GitHub reads them: by line, anywhere in a message, case of the key apart.

https://github.com/dcoapp/app/blob/main/lib/dco.js. Its expressions are quadratic on hostile lines; this
reads each line once and finds the same. Bytes that are no UTF-8 stay apart from each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

KEY = b"signed-off-by: "
BLANKS = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What ECMAScript takes for white space; `str.strip` takes more."""
_LINE_END = re.compile(rb"[\n\r]|\xe2\x80[\xa8\xa9]")
_NEAR = re.compile(r"[\s>*#|`'\"•\u2013\u2014-]*sign(?:ed)?[ _-]*of+[ _-]*by\b", re.IGNORECASE)
_ANY_NEAR = re.compile(rb"sign(?:ed)?[ _-]*of+[ _-]*by")
_PLAIN = b"\nSigned-off-by: "
_LONGEST_NEAR = 300
_MOST_NEAR = 3


class Identity(NamedTuple):
    """A name and a mail address, as a commit or a line of its message has them."""

    name: str
    mail: str

    def __str__(self) -> str:
        return f"{self.name} <{self.mail}>"

    @property
    def folded(self) -> Identity:
        """For comparing: lower case, and no other equality."""
        return Identity(self.name.lower(), self.mail.lower())


def text_of(raw: bytes) -> str:
    """Bytes of a commit as text that keeps what is no UTF-8."""
    return raw.decode("utf-8", "surrogateescape")


def lines_of(message: bytes) -> Iterator[bytes]:
    """The message's lines, which end where ECMAScript's do."""
    start = 0
    for end in _LINE_END.finditer(message):
        yield message[start : end.start()]
        start = end.end()
    yield message[start:]


def sign_offs(message: bytes) -> list[Identity]:
    """Every sign-off of a message, in order."""
    lowered = message.lower()
    found: list[Identity] = []
    at = lowered.find(KEY)
    while at >= 0:
        begins = (
            not at or message[at - 1] in b"\n\r" or message[at - 3 : at] in (b"\xe2\x80\xa8", b"\xe2\x80\xa9")
        )
        at += len(KEY)
        if begins:
            end = _LINE_END.search(message, at)
            identity = _identity(text_of(message[at : end.start() if end else None]))
            if identity is not None:
                found.append(identity)
        at = lowered.find(KEY, at)
    return found


def is_plainly_signed(text: bytes) -> bool:
    """Whether the last line that has the key as git writes it is a sign-off; quick, and may miss others."""
    at = text.rfind(_PLAIN)
    if at < 0:
        return False
    start = at + len(_PLAIN)
    end = text.find(b"\n", start)
    line = text[start : end if end >= 0 else None]
    return line.endswith(b">") and b" <" in line[:-1] and b"\r" not in line and b"\xe2\x80" not in line


def near_misses(message: bytes) -> tuple[tuple[str, str], ...]:
    """Lines that look like sign-offs and are none, the first few, each with what is wrong with it."""
    lowered = message.lower()
    if b"sign" not in lowered or not _ANY_NEAR.search(lowered):
        return ()
    found: list[tuple[str, str]] = []
    for line in map(text_of, lines_of(message)):
        key = _NEAR.match(line[:_LONGEST_NEAR])
        if key is None or len(found) == _MOST_NEAR:
            continue
        why = _wrong(line, key.end())
        if why:
            shown = line.rstrip(BLANKS)
            found.append((shown if len(shown) <= _LONGEST_NEAR else f"{shown[:_LONGEST_NEAR]}…", why))
    return tuple(found)


def _identity(rest: str) -> Identity | None:
    rest = rest.rstrip(BLANKS)
    if not rest.endswith(">"):
        return None
    mail = rest.rfind(" <", 0, -1)
    return None if mail < 0 else Identity(rest[:mail], rest[mail + 2 : -1])


def _wrong(line: str, key_end: int) -> str:
    """What keeps a line that begins nearly as a sign-off from being one; empty where nothing does."""
    key, rest = line[:key_end], line[key_end:]
    bare = key.lstrip()
    if bare.lower() != "signed-off-by":
        if bare.lower().endswith("signed-off-by"):
            return f"`{bare[: -len('signed-off-by')].strip()}` stands before the key"
        return "the key is spelled `Signed-off-by`"
    if bare != key:
        return "it does not begin at the start of the line"
    if not rest.startswith(":"):
        return "no colon follows the key at once"
    if not rest.startswith(": "):
        return "one blank (U+0020) has to follow the colon"
    rest = rest[2:].rstrip(BLANKS)
    if "<" not in rest or ">" not in rest:
        return "the mail address has to stand in `<…>`"
    if not rest.endswith(">"):
        return f"something follows the mail address: `{rest[rest.rfind('>') + 1 :][:40]}`"
    if " <" not in rest:
        return "a name and one blank (U+0020) have to stand before `<`"
    return ""
