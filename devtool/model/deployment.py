"""A Milvus server that devtool started, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["running", "starting", "unhealthy", "killed", "stopped"]
"""`unhealthy`: the process lives and does not serve; `killed`: it ended without `deploy down`."""


@dataclass(frozen=True)
class Deployment:
    """One server and where its things lie."""

    name: str
    mode: str
    """`embedded` or `lite`."""
    state: State
    uri: str
    """What a client connects to."""
    metrics: str | None
    """URL of its metrics and health; None where the server has none."""
    data: str
    """Absolute path of the folder that holds its data."""
    logs: str
    """Absolute path of its log."""
    pid: int | None
    version: str
    started_here: bool = False
    """Whether this very call started it."""

    @property
    def exit_status(self) -> int:
        """0 unless it should serve and does not."""
        return 0 if self.state in ("running", "stopped") else 1

    def as_data(self) -> dict[str, object]:
        """What `deploy status --format json` says of it."""
        fields = ("name", "mode", "state", "uri", "metrics", "data", "logs", "pid", "version")
        return {field: getattr(self, field) for field in fields}
