"""Working in the dev container: the command of a person there, as if it were here."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from devtool.adapters.engine.api import AbsentError, Api, ConflictError, connect
from devtool.adapters.engine.execution import Execution, Made, make, perform
from devtool.errors import DevtoolError, InputError
from devtool.system import System
from devtool.workflows.containers.entrances import Entrance, recall, remember

# What a program needs to know of the terminal it talks to.
_OF_TERMINALS = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE")


class Errand(NamedTuple):
    """A command for the dev container."""

    argv: Sequence[str]
    terminal: bool = True
    """Give it a terminal where we have one."""
    input: bool = False
    """Give it standard input."""
    user: str | None = None
    workdir: str | None = None
    variables: Sequence[str] = ()
    """`NAME=VALUE`; `NAME` alone takes ours."""
    service: str | None = None
    cache: str | None = None
    """The address of a storage that ccache is to share."""


def enter(system: System, errand: Errand) -> int:
    """Run it on our streams, and give its exit status. Raises DevtoolError, InputError."""
    given = _variables(system, errand.variables)
    api = connect(system)
    return perform(system, api, _made(system, api, errand, given))


def _made(system: System, api: Api, errand: Errand, given: Mapping[str, str]) -> Made:
    known = None if errand.service else recall(system)
    if known is not None:
        try:
            shared = _shared(system, api, errand, known)
            execution = _execution(system, errand, {**shared, **given}, known)
            return make(system, api, known.container_id, execution)
        except (AbsentError, ConflictError):  # stopped or renewed since
            pass
    found = find_entrance(system, api, errand.service)
    given = {**_shared(system, api, errand, found), **given}
    return make(system, api, found.container_id, _execution(system, errand, given, found))


def _execution(system: System, errand: Errand, given: Mapping[str, str], entrance: Entrance) -> Execution:
    terminal = errand.terminal and system.console.on_terminal
    told = {name: value for name in _OF_TERMINALS if (value := system.env.get(name))} if terminal else {}
    return Execution(
        errand.argv,
        user=entrance.user if errand.user is None else errand.user,
        workdir=errand.workdir or _inside(system, entrance),
        environment={**told, **(entrance.environment if errand.user is None else {}), **given},
        terminal=terminal,
        input=errand.input or terminal,
    )


def _shared(system: System, api: Api, errand: Errand, entrance: Entrance) -> Mapping[str, str]:
    """What lets ccache share what the command compiles; a line and nothing where the storage is silent."""
    if not errand.cache:
        return {}
    from devtool.model.container import Blueprint, Container, Person, Service
    from devtool.workflows.containers.sharing import inside, share

    uid, gid = map(int, entrance.user.split(":"))
    container = Container(entrance.container_id, "", "", "running")
    asker = inside(system, api, container, Person(uid, gid, "", "", entrance.environment))
    described = Blueprint(entrance.checkout, "", Service("", None), workspace=entrance.workspace)
    sharing = share(asker, described, errand.cache)
    if sharing.note:
        system.console.note(f"devtool: {sharing.note}")
    return sharing.environment


def find_entrance(system: System, api: Api, service: str | None = None) -> Entrance:
    """How to work in the dev container, read anew. Raises DevtoolError where it is not up."""
    from devtool.workflows.containers.configuring import Options, blueprint
    from devtool.workflows.containers.preparing import prepare
    from devtool.workflows.containers.raising import family, main

    described = blueprint(system, Options(service=service))
    container = main(family(system, api, described), described)
    if container is None or not container.running:
        state = f"is {container.state}" if container else "is not up"
        raise DevtoolError(f"the dev container of `{described.checkout}` {state}", "`devtool container up`")
    person = prepare(system, api, container, described)
    entrance = Entrance(
        checkout=described.checkout,
        container_id=container.id,
        user=f"{person.uid}:{person.gid}",
        workspace=described.workspace,
        environment={**person.environment, **described.remote_environment},
    )
    if not service:
        remember(system, entrance, described)
    return entrance


def _inside(system: System, entrance: Entrance) -> str:
    """The folder inside that is the one we are in; the checkout's where there is none."""
    here = system.files.real(system.cwd)
    below = posixpath.relpath(here, entrance.checkout)
    outside = below == ".." or below.startswith("../")
    return entrance.workspace if outside else posixpath.normpath(posixpath.join(entrance.workspace, below))


def _variables(system: System, given: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, stated, value = each.partition("=")
        if not name:
            raise InputError(
                f"`-e {each}` names no variable", "give `NAME=VALUE`, or `NAME` for your own value"
            )
        if not stated:
            if name not in system.env:
                continue  # as docker does
            value = system.env[name]
        found[name] = value
    return found
