"""A pull request before it is opened, and what its project will say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from devtool.errors import EXIT_NOT_READY, EXIT_READY

RuleId = Literal[
    "pr-title",
    "pr-body",
    "pr-issue",
    "pr-design-document",
    "pr-master",
    "pr-sign-offs",
    "pr-author-mail",
    "pr-conflicts",
    "pr-up-to-date",
    "pr-generated-files",
    "pr-size",
    "pr-large-files",
    "pr-project-rule",
]
RULES: tuple[RuleId, ...] = get_args(RuleId)
"""Permanent ids of what a pull request can break, in the order in which they are told."""
Severity = Literal["ok", "warning", "failure", "unknown", "skipped"]


@dataclass(frozen=True)
class Judgement:
    """What one rule makes of the pull request."""

    rule: RuleId
    severity: Severity
    summary: str
    """One line: what was found and what it means."""
    expected: tuple[str, ...] = ()
    """What would do."""
    found: tuple[str, ...] = ()
    """What there is instead, or what meets the rule."""
    stated: str = ""
    """Where the rule is stated, as `PATH:LINE`; empty for one that git or GitHub makes."""
    repair: str = ""
    """What mends it."""
    commands: tuple[str, ...] = ()
    """Shell lines that do, as they are."""
    path: str = ""
    """The file that it is about, where it is about one."""


@dataclass(frozen=True)
class FileChange:
    """One file that the pull request changes."""

    path: str
    status: str
    """`A`, `M`, `D`, `R`, `C` or `T`, as git has it."""
    blob: str
    """Object id of what it holds now; empty where it is gone."""
    added: int = 0
    removed: int = 0
    binary: bool = False
    before: str = ""
    """What it was called, where it was renamed."""
    module: bool = False
    """Whether it is a submodule, whose object is a commit elsewhere."""

    @property
    def lines(self) -> int:
        """Added and removed lines together, as GitHub counts them."""
        return self.added + self.removed


@dataclass(frozen=True)
class Proposal:
    """A pull request as far as git and its author tell."""

    base: str
    """The branch that it is to be merged into, as it would be typed here."""
    target: str
    """The same by the name that it has on the server."""
    base_id: str
    head_id: str
    fork_id: str
    """Where the two parted: the merge base."""
    branch: str
    """The branch that it is made of; empty for a detached HEAD."""
    files: tuple[FileChange, ...]
    commits: tuple[str, ...]
    """Full ids, oldest first, merges left out."""
    behind: int
    """How many commits the base has that this has not."""
    title: str | None = None
    title_from: str = ""
    body: str | None = None
    body_from: str = ""
    labels: tuple[str, ...] = ()
    why: str = ""
    """Who says that this is the base; empty where the person did."""

    @property
    def added(self) -> int:
        """Lines that are new."""
        return sum(each.added for each in self.files)

    @property
    def removed(self) -> int:
        """Lines that are gone."""
        return sum(each.removed for each in self.files)


@dataclass(frozen=True)
class PullRequestReport:
    """Everything that a check of a pull request found."""

    proposal: Proposal
    judgements: tuple[Judgement, ...]
    """In the order of RULES."""
    rules_from: str = ""
    """Where the project's rules were read, such as `.github/mergify.yml of origin/master`."""
    notes: tuple[str, ...] = ()
    strict: bool = False
    """Whether a warning also holds it up."""

    @property
    def ok(self) -> bool:
        """Whether nothing that was found holds it up."""
        blocking = {"failure", "unknown", "warning"} if self.strict else {"failure", "unknown"}
        return not any(each.severity in blocking for each in self.judgements)

    @property
    def exit_status(self) -> int:
        """0 nothing holds it up, 1 something does."""
        return EXIT_READY if self.ok else EXIT_NOT_READY

    def count(self, severity: Severity) -> int:
        """How many rules came to this."""
        return sum(each.severity == severity for each in self.judgements)
