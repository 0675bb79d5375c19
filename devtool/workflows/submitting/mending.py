"""What mends a title or a text: what would do, and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable

from devtool.model.condition import Condition
from devtool.model.pull_request import Proposal, RuleId
from devtool.requirements.pull_requests import PullRequests

_WORD = re.compile(r"^\W*\w*(?:\([^)]*\))?\W*")
_ESCAPED = re.compile(r"\\(.)")


def _title(own: list[Condition], project: PullRequests, proposal: Proposal) -> tuple[tuple[str, ...], str]:
    expected = tuple(text for each in own for text in _alternatives(each))
    near = next((each for each in expected if _near(each, proposal.title or "")), None)
    rest = _WORD.sub("", proposal.title or "", count=1) if near else proposal.title or ""
    example = near or next((each for each in expected if each.endswith(":")), "fix:")
    return (
        expected,
        f"begin it with one of these, such as `{example} {rest}`" if rest else "begin it with one of these",
    )


def _near(beginning: str, title: str) -> bool:
    """Whether a title begins with the same word, spelled in another way."""
    word = re.match(r"\W*(\w+)", title)
    other = re.match(r"\w+", beginning)
    if word is None or other is None:
        return False
    mine, theirs = word[1].lower(), other[0].lower()
    return len(mine) > 2 and (mine.startswith(theirs) or theirs.startswith(mine))


def _alternatives(condition: Condition) -> tuple[str, ...]:
    """What `^(a|b\\(c\\))` lets a title begin with; the expression itself where it is no such list."""
    listed = re.fullmatch(r"\^\(([^()\[\]]*(?:\\.[^()\[\]]*)*)\)", condition.value)
    if listed is None:
        return (condition.value,)
    return tuple(_ESCAPED.sub(r"\1", each) for each in listed[1].split("|"))


def _body(own: list[Condition], project: PullRequests, proposal: Proposal) -> tuple[tuple[str, ...], str]:
    return ("what changes, and why",), "write it: `devtool pr body --write FILE` begins it"


def _issue(own: list[Condition], project: PullRequests, proposal: Proposal) -> tuple[tuple[str, ...], str]:
    line = f"{project.issue_line}NUMBER"
    return (line,), f"add the line `{line}` to the text, with the number of the issue"


def _design(own: list[Condition], project: PullRequests, proposal: Proposal) -> tuple[tuple[str, ...], str]:
    folder = project.design_documents
    line = f"{project.design_line}{folder}YYYYMMDD-NAME.md"
    return (
        (line,),
        f"add the document here, below `{folder}`, or the line `{line}` with one that is there",
    )


def _master(own: list[Condition], project: PullRequests, proposal: Proposal) -> tuple[tuple[str, ...], str]:
    line = f"{project.master_line}NUMBER"
    return (
        line,
    ), f"add the line `{line}` to the text, with the number of the pull request to the main branch"


_Cure = Callable[[list[Condition], PullRequests, Proposal], "tuple[tuple[str, ...], str]"]
CURES: dict[RuleId, _Cure] = {
    "pr-title": _title,
    "pr-body": _body,
    "pr-issue": _issue,
    "pr-design-document": _design,
    "pr-master": _master,
}
"""What would do for each rule, and what to do."""
