"""What is known of a pull request put into words: into the project's template, else into a form of our own.

A template's own lines and comments stay. What it has no place for stands before it, so nothing that is known
and no line that the project's bots look for is lost.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

_HEADING = re.compile(r"^(?:#{1,6}\s+|\*\*)(.+?)(?:\*\*)?:?\s*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LABEL = re.compile(
    r"^(\s*(?:[-*]\s+)?)(issues?|fix(?:e[sd])?|close[sd]?|resolve[sd]?|related(?: issues?)?|pr"
    r"|design(?: doc(?:ument)?)?)(\s*[:#]\s*#?|\s+#)\s*(?:\d*|<.*>|\(.*\))\s*$",
    re.IGNORECASE,
)
_WHICH = (
    ("issues", re.compile(r"issue|ticket|related|fixes|link", re.IGNORECASE)),
    ("tests", re.compile(r"test|verif|valid", re.IGNORECASE)),
    ("changes", re.compile(r"what|change|descri|summary|about", re.IGNORECASE)),
)
_TO_SAY = "<!-- say what changes and why -->"


@dataclass(frozen=True)
class Known:
    """What branch and commits tell."""

    title: str = ""
    commits: tuple[tuple[str, str], ...] = ()
    """Short id and subject, oldest first."""
    more: int = 0
    description: str = ""
    """What the only commit says."""
    issues: tuple[str, ...] = ()
    issue_line: str = "issue: #"
    pulls: tuple[str, ...] = ()
    pull_line: str = ""
    """How the line begins that names the pull request to the main branch; empty where none is asked."""
    designs: tuple[str, ...] = ()
    design_line: str = ""
    design_folder: str = ""
    tests: tuple[str, ...] = ()


def from_nothing(known: Known) -> str:
    """The text where the project has no template."""
    blocks = [
        "\n\n".join(_links(known)),
        # A message that is parted already needs no further heading.
        known.description
        if "\n#" in f"\n{known.description}"
        else _section("What changes", [known.description or _TO_SAY]),
        _section("Commits", _commits(known)) if len(known.commits) > 1 else "",
        _section("How it was tested", _tests(known)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def filled(template: str, known: Known) -> str:
    """The template with what is known in its places."""
    lines, used = _labelled(template.replace("\r\n", "\n").rstrip("\n").split("\n"), known)
    wanted = {
        "issues": [] if "issues" in used else _links(known, without=used),
        "tests": _tests(known),
        "changes": [
            known.description or _TO_SAY,
            *(["", *_commits(known)] if len(known.commits) > 1 else []),
        ],
    }
    made: list[str] = []
    fenced = commented = False
    for line in lines:
        made.append(line)
        fenced ^= _FENCE.match(line) is not None
        heading = _HEADING.match(line) if not fenced and not commented else None
        commented = _open_comment(line, commented)
        which = next(
            (name for name, words in _WHICH if heading and words.search(heading[1]) and name in wanted), None
        )
        if which is not None and (said := wanted.pop(which)):
            made += ["", *said]
    before = [*_links(known, without=used)] if "issues" in wanted else []
    if "changes" in wanted:
        before += wanted["changes"]
    head = "\n\n".join(_paragraphs(before))
    tail = _section("How it was tested", wanted["tests"]) if "tests" in wanted else ""
    return "\n\n".join(part for part in (head, "\n".join(made).strip("\n"), tail) if part) + "\n"


def _labelled(lines: list[str], known: Known) -> tuple[list[str], set[str]]:
    """Lines such as `issue: #` filled, and which of our own they stand for."""
    used: set[str] = set()
    made, fenced, commented = [], False, False
    for line in lines:
        fenced ^= _FENCE.match(line) is not None
        label = _LABEL.match(line) if not fenced and not commented else None
        commented = _open_comment(line, commented)
        filling = _filling(label, known) if label else None
        if filling is None:
            made.append(line)
            continue
        which, text = filling
        used.add(which)
        made.append(text)
    return made, used


def _filling(label: re.Match[str], known: Known) -> tuple[str, str] | None:
    word = label[2].lower()
    lead = f"{label[1]}{label[2]}{label[3].rstrip().rstrip('#').rstrip() or ''}"
    if word.startswith("design"):
        return ("designs", f"{lead} {known.designs[0]}") if known.designs else None
    which, numbers = ("pulls", known.pulls) if word == "pr" else ("issues", known.issues)
    return (which, f"{lead} " + ", ".join(f"#{each}" for each in numbers)) if numbers else None


def _links(known: Known, without: Set[str] = frozenset()) -> list[str]:
    """The lines that bots look for; one that is not known is left without its number, which they refuse."""
    found = []
    if "issues" not in without:
        found += [f"{known.issue_line}{each}" for each in known.issues] or [
            f"{known.issue_line}<!-- the number; not needed for doc: and test: -->"
        ]
    if known.pull_line and "pulls" not in without:
        found += [f"{known.pull_line}{each}" for each in known.pulls] or [
            f"{known.pull_line}<!-- the number of the pull request to the main branch -->"
        ]
    if "designs" not in without and (known.designs or known.design_line):
        line = known.design_line or "design doc: "
        found += [f"{line}{each}" for each in known.designs] or [
            f"{line}<!-- {known.design_folder}YYYYMMDD-NAME, with its .md -->"
        ]
    return found


def _commits(known: Known) -> list[str]:
    more = [f"- and {known.more} more"] if known.more else []
    return [*(f"- {subject} ({each})" for each, subject in known.commits), *more]


def _tests(known: Known) -> list[str]:
    return [f"- [ ] `{each}`" for each in known.tests] or [
        "- [ ] <!-- the command that shows that it works -->"
    ]


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", "", *lines])


def _paragraphs(lines: list[str]) -> list[str]:
    text = "\n\n".join(line for line in lines if line)
    return [text] if text else []


def _open_comment(line: str, before: bool) -> bool:
    """Whether a comment is open behind this line."""
    rest = line.partition("-->")[2] if before and "-->" in line else line
    if before and "-->" not in line:
        return True
    return "<!--" in _COMMENT.sub(lambda found: "" if found[0].endswith("-->") else found[0], rest)
