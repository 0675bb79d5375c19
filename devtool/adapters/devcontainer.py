"""A `devcontainer.json` as values: where VS Code looks for it, what its variables stand for.

https://containers.dev/implementors/json_reference/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devtool.adapters.jsonc.reading import MalformedError, parse, value_of
from devtool.errors import InputError
from devtool.model.container import Mount

if TYPE_CHECKING:
    from devtool.system import System

PLACES = (".devcontainer/devcontainer.json", ".devcontainer.json")
OWN_PLACE = "devcontainer/devcontainer.json"
"""Where VS Code does not look by itself; a link named `.devcontainer` leads there."""
HOOKS = (
    "initializeCommand", "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand",
    "postAttachCommand",
)  # fmt: skip
_VARIABLE = re.compile(r"\$\{(.*?)\}")


@dataclass(frozen=True)
class Devcontainer:
    """One file, its variables put in but for `${containerEnv:…}`, which only a running container knows."""

    path: str
    image: str | None = None
    build: Mapping[str, str] | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    compose_files: tuple[str, ...] | None = None
    """Absolute; empty: Compose's own choice. None: it is no matter of Compose."""
    service: str | None = None
    workspace: str | None = None
    mounts: tuple[Mount, ...] = ()
    """With that of the checkout where Compose has no part in it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    """Whom the container itself runs as."""
    remote_user: str | None = None
    remote_environment: Mapping[str, str] = field(default_factory=dict)
    run_arguments: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    init: bool = False
    own_command: bool = False
    """Whether `overrideCommand`, or its default with Compose, leaves the container its command."""
    privileged: bool = False
    cap_add: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    hooks: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    features: tuple[str, ...] = ()

    def keeps_command(self, files: tuple[str, ...]) -> bool:
        """Whether the service of these Compose files runs its own command.

        Files that a script derives from those may well take it away.
        """
        return self.own_command and self.compose_files in ((), files)

    def hooks_beside(self, files: tuple[str, ...]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The hooks where these Compose files are taken: what was to derive others from them is left out."""
        if self.compose_files in ((), files):
            return self.hooks
        return {name: hook for name, hook in self.hooks.items() if name != "initializeCommand"}


def find(system: System, root: str) -> tuple[str, ...]:
    """The files that VS Code would offer for the folder, else ours; several only where people choose."""
    for place in PLACES:
        if system.files.kind(f"{root}/{place}") == "file":
            return (f"{root}/{place}",)
    folder = f"{root}/.devcontainer"
    deeper = [f"{folder}/{name}/devcontainer.json" for name in system.files.names(folder)]
    found = tuple(path for path in deeper if system.files.kind(path) == "file")
    own = f"{root}/{OWN_PLACE}"
    return found or ((own,) if system.files.kind(own) == "file" else ())


