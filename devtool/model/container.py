"""Containers as values: what a checkout asks for, what an engine holds, who works inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LABEL = "io.github.devtool"
"""What our own labels begin with."""


@dataclass(frozen=True)
class Mount:
    """A folder of this machine (`bind`) or of the engine (`volume`) inside a container."""

    kind: Literal["bind", "volume"]
    source: str
    """An absolute path, or a volume's name."""
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class Service:
    """One service as Compose or a `devcontainer.json` states it, every variable filled in."""

    name: str
    image: str | None
    build: Mapping[str, str] | None = None
    """What to build the image from: `context`, `dockerfile`, `target`; None where it can only be pulled."""
    build_args: Mapping[str, str] = field(default_factory=dict)
    platform: str | None = None
    user: str | None = None
    working_dir: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    ports: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    shm_bytes: int | None = None
    memory_bytes: int | None = None
    """The most that it may take."""
    init: bool = False
    privileged: bool = False
    cap_add: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A value that was decided, and who decided it."""

    name: str
    value: str
    said_by: str
    """Such as `--platform`, `the environment`, `.env:4`, `the host`."""


@dataclass(frozen=True)
class Blueprint:
    """The dev container that a checkout describes."""

    checkout: str
    """The folder on this machine, links followed."""
    project: str
    """Compose's name for all that belongs together."""
    service: Service
    """The one that people build in."""
    companions: tuple[Service, ...] = ()
    """The other services; none is needed unless asked for."""
    workspace: str = ""
    """Where the checkout lies inside."""
    compose_files: tuple[str, ...] = ()
    """Absolute paths in Compose's order; none for a container without Compose."""
    devcontainer_file: str | None = None
    """The `devcontainer.json` that VS Code takes, if there is one."""
    remote_user: str | None = None
    """Whom the `devcontainer.json` wants inside."""
    remote_environment: Mapping[str, str] = field(default_factory=dict)
    own_command: bool = False
    """Whether the container runs the command that its files give it; else it waits for work."""
    run_arguments: tuple[str, ...] = ()
    """Further words for `docker run`, of a container without Compose."""
    hooks: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """What the `devcontainer.json` wants run, by its own names, such as `postCreateCommand`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What Compose must find in its environment besides ours to fill the files in as they are here."""
    settings: tuple[Setting, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know, one line each."""
    rests_on: tuple[str, ...] = ()
    """Every path that was looked at, there or not: while none changes, nor a variable, all this holds."""
    asked: tuple[str, ...] = ()
    """Every variable of the environment that had a say, set or not."""


@dataclass(frozen=True)
class Container:
    """A container as the engine knows it."""

    id: str
    name: str
    image: str
    """The image's name when the container was made."""
    state: str
    """`running`, `exited`, `created`, `paused`, `restarting`, `dead`."""
    status: str = ""
    """In the engine's words, such as `Up 3 minutes (healthy)`."""
    labels: Mapping[str, str] = field(default_factory=dict)
    created: int = 0
    """Seconds since the epoch."""

    @property
    def running(self) -> bool:
        """Whether programs can be started in it."""
        return self.state == "running"

    @property
    def service(self) -> str | None:
        """Compose's name for it."""
        return self.labels.get("com.docker.compose.service")

    @property
    def compose_version(self) -> str | None:
        """The Compose that made it."""
        return self.labels.get("com.docker.compose.version")


@dataclass(frozen=True)
class Person:
    """Who works inside."""

    uid: int
    gid: int
    name: str
    home: str
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the person needs in the environment: HOME, USER, where caches lie."""
