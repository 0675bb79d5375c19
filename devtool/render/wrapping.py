"""Breaking prose into lines without breaking what a person will copy."""

from __future__ import annotations

import re
import textwrap

# A private character that no text holds: what is between backticks counts as one word.
_GLUE = "\ue000"
_COMMAND = re.compile(r"`[^`\n]+`")


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
