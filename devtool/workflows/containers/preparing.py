"""Who works inside a dev container, and what they find there: a name, a home, caches that are theirs.

What a person builds in a container lies in their checkout, so it is to belong to them and to nobody else.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from devtool.adapters import caches
from devtool.adapters.engine.api import Api
from devtool.adapters.engine.execution import ask
from devtool.errors import DevtoolError
from devtool.model.command import Answer
from devtool.model.container import Blueprint, Container, Mount, Person
from devtool.system import System
from devtool.system.resources import resource
from devtool.workflows.containers.known_persons import recall, remember
from devtool.workflows.containers.own_folder import alone
from devtool.workflows.known_needs import known_needs

_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
# What people mount as a file; made beforehand as a folder, it would be one forever.
_FILE = re.compile(r"\.(?:ya?ml|json|toml|conf|cfg|ini|sock|sh|env|pem|crt|key|txt|list|repo|xml|gitconfig)$")
_OTHERS_SECONDS = 600.0
"""To give somebody a cache that was another's takes a while."""
_DESKTOP_SHARE = "/host_mnt"


@dataclass(frozen=True)
class _Owner:
    uid: int
    gid: int
    name: str


def prepare(system: System, api: Api, container: Container, blueprint: Blueprint) -> Person:
    """The person that the container has room for, made now where it is not yet.

    Raises DevtoolError where the container has no shell or the engine does not answer.
    """
    owner = _owner(system, blueprint.checkout)
    asked = sha256(json.dumps([asdict(owner), asdict(blueprint), _script()]).encode()).hexdigest()
    known = recall(system, blueprint.checkout, container.id, asked)
    if known is not None:
        return known
    # Two would enter the same user twice; whoever was here before has done it for us too.
    with alone(system, blueprint.checkout, "persons", _OTHERS_SECONDS):
        person = recall(system, blueprint.checkout, container.id, asked)
        if person is None:
            person = _make_room(system, api, container, blueprint, owner)
            remember(system, blueprint.checkout, container.id, asked, person)
    return person


def cache_mounts(system: System, blueprint: Blueprint) -> tuple[Mount, ...]:
    """Volumes of ours for the caches that this project needs and its own files do not mount."""
    needs = known_needs(replace(system, cwd=blueprint.checkout))
    files = () if needs.requirements else system.files.names(blueprint.checkout)
    wanted = caches.wanted(needs, files, blueprint.service.environment)
    return caches.missing(wanted, blueprint.service, blueprint.project)


def make_folders(system: System, blueprint: Blueprint) -> None:
    """Make the folders that the service mounts, as the person: the engine would make them as root."""
    owner = _owner(system, blueprint.checkout)
    for mount in blueprint.service.mounts:
        source = mount.source
        if mount.kind != "bind" or system.files.kind(source) is not None or _FILE.search(source):
            continue
        missing = list(_missing(system, source))
        system.files.make_folder(source)
        if system.machine.is_root() and owner.uid != 0:
            system.process.run(["chown", f"{owner.uid}:{owner.gid}", *missing], cwd="/")


def _missing(system: System, path: str) -> Iterator[str]:
    while system.files.kind(path) is None:
        yield path
        path = posixpath.dirname(path)


def _owner(system: System, checkout: str) -> _Owner:
    """Whose the files in the checkout are to be: the person's; root works for the checkout's owner."""
    if not system.machine.is_root():
        name = system.env.get("USER") or system.env.get("LOGNAME") or ""
        known = name if _NAME.fullmatch(name) and name != "root" else ""
        return _Owner(system.machine.user_id(), system.machine.group_id(), known)
    return _Owner(system.files.owner_id(checkout) or 0, system.files.group_id(checkout) or 0, "")


