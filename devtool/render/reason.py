"""Why one tool is needed as it is, as text and as data."""

from __future__ import annotations

from dataclasses import asdict

from devtool.model.reason import Reason
from devtool.render.document import document
from devtool.render.requirements import in_words, requirement_data
from devtool.render.wrapping import wrapped


def reason_json(reason: Reason) -> str:
    """The requirement, its line, and the commit that last changed it, as a JSON document."""
    return document(
        {
            "project": reason.project,
            "requirement": requirement_data(reason.requirement),
            "line": reason.line,
            "change": reason.change and asdict(reason.change),
        }
    )


def reason_text(reason: Reason, width: int) -> str:
    """The requirement in words, the line, its commit, and what disagrees."""
    made = reason.requirement
    lines = [
        f"{made.tool}: {in_words(made)}" + (f" ({made.confidence})" if made.known and made.needed else "")
    ]
    if reason.line is not None:
        lines += [f"  {made.source}", f"      {reason.line}" if reason.line else "      (the whole file)"]
        by = reason.change
        lines.append(
            f"  last changed by {by.commit[:10]} on {by.date} ({by.author})\n      {by.summary}"
            if by
            else "  this line is not committed yet"
        )
    lines += [f"  but {s.source} says {s.value}" for s in made.also]
    lines += [line for note in made.notes for line in wrapped(f"  note: {note}", width, rest="    ")]
    return "\n".join(lines)
