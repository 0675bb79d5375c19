"""Whether a container is still what its checkout asks for: told by labels, which cost nothing to read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256

from devtool.model.container import LABEL, Blueprint, Container

IMAGE = f"{LABEL}.image"
FINGERPRINT = f"{LABEL}.fingerprint"
FOLDER = "devcontainer.local_folder"
CONFIG = "devcontainer.config_file"
"""By these two VS Code and the `devcontainer` command find a checkout's container."""
_FORM = "1"
"""To be counted up when `_inputs` means something else: what another devtool reckoned says nothing then."""
_BY_NUMBER = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
_MADE_BY_VSCODE = "vsc-"


def labels(blueprint: Blueprint) -> dict[str, str]:
    """What a container of ours carries: where it belongs, and what it was made from."""
    found = {FOLDER: blueprint.checkout, FINGERPRINT: _fingerprint(blueprint)}
    if blueprint.devcontainer_file:
        found[CONFIG] = blueprint.devcontainer_file
    if blueprint.service.image:
        found[IMAGE] = blueprint.service.image
    return found


def changes(container: Container, blueprint: Blueprint) -> tuple[str, ...]:
    """How the checkout has moved on since the container was made, one line each."""
    found = []
    asked, made = blueprint.service.image, container.labels.get(IMAGE, container.image)
    if asked and made.startswith(_MADE_BY_VSCODE):
        made = asked  # derived from it, under a name that does not tell
    if (
        asked
        and container.image != asked
        and _BY_NUMBER.fullmatch(container.image)
        and made in (asked, container.image)
    ):
        found.append(f"another image has been called `{asked}` since it was made")
    elif asked and made != asked:
        found.append(f"it was made from `{made}`, and the checkout asks for `{asked}`")
    if moved := _moved(container.labels.get(FINGERPRINT, ""), _fingerprint(blueprint)):
        found.append(f"the checkout has changed its {' and '.join(moved)} since it was made")
    return tuple(found)


def _fingerprint(blueprint: Blueprint) -> str:
    parts = (f"{name}={_digest(value)}" for name, value in _inputs(blueprint).items())
    return " ".join((_FORM, *parts))


def _inputs(blueprint: Blueprint) -> Mapping[str, object]:
    service = blueprint.service
    return {
        "build": (service.build, service.build_args) if not service.image else None,
        "platform": service.platform,
        "user": service.user,
        "environment": service.environment,
        "mounts": [asdict(mount) for mount in service.mounts],
        "ports": service.ports,
        "privileges": (service.privileged, service.cap_add, service.security_opt),
        "arguments": blueprint.run_arguments,
    }


def _moved(before: str, now: str) -> list[str]:
    form, *old = before.split(" ")
    if form != _FORM:
        return []
    kept = set(old)
    return [part.partition("=")[0] for part in now.split(" ")[1:] if part not in kept]


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=dict).encode()).hexdigest()[:12]