def _make_room(system: System, api: Api, container: Container, blueprint: Blueprint, owner: _Owner) -> Person:
    if owner.uid != 0 and _maps_users(system, api):
        owner = _Owner(0, 0, "root")
    facts = api.inspect(container.id)
    decided = _variables(facts["Config"].get("Env") or ())
    mounts = [each for each in facts.get("Mounts") or () if each.get("RW", True)]
    targets = [str(each["Destination"]) for each in mounts]
    if owner.uid != 0:
        decided = {k: v for k, v in decided.items() if not _is_closed(v, targets)}
    remote = blueprint.remote_user if blueprint.remote_user != "root" else None
    cargo = next((each for each in targets if caches.CARGO.own_place == each), "")
    folders = _folders(blueprint, mounts, decided) if owner.uid != 0 else []
    argv = ["/bin/sh", "-c", _script(), "person", str(owner.uid), str(owner.gid), owner.name, remote or ""]
    answer = ask(
        system,
        api,
        container.id,
        [*argv, decided.get("HOME", ""), blueprint.workspace, cargo, *folders],
        user="0",
    )
    if answer.status != 0:
        raise DevtoolError(
            f"cannot prepare the container `{container.name}`: {_last_line(answer)}",
            "it must have `/bin/sh`; `docker logs` shows what became of it",
        )
    said = _variables(answer.stdout.splitlines())
    for path in _values(answer.stdout, "closed"):
        system.console.note(f"devtool: user {owner.uid} cannot write to `{path}` in `{container.name}`")
    name, home = said.get("name", str(owner.uid)), said.get("home", "/")
    return Person(owner.uid, owner.gid, name, home, _environment(said, decided, targets, name, home))


def _maps_users(system: System, api: Api) -> bool:
    """Whether root inside is the person outside: engines without root, `userns-remap`, Desktop on Linux."""
    info = api.get("/info")
    options = {
        word
        for option in info.get("SecurityOptions") or ()
        for word in str(option).split(",")
        if word.startswith("name=")
    }
    desktop = info.get("OperatingSystem") == "Docker Desktop" and system.machine.kernel()[0] == "Linux"
    return desktop or bool(options & {"name=rootless", "name=userns"})


def _folders(blueprint: Blueprint, mounts: list[Any], decided: Mapping[str, str]) -> list[str]:
    """What is to be the person's inside, as the script takes it."""
    folders: list[str] = []
    for mount in mounts:
        target = str(mount["Destination"])
        if mount.get("Type") == "volume":
            ours = caches.is_ours(blueprint.project, str(mount.get("Name")))
            folders.append(f"{'all' if ours else 'root'}:{target}")
        elif mount.get("Type") == "bind":
            folders += _bound(blueprint, str(mount["Source"]), target, decided)
    gopath = decided.get("GOPATH", "").split(":")[0]
    if gopath.startswith("/"):
        # Go keeps more than modules there: the sums of those it has seen lie beside them.
        folders += [f"top:{gopath}{below}" for below in ("", "/pkg", "/bin")]
    return list(dict.fromkeys(folders))


def _bound(blueprint: Blueprint, source: str, target: str, decided: Mapping[str, str]) -> list[str]:
    source = source.removeprefix(_DESKTOP_SHARE)
    within = caches.covers(blueprint.checkout, source) and source != blueprint.checkout
    if not within:
        return [f"root:{target}"] if any(each.is_at(target, decided) for each in caches.CACHES) else []
    folders = [f"root:{target}"]
    above = posixpath.dirname(posixpath.relpath(source, blueprint.checkout))
    while above:
        folders.append(f"top:{posixpath.join(blueprint.workspace, above)}")
        above = posixpath.dirname(above)
    return folders


def _environment(
    said: Mapping[str, str], decided: Mapping[str, str], targets: list[str], name: str, home: str
) -> dict[str, str]:
    found = {"HOME": home, "USER": name, **caches.environment(targets, decided)}
    found |= {key: said[key] for key in ("CARGO_HOME", "RUSTUP_HOME") if key in said}
    return {key: value for key, value in found.items() if decided.get(key) != value}


def _is_closed(value: str, targets: list[str]) -> bool:
    """Whether it is a place in root's home that is nobody else's."""
    mounted = any(caches.covers(target, value) for target in targets)
    return caches.covers("/root", value) and not mounted


def _variables(lines: Any) -> dict[str, str]:
    return {name: value for name, _, value in (str(line).partition("=") for line in lines)}


def _values(text: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def _last_line(answer: Answer) -> str:
    lines = answer.output.strip().splitlines()
    return lines[-1] if lines else f"status {answer.status}"


@lru_cache
def _script() -> str:
    text = resource("inside/person.sh")
    assert text is not None, "the package carries its scripts"
    return text
