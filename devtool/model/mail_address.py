"""Which mail addresses the DCO app of GitHub takes for valid: those that `email-validator` 2.0.4 does."""

from __future__ import annotations

import re

_LONGEST = 254
_LONGEST_LOCAL = 64
_LONGEST_LABEL = 63
_SHAPE = re.compile(
    r"[-!#$%&'*+/0-9=?A-Z^_a-z{|}~](?:\.?[-!#$%&'*+/0-9=?A-Z^_a-z`{|}~])*"
    r"@[a-zA-Z0-9](?:-*\.?[a-zA-Z0-9])*\.[a-zA-Z](?:-?[a-zA-Z0-9])+"
)
_BOT = re.compile(r"(?:\d+\+)?[a-z\d](?:[a-z\d-]*[a-z\d])?\[bot\]@users\.noreply\.github\.com", re.ASCII)


def is_valid(address: str) -> bool:
    """Whether the app takes it: ASCII, with a dot and a top-level domain of two or more characters."""
    if not address or len(address) > _LONGEST or not _SHAPE.fullmatch(address):
        return False
    local, _, domain = address.partition("@")
    return len(local) <= _LONGEST_LOCAL and all(len(label) <= _LONGEST_LABEL for label in domain.split("."))


def is_bot(address: str) -> bool:
    """Whether it has the form that GitHub gives to the accounts of apps alone, `[NUMBER+]NAME[bot]@…`."""
    return address.endswith("]@users.noreply.github.com") and _BOT.fullmatch(address.lower()) is not None
