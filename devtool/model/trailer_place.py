"""Where a trailer goes in a message that is there already: where `git interpret-trailers` would put it.

git normalises the trailers that it finds on the way; here nothing but the new line changes.
"""

from __future__ import annotations

_SCISSORS = b" ------------------------ >8 ------------------------\n"
_CONFLICTS = b"Conflicts:\n"


def with_trailer(message: bytes, line: bytes, *, below_trailers: bool, comment: bytes = b"#") -> bytes:
    """The message with the line added.

    `below_trailers` says whether git sees a block of trailers at its end; what follows that, such as blank
    lines and comments, stays behind the line.
    """
    end = _end_of_text(message, comment)
    while below_trailers and _ends_blank(message[:end]):
        end = message.rfind(b"\n", 0, end - 1) + 1
    text, rest = message[:end], message[end:]
    ended = b"" if not text or text.endswith(b"\n") else b"\n"
    apart = b"" if below_trailers or _ends_blank(text) else b"\n"
    return text + ended + apart + line + b"\n" + rest


def _end_of_text(message: bytes, comment: bytes) -> int:
    """As git's `ignore_non_trailer` finds it: blank lines, comments and old lists of conflicts go by."""
    cut = _scissors(message, comment)
    tail: int | None = None
    in_conflicts = False
    start = 0
    while start < cut:
        following = message.find(b"\n", start) + 1 or len(message)
        if message.startswith((comment, b"\n"), start):
            tail = start if tail is None else tail
        elif message.startswith(_CONFLICTS, start):
            in_conflicts = True
            tail = start if tail is None else tail
        elif not (in_conflicts and message.startswith(b"\t", start)):
            tail, in_conflicts = None, False
        start = following
    return cut if tail is None else tail


def _scissors(message: bytes, comment: bytes) -> int:
    mark = comment + _SCISSORS
    if message.startswith(mark):
        return 0
    found = message.find(b"\n" + mark)
    return len(message) if found < 0 else found + 1


def _ends_blank(text: bytes) -> bool:
    """Whether the last line is there and holds nothing but white space."""
    return bool(text) and not text[text.rfind(b"\n", 0, -1) + 1 :].strip()
