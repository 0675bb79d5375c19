"""Image, platform and user of a service: what its files say, unless a flag says otherwise."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from devtool.model.container import Service, Setting
from devtool.workflows.containers.platforms import asked_platform, host_architecture

if TYPE_CHECKING:
    from devtool.adapters.compose.reading import Composition
    from devtool.system import System
    from devtool.workflows.containers.sources import Options

_MARKER = re.compile(r"\s*#\s*user:\s*\{\{\s*CURRENT_ID\s*\}\}")


def decide(
    system: System, root: str, options: Options, made: Composition, service: Service, platform_said_by: str
) -> tuple[Service, tuple[Setting, ...]]:
    """The service as it will be, and who decided what of it."""
    keys = ("image", "platform", "user", "build")
    place = {key: made.lines.get(("services", service.name, key), "") for key in keys}
    image = Setting("image", service.image or "", place["image"] or place["build"])
    if options.image:
        service = replace(service, image=options.image, build=None)
        image = Setting("image", options.image, "--image")
    platform = Setting("platform", service.platform or "", platform_said_by or place["platform"])
    asked = asked_platform(system, options.platform)
    # As Compose has it, docker's own variable decides only where the files do not.
    if asked and (options.platform or not service.platform):
        service = replace(service, platform=asked.value)
        platform = asked
    elif not service.platform:
        platform = Setting("platform", f"linux/{host_architecture(system)}", "the host")
    user = Setting("user", service.user or "", place["user"])
    if service.user is None and (line := _marked_user(system, root, made, service.name)):
        person = f"{system.machine.user_id()}:{system.machine.group_id()}"
        service = replace(service, user=person)
        user = Setting("user", person, f"you, as {line} asks")
    return service, tuple(each for each in (image, platform, user) if each.said_by)


def _marked_user(system: System, root: str, made: Composition, name: str) -> str | None:
    """Where a comment asks for the person's numbers; Milvus's `scripts/devcontainer.sh` fills them in."""
    shown, _, line = made.lines.get(("services", name), "").rpartition(":")
    text = system.files.read_text(posixpath.join(root, shown)) if shown else None
    lines = (text or "").splitlines()
    if not lines:
        return None
    start = int(line)
    depth = _indent(lines[start - 1])
    for number, each in enumerate(lines[start:], start + 1):
        if _MARKER.match(each):
            return f"{shown}:{number}"
        if each.strip() and not each.lstrip().startswith("#") and _indent(each) <= depth:
            break
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
