"""Commits as far as their sign-offs go, and what is wrong with one.

Apart from what a whole check is asked for and finds: the commit-msg hook needs no more than this.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from devtool.model.sign_off import Identity

Standard = Literal["github", "trailer", "strict"]
"""Which rule holds: the DCO app's, the same for the trailer block alone, or there the author's own alone."""
STANDARDS: tuple[Standard, ...] = ("github", "trailer", "strict")
RuleId = Literal[
    "sign-off-missing",
    "sign-off-malformed",
    "sign-off-outside-trailers",
    "sign-off-mismatch",
    "author-mail-invalid",
]
RULES: tuple[RuleId, ...] = (
    "sign-off-missing",
    "sign-off-malformed",
    "sign-off-outside-trailers",
    "sign-off-mismatch",
    "author-mail-invalid",
)
"""Permanent ids of what a commit can break, in the order in which they are explained."""


class Commit(NamedTuple):
    """One commit, as far as its sign-off goes."""

    id: str
    parents: int
    """How many it has."""
    author: Identity
    committer: Identity
    message: bytes
    """In UTF-8 where its encoding is declared, else as it is."""
    trailers: bytes = b""
    """Its sign-offs in the trailer block that git sees; read only where the rule asks for it."""

    @property
    def subject(self) -> bytes:
        """The first line that says something."""
        return self.message.lstrip().partition(b"\n")[0].rstrip()


class Violation(NamedTuple):
    """One commit that breaks the rule."""

    commit: str
    """Full id."""
    rule: RuleId
    summary: str
    subject: str
    author: Identity
    expected: tuple[str, ...]
    """Lines or addresses of which one would do."""
    found: tuple[str, ...]
    """What it has instead."""
    differences: tuple[str, ...] = ()
    """Where the two differ though the eye sees no difference."""
