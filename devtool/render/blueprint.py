"""What a checkout says of its dev container, as text and JSON; values that look like secrets are masked."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from devtool.model.container import Blueprint, Mount, Service, Setting
from devtool.model.redaction import redact
from devtool.render.document import document
from devtool.render.layout import cut
from devtool.render.paint import plain
from devtool.render.wrapping import wrapped

Composes = Sequence[tuple[str, str]]
"""Command and version of each Compose that is installed, the one that is taken first."""
_OWN_ROW = ("service", "image", "platform", "user", "workspace", "sync", "project")


def blueprint_json(blueprint: Blueprint, composes: Composes) -> str:
    """The whole answer under schema 1."""
    return document(
        {
            "checkout": blueprint.checkout,
            "project": blueprint.project,
            "workspace": blueprint.workspace,
            "service": _service(blueprint.service),
            "services": [_service(each) for each in blueprint.companions],
            "compose": {
                "files": list(blueprint.compose_files),
                "installed": [{"command": command, "version": version} for command, version in composes],
                "variables": _masked(blueprint.variables),
            },
            "devcontainer": {
                "file": blueprint.devcontainer_file,
                "remote_user": blueprint.remote_user,
                "remote_environment": _masked(blueprint.remote_environment),
                "run_arguments": [redact(each) for each in blueprint.run_arguments],
                "hooks": {
                    name: [[redact(word) for word in argv] for argv in commands]
                    for name, commands in blueprint.hooks.items()
                },
            },
            "settings": [
                {"name": each.name, "value": _value(each), "said_by": each.said_by}
                for each in blueprint.settings
            ],
            "notes": list(blueprint.notes),
        }
    )


def blueprint_text(blueprint: Blueprint, composes: Composes, width: int) -> str:
    """What was decided and by whom, the mounts, the variables, the other services, then remarks."""
    said = {each.name: each for each in blueprint.settings}
    rows = [(name, _shown(blueprint, name, said.get(name)), _by(said.get(name))) for name in _OWN_ROW]
    rows += _further_rows(blueprint, composes)
    parts = [_table([row for row in rows if row[1]], width)]
    if mounts := [(each.target, _origin(blueprint, each), "") for each in blueprint.service.mounts]:
        parts.append("\n".join(["mounts", _table(mounts, width, "  ")]))
    variables = [
        (each.name, _value(each), each.said_by) for each in blueprint.settings if each.name not in _OWN_ROW
    ]
    if variables:
        parts.append("\n".join(["variables", _table(variables, width, "  ", brief=True)]))
    if blueprint.companions:
        names = ", ".join(each.name for each in blueprint.companions)
        parts.append(_wrapped(f"services beside it, started only when asked for: {names}", "  ", width))
    parts += [_wrapped(f"note: {note}", "  ", width) for note in blueprint.notes]
    return "\n\n".join(parts)


def _shown(blueprint: Blueprint, name: str, setting: Setting | None) -> str:
    if name == "image" and not blueprint.service.image:
        build = blueprint.service.build or {}
        return f"built from {_short(blueprint, _dockerfile(build))}"
    if name == "user" and not setting:
        return blueprint.service.user or "the image's own"
    return setting.value if setting else ""


def _further_rows(blueprint: Blueprint, composes: Composes) -> list[tuple[str, str, str]]:
    files = ", ".join(_short(blueprint, each) for each in blueprint.compose_files)
    taken = f"{composes[0][1]} (`{composes[0][0]}`)" if composes else "none is installed"
    size = blueprint.service.shm_bytes
    return [
        ("shared memory", f"{size / 1024**2:g} MiB" if size else "", ""),
        ("compose", taken if blueprint.compose_files else "", files),
        ("vs code", _short(blueprint, blueprint.devcontainer_file or ""), ""),
    ]


def _dockerfile(build: Mapping[str, str]) -> str:
    return posixpath.join(build.get("context", ""), build.get("dockerfile", "Dockerfile"))


def _origin(blueprint: Blueprint, mount: Mount) -> str:
    ending = ", read only" if mount.read_only else ""
    if mount.kind == "volume":
        return f"volume {mount.source or 'without a name'}{ending}"
    return f"{_short(blueprint, mount.source)}{ending}"


def _short(blueprint: Blueprint, path: str) -> str:
    """The path from the checkout on, where it lies in it."""
    if path == blueprint.checkout:
        return "."
    return path.removeprefix(f"{blueprint.checkout}/")


def _by(setting: Setting | None) -> str:
    return setting.said_by if setting else ""


def _service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "image": service.image,
        "build": None if service.build is None else {**service.build, "args": _masked(service.build_args)},
        "platform": service.platform,
        "user": service.user,
        "working_dir": service.working_dir,
        "environment": _masked(service.environment),
        "mounts": [
            {"type": each.kind, "source": each.source, "target": each.target, "read_only": each.read_only}
            for each in service.mounts
        ],
        "ports": list(service.ports),
        "depends_on": list(service.depends_on),
        "shm_bytes": service.shm_bytes,
        "init": service.init,
        "privileged": service.privileged,
        "cap_add": list(service.cap_add),
        "security_opt": list(service.security_opt),
    }


def _masked(values: Mapping[str, str]) -> dict[str, str]:
    return {name: _safe(name, value) for name, value in values.items()}


def _value(setting: Setting) -> str:
    return _safe(setting.name, setting.value)


def _safe(name: str, value: str) -> str:
    """The value, masked where it or its name looks like a secret's."""
    return redact(f"{name}={value}").removeprefix(f"{name}=")


def _table(rows: list[tuple[str, str, str]], width: int, indent: str = "", brief: bool = False) -> str:
    """Three columns; who said a long value stands below it."""
    first = len(indent) + max(len(name) for name, _, _ in rows)
    shown = [(indent + plain(name), plain(value), plain(said_by)) for name, value, said_by in rows]
    fitting = [value for _, value, said_by in shown if first + len(value) + len(said_by) + 4 <= width]
    second = max(map(len, fitting), default=0)
    lines = []
    for name, value, said_by in shown:
        if said_by and len(value) > second:
            room = max(width - first - 2, 20) if brief else len(value)
            lines.append(f"{name:<{first}}  {cut(value, room)}")
            name = value = ""
        lines.append(f"{name:<{first}}  {value:<{second}}  {said_by}".rstrip())
    return "\n".join(lines)


def _wrapped(text: str, indent: str, width: int) -> str:
    return "\n".join(wrapped(plain(text), max(width, 40), rest=indent))
