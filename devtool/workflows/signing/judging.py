"""What one commit makes of its sign-offs.

The rule `github` is that of the DCO app, https://github.com/dcoapp/app: merges and bots are skipped, then
a sign-off has to be there, then the author's mail address valid, then a name and an address of author or
committer in one sign-off, in whatever case, else a remediation commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from devtool.model.commit import Commit, RuleId, Standard, Violation
from devtool.model.difference import unseen_difference
from devtool.model.mail_address import is_bot, is_valid
from devtool.model.sign_off import Identity, near_misses, sign_offs, text_of

_LONGEST_SHOWN = 300
_MOST_SHOWN = 8
_ANYBODYS = ("Signed-off-by: NAME <MAIL>",)
_GITHUB = "noreply@github.com"


def is_exempt(commit: Commit) -> bool:
    """Whether nobody has to sign it: a merge, or the commit of a bot."""
    return commit.parents > 1 or is_bot(commit.author.mail)


def is_by_github(commit: Commit) -> bool:
    """Whether GitHub committed it, as it does when it squashes, and in its merge queue."""
    return commit.committer.mail.lower() == _GITHUB


def presence(commit: Commit, standard: Standard) -> Violation | None:
    """What is wrong where any sign-off would do."""
    return None if _signed_by(commit, standard) else _missing(commit, standard, _ANYBODYS)


def judge(commit: Commit, standard: Standard) -> Violation | None:
    """What is wrong with a commit by itself, no remediation counted."""
    signed = _signed_by(commit, standard)
    if not signed:
        return _missing(commit, standard, _lines(_wanted(commit, standard)))
    return invalid_mail(commit) or (
        None if _matches(commit, signed, standard) else _mismatch(commit, signed, standard)
    )


def invalid_mail(commit: Commit) -> Violation | None:
    """What is wrong with the author's mail address; the committer's stands in for an empty one."""
    address = commit.author.mail or commit.committer.mail
    if is_valid(address):
        return None
    summary = f"`{printable(address)}` is not a valid mail address" if address else "it has no mail address"
    expected = ("NAME@HOST.DOMAIN in ASCII, of the author",)
    return _violation(commit, "author-mail-invalid", summary, expected, (printable(address),))


def printable(text: str) -> str:
    """Text with bytes that are no UTF-8 written out, cut where it has no end."""
    if text.isascii() and len(text) <= _LONGEST_SHOWN:
        return text
    shown = text[: _LONGEST_SHOWN + 1].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def _signed_by(commit: Commit, standard: Standard) -> list[Identity]:
    return sign_offs(commit.message if standard == "github" else commit.trailers)


def _matches(commit: Commit, signed: Iterable[Identity], standard: Standard) -> bool:
    if standard == "strict":
        wanted = commit.author.folded
        return any(each.folded == wanted for each in signed)
    author, committer = commit.author.folded, commit.committer.folded
    names, mails = (author.name, committer.name), (author.mail, committer.mail)
    return any(each.name in names and each.mail in mails for each in (one.folded for one in signed))


def _lines(people: list[Identity]) -> tuple[str, ...]:
    return tuple(f"Signed-off-by: {printable(str(each))}" for each in people[:_MOST_SHOWN])


def _missing(commit: Commit, standard: Standard, expected: tuple[str, ...]) -> Violation:
    if standard != "github" and (elsewhere := sign_offs(commit.message)):
        summary = "its sign-off stands outside the trailers, the last paragraph of the message"
        return _violation(commit, "sign-off-outside-trailers", summary, expected, _lines(elsewhere))
    near = near_misses(commit.message)
    if near:
        line, why = near[0]
        summary = f"`{printable(line)}` is no sign-off: {printable(why)}"
        return _violation(
            commit, "sign-off-malformed", summary, expected, tuple(printable(each) for each, _ in near)
        )
    return _violation(commit, "sign-off-missing", "it has no sign-off", expected, ())


def _mismatch(commit: Commit, signed: list[Identity], standard: Standard) -> Violation:
    wanted = _wanted(commit, standard)
    whose = "its author" if len(wanted) == 1 else "its author or its committer"
    summary = f"it is signed off, but not by {whose}"
    differences = [
        f"{part}: {printable(told)}"
        for found in signed[:_MOST_SHOWN]
        for part, told in _unseen(found, wanted)
    ]
    return _violation(
        commit,
        "sign-off-mismatch",
        summary,
        _lines(wanted),
        _lines(signed),
        tuple(dict.fromkeys(differences)),
    )


def _unseen(found: Identity, wanted: list[Identity]) -> list[tuple[str, str]]:
    told = [
        (part, clause)
        for expected in wanted
        for part, own, other in (("name", found.name, expected.name), ("mail", found.mail, expected.mail))
        if (clause := unseen_difference(own, other)) is not None
    ]
    return told[:2]


def _wanted(commit: Commit, standard: Standard) -> list[Identity]:
    if standard == "strict" or commit.author.folded == commit.committer.folded:
        return [commit.author]
    return [commit.author, commit.committer]


def _violation(
    commit: Commit,
    rule: RuleId,
    summary: str,
    expected: tuple[str, ...],
    found: tuple[str, ...],
    differences: tuple[str, ...] = (),
) -> Violation:
    subject = printable(text_of(commit.subject[:_LONGEST_SHOWN]))
    author = Identity(printable(commit.author.name), printable(commit.author.mail))
    return Violation(commit.id, rule, summary, subject, author, expected, found, differences)
