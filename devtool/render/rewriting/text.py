"""What sign-offs a branch gets, for a person at a terminal."""

from __future__ import annotations

from typing import Any

from devtool.model.rewriting import Rewriting
from devtool.render.dco.wording import commits, short
from devtool.render.layout import hint, measure
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped

_MOST = 20
"""How many commits are shown."""


def render(rewriting: Rewriting, *, colour: bool = False, width: int = 80, **_: Any) -> str:
    """What changes, what is lost, what is left to others, then the whole in one line."""
    width = measure(width)
    blocks = [
        _signed(rewriting, width),
        _carried(rewriting, width),
        _lost(rewriting, width, colour),
        _remediation(rewriting, width),
        *_left(rewriting, width, colour),
        _closing(rewriting, width, colour),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _signed(rewriting: Rewriting, width: int) -> list[str]:
    lines = []
    for each in rewriting.signed[:_MOST]:
        ids = f"{short(each.commit)} -> {short(each.new)}"
        lines += [*wrapped(f"{ids} {plain(each.subject)}", width, "", "  "), f"  + {plain(each.line)}"]
    more = len(rewriting.signed) - _MOST
    return [*lines, f"and {more:,} more; `--format json` lists all"] if more > 0 else lines


def _carried(rewriting: Rewriting, width: int) -> list[str]:
    number = len(rewriting.carried)
    if not number:
        return []
    if number == 1:
        return wrapped("1 more commit gets another id, since it stands on these; nothing else changes", width)
    return wrapped(
        f"{number:,} more commits get other ids, since they stand on these; nothing else changes", width
    )


def _lost(rewriting: Rewriting, width: int, colour: bool) -> list[str]:
    lost = rewriting.signatures_lost
    if not lost:
        return []
    named = ", ".join(map(short, lost[:_MOST])) + (", …" if len(lost) > _MOST else "")
    verb = ("loses its", "holds") if len(lost) == 1 else ("lose their", "hold")
    said = f"{commits(len(lost))} {verb[0]} cryptographic signature, which {verb[1]} for the old id"
    first, *rest = wrapped(f"{said}: {named}", width)
    return [paint(first, "warning", colour), *rest]


def _remediation(rewriting: Rewriting, width: int) -> list[str]:
    if rewriting.remediation is None:
        return []
    said = "on top one commit without changes signs off for others, as `.github/dco.yml` allows:"
    message = rewriting.remediation.rstrip("\n").split("\n")
    shown = [*message[:_MOST], "…"] if len(message) > _MOST else message
    return [*wrapped(said, width), *(f"  {plain(line)}".rstrip() for line in shown)]


def _left(rewriting: Rewriting, width: int, colour: bool) -> list[list[str]]:
    blocks = []
    for request in rewriting.requests:
        named = ", ".join(map(short, request.commits[:_MOST]))
        lines = wrapped(plain(f"left: ({named}) {request.text}"), width, "", "      ")
        blocks.append([*lines, *(f"      {paint(plain(line), 'strong', colour)}" for line in request.lines)])
    return blocks


def _closing(rewriting: Rewriting, width: int, colour: bool) -> list[str]:
    role = "failure" if rewriting.left else "ok"
    first, *rest = wrapped(plain(verdict(rewriting)), width)
    lines = [paint(first, role, colour), *rest]
    lines += [line for note in rewriting.notes for line in wrapped(plain(note), width, "  ", "    ")]
    if rewriting.done:
        lines += hint(
            "`devtool undo`", f"brings the commits from before back; `{rewriting.backup}` keeps them", width
        )
        return lines
    for obstacle in rewriting.obstacles:
        lines += wrapped(plain(f"in the way: {obstacle.said}"), width, "  ", "    ")
        lines += wrapped(plain(obstacle.hint), width, "    ", "    ")
    return lines


def verdict(rewriting: Rewriting) -> str:
    """The whole in one line."""
    shown = f"`{rewriting.range.shown}`"
    left = f"{commits(len(rewriting.left))} in {shown} left to others" if rewriting.left else ""
    if not rewriting.changes:
        return left or f"nothing to do: every commit in {shown} that needs a sign-off has it"
    what = commits(len(rewriting.signed)) if rewriting.signed else "a remediation commit"
    if rewriting.done:
        done = f"signed {what}" if rewriting.signed else f"added {what}"
        moved = f"`{rewriting.branch}` went from {short(rewriting.before)} to {short(rewriting.after)}"
        return f"{done}: {moved}" + (f"; {left}" if left else "")
    would = f"{what} on `{rewriting.branch}` would be {'signed' if rewriting.signed else 'added'}"
    return would + (f"; {left}" if left else "")
