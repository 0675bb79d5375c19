"""What others have to do for commits that nobody can sign for them, in words to send."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from devtool.model.rewriting import Asking

if TYPE_CHECKING:
    from collections.abc import Set

    from devtool.model.commit import Violation
    from devtool.model.dco import Range, Repair
    from devtool.model.sign_off import Identity

_INVALID = "author-mail-invalid"
_SHOWN_DIGITS = 10
_MOST = 20


def askings(
    repairs: tuple[Repair, ...],
    left: tuple[Violation, ...],
    *,
    branch: str,
    wanted: Range,
    me: Identity,
    unfit: Set[str],
    remediable: bool,
) -> tuple[Asking, ...]:
    """One for each author; what a remediation commit or another address mends is said as the check does."""
    by_id = {violation.commit: violation for violation in left}
    found = []
    for repair in repairs:
        own = [by_id[each] for each in repair.commits]
        author = own[0].author
        if author.mail.lower() == me.mail.lower() and any(each.commit in unfit for each in own):
            text = "no line can be added: a null byte or a wide encoding keeps git from reading it"
            found.append(Asking(repair.commits, text, ()))
        elif (
            remediable or any(each.rule == _INVALID for each in own) or author.mail.lower() == me.mail.lower()
        ):
            lines = tuple(line for command in repair.commands for line in command.splitlines())
            found.append(Asking(repair.commits, repair.text, lines))
        else:
            text = f"nobody can sign for somebody else; send this to {author}:"
            found.append(Asking(repair.commits, text, _message(own, branch, wanted)))
    return tuple(found)


def _message(own: list[Violation], branch: str, wanted: Range) -> tuple[str, ...]:
    lack = "This commit of yours lacks" if len(own) == 1 else f"These {len(own)} commits of yours lack"
    listed = [f"  {each.commit[:_SHOWN_DIGITS]} {each.subject}" for each in own[:_MOST]]
    more = [f"  and {len(own) - _MOST} more"] if len(own) > _MOST else []
    base = wanted.shown.partition("..")[0] if wanted.base is not None else ""
    if base.startswith(("HEAD", "@")):  # in the author's checkout another commit
        base = wanted.base or ""
    revisions = shlex.quote(f"{base}..HEAD") if base else "HEAD"
    return (
        f"{lack} the sign-off of the Developer Certificate of Origin (https://developercertificate.org):",
        *listed,
        *more,
        f"If you agree to it: `git switch {shlex.quote(branch)}`, "
        f"then `devtool dco repair --range {revisions}`, then push.",
    )
