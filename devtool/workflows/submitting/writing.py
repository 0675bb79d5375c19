"""The text of a pull request, begun: what branch and commits tell is in it, what they do not is marked."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtool.adapters.objects import Objects
from devtool.adapters.repository import find_repository
from devtool.errors import DevtoolError, InputError
from devtool.model.pull_request import Proposal
from devtool.requirements.pull_requests import PullRequests, matches
from devtool.workflows.submitting.filling import Known, filled, from_nothing
from devtool.workflows.submitting.finding import Wanted, find_proposal, message_of
from devtool.workflows.submitting.stating import Statement, read_statement

if TYPE_CHECKING:
    from devtool.adapters.objects import RevisionTree
    from devtool.system import System

TEMPLATES = tuple(
    f"{folder}{name}.md"
    for folder in (".github/", "", "docs/")
    for name in ("PULL_REQUEST_TEMPLATE", "pull_request_template")
)
"""Where GitHub looks for one, whatever the case of its name."""
_MOST_COMMITS = 50
_URL = r"https://github\.com/[\w.-]+/[\w.-]+"
_ISSUE = re.compile(
    r"(?:(?:issues?|fix(?:e[sd])?|close[sd]?|resolve[sd]?|related(?: to)?|refs?|see|gh)\s*[:#]?\s*#"
    rf"|{_URL}/issues/)(\d{{1,7}})\b",
    re.IGNORECASE,
)
_MERGED = re.compile(r"\(#(\d{1,7})\)\s*$")
_PULL = re.compile(rf"(?:\bpr:\s*#|{_URL}/pull/)(\d{{1,7}})\b", re.IGNORECASE)
_IN_BRANCH = re.compile(
    r"(?:^|[/_-])(?:issues?|fix|bug|gh|feat)[/_#-]*(\d{2,7})(?=$|[/_-])|(?:^|/)(\d{3,7})(?=[_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Draft:
    """A text to fill in."""

    text: str
    template: str = ""
    """The project's template that it is made from; empty for one of ours."""
    path: str = ""
    """Where it was written; empty where it was not."""


def draft_body(system: System, base: str | None, title: str | None, target: str | None) -> Draft:
    """The text, written to `target` where one is named. Raises InputError."""
    repository = find_repository(system, system.cwd)
    if repository is None:
        raise InputError(f"`{system.cwd}` is in no git repository")
    path = posixpath.join(system.cwd, target) if target else ""
    if path and (system.files.kind(path) is not None or system.files.link_target(path) is not None):
        raise DevtoolError(f"`{target}` is there already", "name another file, or remove it")
    proposal, found = find_proposal(system, repository, Wanted(base, title))
    statement = read_statement(system, repository, found)
    known = _known(system, repository, proposal, statement)
    with Objects(system, repository) as objects:
        template, text = _template(objects.at(found.id))
    made = Draft(filled(text, known) if text.strip() else from_nothing(known), template, target or "")
    if path:
        system.files.write(path, made.text.encode("utf-8", "backslashreplace"))
    return made


def _template(tree: RevisionTree) -> tuple[str, str]:
    for path in TEMPLATES:
        text = tree.read(path)
        if text is not None:
            return path, text
    return "", ""


def _known(system: System, repository: str, proposal: Proposal, statement: Statement) -> Known:
    project = statement.project
    messages = [message_of(system, repository, each) for each in proposal.commits[:_MOST_COMMITS]]
    text = "\n".join(f"{subject}\n{body}" for subject, body in messages)
    title = proposal.title or ""
    on_release = (
        project.release_branch is not None and project.release_branch.search(proposal.target) is not None
    )
    return Known(
        title=title,
        commits=tuple(
            (each[:10], subject) for each, (subject, _) in zip(proposal.commits, messages, strict=False)
        ),
        more=max(0, len(proposal.commits) - _MOST_COMMITS),
        description=_prose(messages[0][1]) if len(messages) == 1 else "",
        issues=_issues(text, proposal.branch),
        issue_line=project.issue_line,
        pulls=_pulls(messages) if on_release else (),
        pull_line=project.master_line if on_release else "",
        designs=_designs(proposal, project, text),
        design_line=_design_line(project, title),
        design_folder=project.design_documents,
        tests=_tests(proposal, project),
    )


def _issues(text: str, branch: str) -> tuple[str, ...]:
    numbers = [match[1] for match in _ISSUE.finditer(text)]
    if not numbers:
        numbers = [match[1] or match[2] for match in _IN_BRANCH.finditer(branch)][:1]
    return tuple(dict.fromkeys(numbers))


def _pulls(messages: list[tuple[str, str]]) -> tuple[str, ...]:
    """What was merged into the main branch, by the numbers that cherry-picks keep."""
    numbers = [match[1] for _, body in messages for match in _PULL.finditer(body)]
    numbers += [match[1] for subject, _ in messages if (match := _MERGED.search(subject))]
    return tuple(dict.fromkeys(numbers))


def _designs(proposal: Proposal, project: PullRequests, text: str) -> tuple[str, ...]:
    folder = project.design_documents
    if not folder:
        return ()
    brought = [
        each.path
        for each in proposal.files
        if each.path.startswith(folder) and each.path.endswith(".md") and each.status != "D"
    ]
    named = re.findall(rf"(?:^|\s)({re.escape(folder)}[^\s]+\.md)", text)
    return tuple(dict.fromkeys([*brought, *named]))


def _design_line(project: PullRequests, title: str) -> str:
    return project.design_line if project.design_documents and title.startswith("feat") else ""


def _tests(proposal: Proposal, project: PullRequests) -> tuple[str, ...]:
    return tuple(
        each.command
        for each in project.tests
        if any(matches(file.path, each.paths) for file in proposal.files)
    )


def _prose(body: str) -> str:
    """What a commit says beside its trailers and the lines that stand elsewhere in the text."""
    kept = [
        line
        for line in body.split("\n")
        if not re.match(r"(?:[A-Z][\w-]*-[Bb]y|issue|pr|design doc):\s", line)
        and not line.startswith("(cherry picked from ")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
