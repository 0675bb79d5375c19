"""The file that is laid over a checkout's own Compose files, which stay as they are.

JSON, which is YAML: both generations read it, and no library is needed to write it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from devtool.model.container import Mount, Service

WAIT = ("tail", "-f", "/dev/null")
"""What a container runs that only waits for work; Milvus's own image has the same."""


def render(
    service: Service,
    labels: Mapping[str, str],
    mounts: Sequence[Mount],
    waits: bool,
    others: Mapping[str, Sequence[Mount]] | None = None,
) -> str:
    """What the service gets beside its own: an init, labels, our volumes, what flags decided.

    `others` are volumes that other services get, by their names.
    """
    # With an init the container ends at once when it is told to; a bare `tail` lets the engine wait 10 s.
    laid: dict[str, Any] = {"init": True, "labels": dict(labels)}
    decided = {"image": service.image, "platform": service.platform, "user": service.user}
    laid |= {key: value for key, value in decided.items() if value}
    if waits:
        laid["command"] = list(WAIT)
    if mounts:
        laid["volumes"] = [_mount(mount) for mount in mounts]
    document: dict[str, Any] = {"services": {service.name: laid}}
    for name, theirs in (others or {}).items():
        if theirs:
            document["services"][name] = {"volumes": [_mount(mount) for mount in theirs]}
    # They are made beforehand, with labels of ours: Compose must neither own nor remove them.
    made = [*mounts, *(mount for theirs in (others or {}).values() for mount in theirs)]
    volumes = {each.source: {"external": True, "name": each.source} for each in made if each.kind == "volume"}
    if volumes:
        document["volumes"] = volumes
    return json.dumps(_literal(document), indent=2) + "\n"


def _mount(mount: Mount) -> dict[str, Any]:
    said: dict[str, Any] = {"type": mount.kind, "source": mount.source, "target": mount.target}
    return {**said, "read_only": True} if mount.read_only else said


def _literal(value: Any) -> Any:
    """The value with every `$` kept from being taken for a variable."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, list):
        return [_literal(each) for each in value]
    if isinstance(value, dict):
        return {key: _literal(each) for key, each in value.items()}
    return value
