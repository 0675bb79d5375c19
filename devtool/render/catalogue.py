"""Lists of ids, and what is written about one."""

from __future__ import annotations

from collections.abc import Sequence

from devtool.model.explanation import Explanation
from devtool.render.document import document
from devtool.render.wrapping import wrapped


def render_checks(rows: Sequence[tuple[str, str, str]], form: str) -> str:
    """Id, what it gates, and title of every check, as text or JSON."""
    if form == "json":
        checks = [{"id": name, "gates": gates, "title": title} for name, gates, title in rows]
        return document({"checks": checks})
    rows = [("id", "for", "what holds when it is well"), *rows]
    wide = max(len(name) for name, _, _ in rows)
    gate = max(len(gates) for _, gates, _ in rows)
    return "\n".join(f"{name:<{wide}}  {gates:<{gate}}  {title}" for name, gates, title in rows)


def render_explanation(explanation: Explanation, form: str, width: int) -> str:
    """One explanation, as text or JSON."""
    if form == "json":
        data = {
            "id": explanation.id,
            "title": explanation.title,
            "meaning": explanation.meaning,
            "why": explanation.why,
            "cures": [{"when": when, "text": text} for when, text in explanation.cures],
            "links": list(explanation.links),
        }
        return document(data)
    width = min(max(width, 40), 100)
    parts = [f"{explanation.id}: {explanation.title}", "", *_prose(explanation.meaning, width)]
    if explanation.why:
        parts += ["", "Why it matters", *_prose(explanation.why, width)]
    parts += ["", "How to cure it by hand"]
    for when, text in explanation.cures:
        parts += [*([f"  {when}:"] if when else []), *_prose(text, width, "    " if when else "  ")]
    if explanation.links:
        parts += ["", "More", *(f"  {link}" for link in explanation.links)]
    return "\n".join(parts)


def _prose(text: str, width: int, indent: str = "  ") -> list[str]:
    """Paragraphs wrapped; a line that is indented already is a command and stays whole."""
    lines: list[str] = []
    for paragraph in text.strip("\n").split("\n\n"):
        if any(line.startswith(("  ", "\t", "$ ")) for line in paragraph.split("\n")):
            lines += [f"{indent}{line}" for line in paragraph.split("\n")]
        else:
            lines += wrapped(" ".join(paragraph.split()), width, indent, indent)
        lines.append("")
    return lines[:-1]
