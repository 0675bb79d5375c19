"""What a person asks of a dev container, apart: who only looks for one need not know how it is described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Options:
    """What a person asks for beside what the checkout says."""

    service: str | None = None
    gpu: bool = False
    """Build in the service for graphics processors."""
    platform: str | None = None
    """`linux/arm64`, or the architecture alone."""
    image: str | None = None
    os_name: str | None = None
    """Such as `ubuntu24.04`, where the project has its image in several."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """For the `${NAME}` of Compose files, above environment and `.env`."""
    config: str | None = None
    """Path of the `devcontainer.json` to take."""
    compose_files: tuple[str, ...] = ()
    """Paths of Compose files to take."""
    project: str | None = None
