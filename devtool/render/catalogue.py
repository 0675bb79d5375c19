"""Lists of ids, and what is written about one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from devtool.model.explanation import Explanation, Topic
from devtool.render.document import document
from devtool.render.layout import measure
from devtool.render.paint import plain
from devtool.render.wrapping import wrapped

_KEPT = {"commits": "devtool dco check", "pull requests": "devtool pr check"}
_SIGNS = 8
"""How many ways of saying a failure a page shows."""


def render_checks(rows: Sequence[tuple[str, str, str]], form: str) -> str:
    """Id, what it gates, and title of every check, as text or JSON."""
    if form == "json":
        return document({"checks": _checks(rows)})
    return "\n".join(_table(rows))


def render_catalogue(topics: Sequence[Topic], form: str, width: int) -> str:
    """Every check, every failure and every rule, in three sections, as text or JSON."""
    checks = [(topic.id, topic.group, topic.title) for topic in topics if topic.kind == "check"]
    failures = [topic for topic in topics if topic.kind == "failure"]
    rules = [topic for topic in topics if topic.kind == "rule"]
    if form == "json":
        rows = [{"id": topic.id, "group": topic.group, "title": topic.title} for topic in failures]
        ruled = [{"id": topic.id, "title": topic.title} for topic in rules]
        return document({"checks": _checks(checks), "failures": rows, "rules": ruled})
    lines = ["Checks of this machine: `devtool doctor`", "", *_table(checks), ""]
    lines.append("Failures that logs show: `devtool diagnose LOG`")
    wide = max((len(topic.id) for topic in failures), default=0)
    for group, members in groupby(failures, key=lambda topic: topic.group):
        lines += ["", group]
        for topic in members:
            lines += _row(f"  {topic.id:<{wide}}  ", topic.title, measure(width))
    for group, members in groupby(rules, key=lambda topic: topic.group):
        lines += ["", f"Rules that {group} have to keep: `{_KEPT[group]}`", ""]
        for topic in members:
            lines += _row(f"  {topic.id:<{wide}}  ", topic.title, measure(width))
    return "\n".join(lines)


def render_found(words: Sequence[str], topics: Sequence[Topic], form: str, width: int) -> str:
    """What a search found, best first, as text or JSON."""
    if form == "json":
        rows = [{"kind": topic.kind, "id": topic.id, "title": topic.title} for topic in topics]
        return document({"words": list(words), "found": rows})
    wide = max((len(topic.id) for topic in topics), default=0)
    return "\n".join(
        line
        for topic in topics
        for line in _row(f"{topic.kind:<7}  {topic.id:<{wide}}  ", topic.title, measure(width))
    )


def render_explanation(explanation: Explanation, form: str, width: int) -> str:
    """One explanation, as text or JSON."""
    if form == "json":
        return document(_data(explanation))
    return "\n".join(map(plain, _page(explanation, measure(width))))


def _checks(rows: Sequence[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"id": name, "gates": gates, "title": title} for name, gates, title in rows]


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    rows = [("id", "for", "what holds when it is well"), *rows]
    wide = max(len(name) for name, _, _ in rows)
    gate = max(len(gates) for _, gates, _ in rows)
    return [f"{name:<{wide}}  {gates:<{gate}}  {title}" for name, gates, title in rows]


def _row(lead: str, title: str, width: int) -> list[str]:
    return wrapped(plain(title), width, lead, " " * len(lead))


def _data(explanation: Explanation) -> dict[str, object]:
    return {
        "kind": explanation.kind,
        "id": explanation.id,
        "title": explanation.title,
        "summary": explanation.summary,
        "meaning": explanation.meaning,
        "why": explanation.why,
        "signs": list(explanation.signs),
        "cures": [
            {"when": cure.condition, "text": cure.text, "commands": list(cure.commands)}
            for cure in explanation.cures
        ],
        "wrong": explanation.wrong,
        "checks": list(explanation.checks),
        "links": list(explanation.links),
        "knowledge": explanation.knowledge,
    }


def _page(explanation: Explanation, width: int) -> list[str]:
    lines = [*wrapped(f"{explanation.id}: {explanation.title}", width), ""]
    lines += _prose(explanation.meaning, width)
    if explanation.why:
        lines += ["", "Why it matters", *_prose(explanation.why, width)]
    if explanation.signs:
        lines += ["", "What it looks like in a log", *_signs(explanation.signs)]
    if explanation.cures:
        lines += ["", "How to cure it by hand", *_cures(explanation, width)]
    if explanation.wrong:
        lines += ["", "What does not help", *_prose(explanation.wrong, width)]
    if explanation.checks:
        only = " ".join(f"--only {check}" for check in explanation.checks)
        lines += ["", "What confirms it on a machine", f"  devtool doctor {only}"]
    if explanation.links:
        lines += ["", "More", *(f"  {link}" for link in explanation.links)]
    if explanation.knowledge:
        lines += ["", "Where it is stated", f"  {explanation.knowledge}"]
    return lines


def _signs(signs: Sequence[str]) -> list[str]:
    more = len(signs) - _SIGNS
    return [
        *(f"  {sign}" for sign in signs[:_SIGNS]),
        *([f"  and {more} more with `--format json`"] if more > 0 else []),
    ]


def _cures(explanation: Explanation, width: int) -> list[str]:
    lines: list[str] = []
    condition = ""
    for number, cure in enumerate(explanation.cures):
        indent = "    " if cure.condition else "  "
        lines += [""] if number else []
        if cure.condition and cure.condition != condition:
            lines += wrapped(f"{cure.condition}:", width, "  ", "  ")
        condition = cure.condition
        lines += _prose(cure.text, width, indent)
        lines += [f"{indent}  {line}" for command in cure.commands for line in command.splitlines()]
    return lines


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
