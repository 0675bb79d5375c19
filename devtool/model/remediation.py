"""Remediation commits, as the DCO app of GitHub reads them: sentences that sign off an earlier commit.

https://github.com/dcoapp/app/blob/main/lib/dco.js
"""

from __future__ import annotations

import re
from typing import NamedTuple

from devtool.model.sign_off import Identity, lines_of, text_of

MARK = b">, hereby add my signed-off-by to this commit: "
_OPENS = b" <"
_OWN = b"i, "
_OTHERS = b"on behalf of "
_THEN = b">, i, "
_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Remediation(NamedTuple):
    """One sentence that signs off a commit."""

    commit: str
    """The full id of the commit that it signs off."""
    author: Identity
    """Whose commit that is."""
    declarant: Identity
    """Who signs: the author, or somebody on the author's behalf."""
    third_party: bool


def remediations(message: bytes) -> list[Remediation]:
    """Every such sentence of a message, in order."""
    if MARK not in message.lower():
        return []
    return [found for line in lines_of(message) if (found := _remediation(line)) is not None]


def _remediation(line: bytes) -> Remediation | None:
    # Each part reaches as far right as what must follow lets it, as the app's greedy groups do.
    lowered = line.lower()
    mark = lowered.rfind(MARK)
    commit = line[mark + len(MARK) :]
    if mark < 0 or not _ID.fullmatch(commit):
        return None
    mail = lowered.rfind(_OPENS, 0, mark)
    if mail < 0:
        return None
    if lowered.startswith(_OWN) and mail >= len(_OWN):
        declarant = _identity(line, len(_OWN), mail, mark)
        return Remediation(commit.decode(), declarant, declarant, third_party=False)
    if not lowered.startswith(_OTHERS):
        return None
    then = lowered.rfind(_THEN, 0, mail)
    own_mail = lowered.rfind(_OPENS, len(_OTHERS), then) if then >= 0 else -1
    if own_mail < 0:
        return None
    author = _identity(line, len(_OTHERS), own_mail, then)
    return Remediation(
        commit.decode(), author, _identity(line, then + len(_THEN), mail, mark), third_party=True
    )


def _identity(line: bytes, start: int, mail: int, end: int) -> Identity:
    return Identity(text_of(line[start:mail]), text_of(line[mail + len(_OPENS) : end]))
