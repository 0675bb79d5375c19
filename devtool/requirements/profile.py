"""What a profile says, as values: where a project states its needs, and how it is built and tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devtool.model.mirrors import Mirror
from devtool.requirements.connecting import Stated
from devtool.requirements.containers import KnownContainer
from devtool.requirements.pull_requests import PullRequests

Among = Literal["first", "highest", "unanimous"]
Otherwise = Literal["unknown", "any", "unneeded"]
RULES = ("statements", "conan", "python-of-conan", "compiler", "rust", "image", "standard")
LIST = "list"
"""The specifier of a form whose value enumerates major versions."""


@dataclass(frozen=True)
class Form:
    """One way a file states something: which lines of which files, and what they mean."""

    paths: tuple[str, ...]
    """Relative to the root; `{NAME}` is a variable of the checkout, `*` any one name."""
    pattern: str | None = None
    """Searched in every line; group 1 is the value. None: that the file exists says it."""
    confidence: str = "declared"
    specifier: str = ">={}"
    """PEP 440 with `{}` for the value, or `list`."""
    value: str | None = None
    """The value where the line itself does not carry it."""
    among: Among = "first"
    """Which of several matches speaks: `unanimous` means none when they differ."""


@dataclass(frozen=True)
class Note:
    """A remark on a need, where the checkout gives occasion for it."""

    text: str
    when: tuple[Form, ...] = ()
    """Said only when one of these matches; empty: always."""
    unless: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Need:
    """How to find out what a project needs of one tool."""

    tool: str
    rule: str = "statements"
    fixed: str | None = None
    """The specifier itself, where the profile states it outright."""
    line: int = 1
    """Where in its profile the need stands."""
    needed_if: tuple[Form, ...] = ()
    """The tool is needed when one of these matches; empty: always."""
    statements: tuple[Form, ...] = ()
    """Most authoritative first."""
    evidence: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    """Further matches, by the name under which the rule asks for them."""
    notes: tuple[Note, ...] = ()
    otherwise: Otherwise = "unknown"
    """What it means when the tool is needed and no statement matches."""
    compiler: str | None = None
    """What Conan's settings call this compiler."""


@dataclass(frozen=True)
class Setting:
    """A variable that the build wants, and that no script of the project sets."""

    name: str
    value: str
    """As a shell would have it in double quotes: `-I${llvm_prefix}/include`."""
    reason: str
    os: str | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    """Wanted only where these tools are installed in these versions."""
    unless: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """How the project sets the environment of its build."""

    script: str | None = None
    """The file that a person is told to source. It is read, never run."""
    root_variables: tuple[str, ...] = ()
    """What the script calls the checkout's root."""
    lists: tuple[str, ...] = ()
    """Variables that hold folders with a colon between them."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The variables that are taken from the script, and what each is for."""
    never: Mapping[str, str] = field(default_factory=dict)
    """Those that are left to the build itself, and why."""
    settings: tuple[Setting, ...] = ()
    calls: tuple[str, ...] = ()
    """Programs that the build calls by name."""


@dataclass(frozen=True)
class Installers:
    """Where the project installs packages of distributions. The files are read, never run."""

    scripts: tuple[str, ...] = ()
    """For a person's machine."""
    images: tuple[str, ...] = ()
    """Dockerfiles; the folder of each names its distribution and release, as `ubuntu22.04` does."""
    distributions: Mapping[str, str] = field(default_factory=dict)
    """What os-release calls a distribution that the folders call otherwise."""


@dataclass(frozen=True)
class KnownTarget:
    """Something that can be built by name."""

    name: str
    commands: tuple[str, ...] = ()
    """Shell lines, run in the checkout's root one after the other; none: `make NAME`."""
    title: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    when: tuple[Form, ...] = ()
    """It is there when one of these matches; empty: always, or where the Makefile has it."""


@dataclass(frozen=True)
class Building:
    """How the project is built by name, and how it is told how many jobs to start."""

    targets: tuple[KnownTarget, ...] = ()
    default: str | None = None
    """What is built without a name; None: the commands of `build`."""
    makefile: str | None = None
    """The Makefile whose own targets can be named too."""
    jobs: tuple[str, ...] = ()
    """Variables that take the number of jobs: `NAME`, or `NAME=TEXT` with `{}` for the number."""
    memory_per_job_bytes: int | None = None


@dataclass(frozen=True)
class DevContainer:
    """What belongs into a dev container besides the needs."""

    base: str | None = None
    """The image it is made on."""
    packages: tuple[str, ...] = ()
    """Further packages of its distribution."""
    environment: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    """Of VS Code, in place of those that follow from the needs."""
    first_step: str | None = None
    """What makes a fresh container ready for work."""


@dataclass(frozen=True)
class Profile:
    """One project, as its profile or its `devtool.toml` describes it."""

    name: str
    source: str
    """The file's name, for messages and sources."""
    identify: Form | None = None
    variables_file: str | None = None
    derived: Mapping[str, str] = field(default_factory=dict)
    """Variables made of others, where the file does not set them."""
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    ports: tuple[int, ...] = ()
    build: tuple[str, ...] = ()
    """Commands that build the project, run in its root."""
    test: tuple[str, ...] = ()
    building: Building = Building()
    container: KnownContainer = field(default_factory=KnownContainer)
    needs: tuple[Need, ...] = ()
    surroundings: Surroundings = Surroundings()
    editor: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    """What fills the editor's templates, by placeholder; the first form that matches gives the value."""
    installers: Installers = Installers()
    mirrors: tuple[Mirror, ...] = ()
    """Where the project would have things fetched from; of one kind the first holds."""
    mirror_candidates: tuple[Mirror, ...] = ()
    """Further mirrors that are worth asking."""
    connections: tuple[Stated, ...] = ()
    """The servers that the project names."""
    devcontainer: DevContainer = DevContainer()
    pull_requests: PullRequests = field(default_factory=PullRequests)
    """What it demands of pull requests."""
