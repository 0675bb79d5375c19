"""What a `devcontainer.json` wants run in its container: each once, whoever comes first.

The `devcontainer` command notes in `~/.devcontainer/.NAMEMarker` for which creation, or which start, it ran
one (https://github.com/devcontainers/cli, `injectHeadless.ts`); by the same notes nobody runs it twice.
"""

from __future__ import annotations

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.execution import Execution, ask, execute
from devtool.errors import DevtoolError
from devtool.model.container import Blueprint, Container, Person
from devtool.system import System

ON_HOST = "initializeCommand"
ONCE = ("onCreateCommand", "updateContentCommand", "postCreateCommand")
EACH_START = "postStartCommand"
_NOTE = """mkdir -p "$1" || exit 2
seen="$(cat "$1/.$2Marker" 2>/dev/null || echo ENOENT)"
[ "${seen:-$3}" != "$3" ] && printf '%s\\n' "$3" >"$1/.$2Marker\""""


def run_hooks(system: System, api: Api, container: Container, blueprint: Blueprint, person: Person) -> None:
    """Run what is due in the container, up to the first that fails. Raises DevtoolError for that."""
    due = [name for name in (*ONCE, EACH_START) if blueprint.hooks.get(name)]
    if not due:
        return
    facts = api.inspect(container.id)
    for name in due:
        moment = str(facts["State"]["StartedAt"] if name == EACH_START else facts["Created"])
        noting = ["/bin/sh", "-c", _NOTE, "note", f"{person.home}/.devcontainer", name, moment]
        if ask(system, api, container.id, noting, user=f"{person.uid}:{person.gid}").status != 0:
            continue
        for argv in blueprint.hooks[name]:
            _run(system, api, container, blueprint, person, name, argv)


def run_on_host(system: System, blueprint: Blueprint) -> None:
    """Run the `initializeCommand` on this machine. Raises DevtoolError when it fails."""
    for argv in blueprint.hooks.get(ON_HOST, ()):
        system.console.note(f"`{ON_HOST}`: {' '.join(argv)}")
        answer = system.process.run(argv, timeout_seconds=None, cwd=blueprint.checkout)
        if not answer.ok:
            from devtool.workflows.containers.refusals import refused

            raise refused(system, f"run `{ON_HOST}`", answer)


def note_host_command(system: System, blueprint: Blueprint) -> None:
    """Tell that the `initializeCommand` was left alone."""
    if blueprint.hooks.get(ON_HOST):
        said = " ".join(word for argv in blueprint.hooks[ON_HOST] for word in argv[-1:])
        system.console.note(f"`{ON_HOST}` (`{said}`) is not run on this machine; `--initialize` runs it")


def _run(
    system: System,
    api: Api,
    container: Container,
    blueprint: Blueprint,
    person: Person,
    name: str,
    argv: tuple[str, ...],
) -> None:
    system.console.note(f"`{name}`: {argv[-1] if argv[:1] == ('/bin/sh',) else ' '.join(argv)}")
    execution = Execution(
        argv,
        user=f"{person.uid}:{person.gid}",
        workdir=blueprint.workspace,
        environment={**person.environment, **blueprint.remote_environment},
    )
    status = execute(system, api, container.id, execution)
    if status != 0:
        raise DevtoolError(
            f"`{name}` left with {status} in `{container.name}`, which is up",
            "look inside with `devtool container shell`; `devtool container up --recreate` starts afresh",
        )
