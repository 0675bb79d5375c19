"""What sign-offs a branch gets, as JSON."""

from __future__ import annotations

from typing import Any

from devtool.model.rewriting import Rewriting
from devtool.render.document import document


def render(rewriting: Rewriting, **_: Any) -> str:
    """The whole as an indented JSON document."""
    return document(
        {
            "ok": not rewriting.left,
            "done": rewriting.done,
            "branch": rewriting.branch,
            "range": {
                "shown": rewriting.range.shown,
                "base": rewriting.range.base,
                "head": rewriting.range.head,
                "why": rewriting.range.why,
            },
            "before": rewriting.before,
            "after": rewriting.after,
            "backup": rewriting.backup,
            "signed": [
                {"commit": each.commit, "new": each.new, "subject": each.subject, "line": each.line}
                for each in rewriting.signed
            ],
            "carried": [{"commit": old, "new": new} for old, new in rewriting.carried],
            "signatures_lost": list(rewriting.signatures_lost),
            "remediation": rewriting.remediation,
            "left": [
                {
                    "commit": each.commit,
                    "rule": each.rule,
                    "summary": each.summary,
                    "author": {"name": each.author.name, "mail": each.author.mail},
                }
                for each in rewriting.left
            ],
            "requests": [
                {"commits": list(each.commits), "text": each.text, "lines": list(each.lines)}
                for each in rewriting.requests
            ],
            "obstacles": [
                {"said": each.said, "hint": each.hint, "forceable": each.forceable}
                for each in rewriting.obstacles
            ],
            "notes": list(rewriting.notes),
        }
    )
