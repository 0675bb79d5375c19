"""A known failure as data: how it looks in a log, why it happens, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

GROUPS = (
    "python", "conan", "compiler", "cmake", "go", "rust", "docker", "compose", "devcontainer", "git",
    "network", "runtime", "e2e", "resources", "project",
)  # fmt: skip
"""Where a failure belongs; `project` is for a project's own."""


@dataclass(frozen=True)
class Pattern:
    """One way a failure is said, in the language of `devtool.knowledge.pattern`."""

    text: str
    start: bool = False
    """Only at the beginning of a message."""
    near: tuple[str, ...] = ()
    """Texts of which one must stand within `lines` lines."""
    without: tuple[str, ...] = ()
    """Texts of which none may stand within `lines` lines."""
    lines: int = 5
    anchors: tuple[str, ...] = field(default=(), compare=False)
    """What `Template.anchors` gives for the text, so that it is worked out once; empty where nobody did."""


@dataclass(frozen=True)
class Conditions:
    """Where something applies; empty fields hold everywhere."""

    os: tuple[str, ...] = ()
    distribution: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    """A PEP 440 specifier by tool: the version that the checkout needs must lie in it."""


@dataclass(frozen=True)
class KnownRemedy:
    """One way out, and where it applies."""

    text: str
    commands: tuple[str, ...] = ()
    """Shell lines; `{tool|default}` stands for the version of the tool that the checkout needs."""
    conditions: Conditions = Conditions()


@dataclass(frozen=True)
class Sample:
    """Output that must, or must not, name the failure."""

    log: str
    found: tuple[str, ...] = ()
    """The ids that it names beside (example) or instead of (counterexample) this one."""
    primary: str | None = None
    """The id that is the root cause in an example, where it is another one."""
    why: str = ""


@dataclass(frozen=True)
class KnownFailure:
    """Everything that is known of one failure."""

    id: str
    """Kebab-case and permanent."""
    title: str
    summary: str
    group: str
    severity: Literal["failure", "warning"]
    cause: str
    patterns: tuple[Pattern, ...]
    remedies: tuple[KnownRemedy, ...]
    wrong: str = ""
    follows: tuple[str, ...] = ()
    """Ids of failures that this one merely follows from when they are seen before it."""
    transient: bool = False
    """Whether tools retry it themselves, so that it counts only when the log goes on to fail."""
    checks: tuple[str, ...] = ()
    """Ids of the doctor's checks that confirm it."""
    says: Mapping[str, str] = field(default_factory=dict)
    """By check what it must say to confirm it, where it may fail for other reasons too."""
    momentary: bool = False
    """Whether what the checks look at passes by itself, so that a green one proves nothing."""
    only: Conditions = Conditions()
    """Where the failure is possible at all."""
    links: tuple[str, ...] = ()
    examples: tuple[Sample, ...] = ()
    counterexamples: tuple[Sample, ...] = ()
    path: str | None = None
    """The project's file that states it; None where it is one of ours."""