def read(system: System, path: str, root: str) -> Devcontainer:
    """What the file says of the checkout at `root`. Raises InputError."""
    text = system.files.read_text(path)
    if text is None:
        raise InputError(f"there is no `{path}`")
    try:
        node = parse(text)
        data = value_of(text, node) if node else None
    except (MalformedError, RecursionError) as error:
        raise InputError(f"`{path}` cannot be read: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"`{path}` holds no object")
    return _Reader(system, path, root, data).made()


class _Reader:
    def __init__(self, system: System, path: str, root: str, raw: dict[str, Any]) -> None:
        self.system, self.path, self.root = system, path, root
        self.folder = posixpath.dirname(path)
        self.inside = ""
        self.composed = "dockerComposeFile" in raw
        stated = raw.get("workspaceFolder")
        default = "/" if self.composed else f"/workspaces/{posixpath.basename(root)}"
        self.inside = self.filled(stated) if isinstance(stated, str) else default
        self.data: dict[str, Any] = self.filled(raw)

    def made(self) -> Devcontainer:
        data = self.data
        build, args = self.build()
        if not self.composed and build is None and not isinstance(data.get("image"), str):
            raise InputError(
                f"`{self.path}` names no container",
                "it takes one of `image`, `build.dockerfile` and `dockerComposeFile`",
            )
        if self.composed and not isinstance(data.get("service"), str):
            raise InputError(f"`{self.path}` names no `service` of its Compose files")
        user = self.text("containerUser")
        return Devcontainer(
            path=self.path,
            image=None if self.composed or build else self.text("image"),
            build=None if self.composed else build,
            build_args=args,
            compose_files=self.compose_files() if self.composed else None,
            service=self.text("service") if self.composed else None,
            workspace=self.inside if "workspaceFolder" in data or not self.composed else None,
            mounts=tuple(self.mounts()),
            environment=self.pairs("containerEnv"),
            user=user,
            remote_user=self.text("remoteUser") or user,
            remote_environment=self.pairs("remoteEnv"),
            run_arguments=() if self.composed else self.texts("runArgs"),
            ports=() if self.composed else tuple(map(_port, self.list("appPort"))),
            init=data.get("init") is True,
            own_command=not data.get("overrideCommand", not self.composed),
            privileged=data.get("privileged") is True,
            cap_add=self.texts("capAdd"),
            security_opt=self.texts("securityOpt"),
            hooks={name: hook for name in HOOKS if (hook := _commands(data.get(name)))},
            features=tuple(data["features"]) if isinstance(data.get("features"), dict) else (),
        )

    def build(self) -> tuple[dict[str, str] | None, dict[str, str]]:
        said = self.data.get("build")
        said = said if isinstance(said, dict) else {}
        dockerfile = self.data.get("dockerFile") or said.get("dockerfile")
        if not isinstance(dockerfile, str):
            return None, {}
        context = self.data.get("context") or said.get("context") or "."
        made = {"context": self.absolute(str(context)), "dockerfile": self.absolute(dockerfile)}
        if isinstance(said.get("target"), str):
            made["target"] = said["target"]
        args = said.get("args")
        return made, {str(k): str(v) for k, v in args.items()} if isinstance(args, dict) else {}

    def compose_files(self) -> tuple[str, ...]:
        return tuple(self.absolute(each) for each in self.texts("dockerComposeFile"))

    def mounts(self) -> list[Mount]:
        stated = self.data.get("workspaceMount")
        found = []
        if isinstance(stated, str):
            found += [made] if (made := mount(stated)) else []
        elif not self.composed:
            found.append(Mount("bind", self.root, f"/workspaces/{posixpath.basename(self.root)}"))
        return found + [made for each in self.list("mounts") if (made := mount(each))]

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, path))

    def text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            raise InputError(f"`{self.path}`: `{key}` must be text")
        return value or None

    def list(self, key: str) -> list[Any]:
        value = self.data.get(key)
        return [] if value is None else value if isinstance(value, list) else [value]

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.list(key)
        if not all(isinstance(each, str) for each in values):
            raise InputError(f"`{self.path}`: `{key}` must be a list of texts")
        return tuple(values)

    def pairs(self, key: str) -> dict[str, str]:
        value = self.data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise InputError(f"`{self.path}`: `{key}` must map names to texts")
        return {name: str(said) for name, said in value.items() if said is not None}

    def filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return _VARIABLE.sub(self.variable, value)
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        return value

    def variable(self, match: re.Match[str]) -> str:
        name, *arguments = match[1].split(":")
        if name in ("env", "localEnv"):
            if not arguments:
                raise InputError(f"`{self.path}`: `{match[0]}` names no variable")
            value = self.system.env.get(arguments[0])
            return value if value is not None else arguments[1] if len(arguments) > 1 else ""
        known: dict[str, Callable[[], str]] = {
            "localWorkspaceFolder": lambda: self.root,
            "localWorkspaceFolderBasename": lambda: posixpath.basename(self.root),
            "containerWorkspaceFolder": lambda: self.inside,
            "containerWorkspaceFolderBasename": lambda: posixpath.basename(self.inside),
            "devcontainerId": lambda: container_id(self.root, self.path),
        }
        return known[name]() if name in known else match[0]


def container_id(root: str, path: str) -> str:
    """What `${devcontainerId}` stands for: a hash of the labels by which the container is found."""
    import json
    from hashlib import sha256

    labels = {"devcontainer.config_file": path, "devcontainer.local_folder": root}
    written = json.dumps(labels, separators=(",", ":"), ensure_ascii=False)
    number, digits = int.from_bytes(sha256(written.encode()).digest(), "big"), ""
    while number:
        number, digit = divmod(number, 32)
        digits = "0123456789abcdefghijklmnopqrstuv"[digit] + digits
    return digits.rjust(52, "0")


def mount(said: Any) -> Mount | None:
    """A mount as `docker run --mount` takes it, or the same as an object; None for other kinds."""
    if isinstance(said, str):
        fields = {key.strip(): value for key, _, value in (part.partition("=") for part in said.split(","))}
    else:
        fields = {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}
    source = fields.get("source") or fields.get("src") or ""
    target = fields.get("target") or fields.get("destination") or fields.get("dst") or ""
    kind = fields.get("type", "volume")
    read_only = any(fields.get(key, "no") in ("", "true", "1") for key in ("readonly", "ro"))
    if not target.startswith("/"):
        return None
    if kind == "bind":
        return Mount("bind", source, target, read_only)
    return Mount("volume", source, target, read_only) if kind == "volume" else None


def _commands(value: Any) -> tuple[tuple[str, ...], ...]:
    """A hook's commands: text for a shell, a list as it is, an object several that run side by side."""
    if isinstance(value, str) and value:
        return (("/bin/sh", "-c", value),)
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return (tuple(value),)
    if isinstance(value, dict):
        return tuple(command for each in value.values() for command in _commands(each))
    return ()


def _port(value: Any) -> str:
    return f"{value}:{value}" if isinstance(value, int) else str(value)
