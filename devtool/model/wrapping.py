"""Breaking text into lines without breaking what a person will copy."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

# A private character that no text holds: what is between backticks counts as one word.
_GLUE = "\ue000"
_COMMAND = re.compile(r"`[^`\n]+`")
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+""")
# The shell inside takes a line's end after a backslash as ours does, where nothing in it is quoted again.
_INNER = re.compile(r"((?:sudo )?sh -c ')([^'\"]*)'")


def plain(text: str) -> str:
    """`text` on one line with control characters made visible: nothing found may steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns behind the indents; a command or a path stays whole, even beyond."""
    glued = _COMMAND.sub(lambda command: command[0].replace(" ", _GLUE), text)
    lines = textwrap.wrap(
        glued,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in lines]


def folded(command: str, width: int, indent: str = "") -> list[str]:
    """Shell lines that still do the same when pasted, none beyond `width` but by a single long word."""
    rows = [f"{indent}{plain(line)}" for line in command.split("\n")]
    words = [_words(line) for line in command.split("\n")]
    if not all(words):  # something quoted goes over several lines
        return rows
    return [
        row
        for line, each in zip(rows, words, strict=True)
        for row in ([line] if len(line) <= width else _continued(each, width, indent))
    ]


def _words(line: str) -> list[str]:
    """What the line may be broken between; empty where that cannot be told."""
    inner = _INNER.fullmatch(line)
    if inner:
        first, *rest = inner[2].split(" ")
        words = [inner[1] + first, *rest]
        return [*words[:-1], f"{words[-1]}'"]
    words = _WORD.findall(line)
    return words if " ".join(words) == line else []


def _continued(words: Sequence[str], width: int, indent: str) -> list[str]:
    rows = [f"{indent}{plain(words[0])}"]
    for word in map(plain, words[1:]):
        if len(rows[-1]) + 1 + len(word) + len(" \\") <= width:
            rows[-1] += f" {word}"
        else:
            rows[-1] += " \\"
            rows.append(f"{indent}  {word}")
    return rows
