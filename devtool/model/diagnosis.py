"""What a log says went wrong: known failures, ranked, and the errors that nothing known explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtool.errors import EXIT_NOT_READY, EXIT_READY

State = Literal["suspected", "confirmed", "refuted"]
"""A line of a log is a suspicion; what a check of the machine sees confirms or refutes it."""


@dataclass(frozen=True)
class Excerpt:
    """Some lines of a log as they stand there, without escape sequences and secrets."""

    source: str
    """The log as it was named; `-` for standard input."""
    line: int
    """Number of the line that is meant, from 1."""
    first_line: int
    """Number of the first line shown."""
    lines: tuple[str, ...]

    @property
    def said(self) -> str:
        """The line that is meant."""
        return self.lines[self.line - self.first_line]


@dataclass(frozen=True)
class Cure:
    """One way out."""

    text: str
    """What to do and why it helps, in one or two sentences."""
    commands: tuple[str, ...] = ()
    """Shell lines to run as they are, in order."""
    condition: str = ""
    """Where it applies, such as `on macOS`; empty where it is known to apply."""


@dataclass(frozen=True)
class FailureFinding:
    """One known failure that the logs show."""

    id: str
    """The failure's permanent kebab-case id."""
    severity: Literal["failure", "warning"]
    primary: bool
    """Whether this is the root cause: true for exactly one finding of a diagnosis."""
    state: State
    count: int
    """How many lines of the logs say it."""
    excerpt: Excerpt
    """Where it is said first."""
    summary: str
    cause: str
    cures: tuple[Cure, ...] = ()
    wrong: str = ""
    """Which tempting cure does not help, and why; empty where none is tempting."""
    follows: str | None = None
    """The id of the finding that this one merely followed from."""
    evidence: tuple[str, ...] = ()
    """What the checks of this machine and checkout said, one line each."""
    links: tuple[str, ...] = ()
    knowledge: str | None = None
    """The project's own knowledge file that names it; None where it is one of ours."""


@dataclass(frozen=True)
class UnknownError:
    """An error that nothing known explains."""

    excerpt: Excerpt
    count: int = 1
    """How many lines say the same but for numbers and paths."""
    folded: int = 0
    """How many further error lines followed from it, right below."""


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was read out of some logs."""

    findings: tuple[FailureFinding, ...]
    """The root cause first, then what else needs attention, then what merely followed."""
    unrecognised: tuple[UnknownError, ...]
    """The first real error lines, where no known failure explains the end of the log."""
    sources: tuple[str, ...]
    """The logs as they were named."""
    lines: int
    """How many lines were read."""
    failed: bool
    """Whether the logs show that something failed, known or not."""
    confirmed_here: bool = False
    """Whether this machine and checkout were examined too."""
    template: str | None = None
    """A knowledge file to fill in for the first unrecognised error."""

    @property
    def exit_status(self) -> int:
        """1 where a known failure was recognised, whether or not this machine still shows it; else 0."""
        return EXIT_NOT_READY if self.findings else EXIT_READY
