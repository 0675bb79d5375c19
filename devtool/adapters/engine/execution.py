"""Programs in a container that runs: on our streams, or asked for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from devtool.adapters.engine.api import AbsentError, Api, said
from devtool.adapters.engine.lifeline import MARKER, guarded, keeper
from devtool.errors import DevtoolError, InputError
from devtool.model.carrying import Attachment, Call, Carried
from devtool.model.command import Answer
from devtool.system import System
from devtool.system.carrying.frames import Frames

_SIGKILL, _SIGPIPE = 9, 13
_STDERR = 2
_STATUS_SECONDS, _POLL_SECONDS = 5.0, 0.005
# The engine's own keys to leave a terminal begin with Ctrl-P, which every shell uses.
_NO_KEYS = "ctrl-@,ctrl-],ctrl-@"


class Execution(NamedTuple):
    """A program for a container."""

    argv: Sequence[str]
    user: str = ""
    """A name or `UID:GID`; the container's own where empty."""
    workdir: str = ""
    environment: Mapping[str, str] = {}
    terminal: bool = False
    """Give it a terminal; ours must be one."""
    input: bool = False
    """Give it our standard input."""
    leash: bool = False
    """End it as soon as nobody reads our output any more, though it says nothing."""


class Made(NamedTuple):
    """A program that the engine holds ready and has not begun."""

    exec_id: str
    attachment: Attachment


def execute(system: System, api: Api, container_id: str, execution: Execution) -> int:
    """Run the program on our streams and give its exit status, 128 and the signal's number if one ended us.

    Raises DevtoolError when the engine does not start it or goes away.
    """
    return perform(system, api, make(system, api, container_id, execution))


def make(system: System, api: Api, container_id: str, execution: Execution) -> Made:
    """Let the engine hold the program ready.

    Raises AbsentError where there is no such container, ConflictError where it does not run.
    """
    mark = f"{int(system.clock.now() * 1_000_000):x}"
    apart = execution.terminal or execution.input
    _refuse_bytes((*execution.argv, *execution.environment.values(), execution.workdir))
    argv = list(execution.argv) if apart else guarded(execution.argv, mark)
    exec_id = _create(api, container_id, execution, argv, {MARKER: mark}, attached=True)
    watch = Execution(keeper(mark), user="0")
    keeper_id = _create(api, container_id, watch, watch.argv, {}, attached=True) if apart else None
    attachment = Attachment(
        api.url,
        _start(exec_id, execution.terminal),
        terminal=execution.terminal,
        input=apart,
        leash=execution.leash,
        keeper=_start(keeper_id, terminal=False) if keeper_id else None,
        resize=f"/exec/{exec_id}/resize" if execution.terminal else "",
    )
    return Made(exec_id, attachment)


def perform(system: System, api: Api, made: Made) -> int:
    """Begin it on our streams and see it to its end. Raises DevtoolError."""
    carried = system.process.carry(made.attachment)
    if carried.outcome == "refused":
        raise DevtoolError(f"the Docker engine says: {said(carried.reason)}")
    status = _status(system, api, made.exec_id, carried)
    if carried.unwritten and carried.signal_number in (None, _SIGPIPE):
        raise DevtoolError(f"its output cannot be written: {carried.unwritten}")
    return status


def ask(
    system: System,
    api: Api,
    container_id: str,
    argv: Sequence[str],
    *,
    user: str = "0",
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """What a short command in the container answers. Raises DevtoolError when it cannot be started."""
    execution = Execution(argv, user, environment=environment or {})
    exec_id = _create(api, container_id, execution, argv, {}, attached=False)
    pieces = Frames().feed(api.exchange(_start(exec_id, terminal=False)))
    texts = [
        b"".join(content for number, content in pieces if (number == _STDERR) is wanted).decode(
            "utf-8", "replace"
        )
        for wanted in (False, True)
    ]
    status = _status(system, api, exec_id, Carried("ended"))
    return Answer(tuple(argv), "ended", status, texts[0], texts[1])


def _refuse_bytes(words: Sequence[str]) -> None:
    """Raises InputError for what the engine cannot be told: it would put other signs in place of these."""
    wrong = next((word for word in words if not _is_text(word)), None)
    if wrong is not None:
        raise InputError(f"`{ascii(wrong)[1:-1]}` is no UTF-8, and an engine takes nothing else")


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _create(
    api: Api,
    container_id: str,
    execution: Execution,
    argv: Sequence[str],
    more: Mapping[str, str],
    *,
    attached: bool,
) -> str:
    environment = {**execution.environment, **more}
    body = {
        "AttachStdin": attached,
        "AttachStdout": True,
        "AttachStderr": True,
        "Tty": execution.terminal,
        "DetachKeys": _NO_KEYS,
        "Cmd": list(argv),
        "User": execution.user,
        "Env": [f"{name}={value}" for name, value in environment.items()],
        **({"WorkingDir": execution.workdir} if execution.workdir else {}),
    }
    return str(api.post(f"/containers/{container_id}/exec", body)["Id"])


def _start(exec_id: str, terminal: bool) -> Call:
    return Call(f"/exec/{exec_id}/start", json.dumps({"Detach": False, "Tty": terminal}).encode())


def _status(system: System, api: Api, exec_id: str, carried: Carried) -> int:
    told = 128 + carried.signal_number if carried.signal_number else None
    try:
        code = _exit_code(system, api, exec_id)
    except AbsentError:
        code = None  # the container went, and all that ran in it
    except DevtoolError:
        if told is not None:
            return told
        raise
    if told is not None and (code is None or code == 128 + _SIGKILL):
        return told
    if code is None:
        raise DevtoolError(
            "the container has gone, and the program with it", "`devtool container ps` shows what runs"
        )
    return code


def _exit_code(system: System, api: Api, exec_id: str) -> int | None:
    """None when the engine never says that it ended."""
    deadline = system.clock.monotonic() + _STATUS_SECONDS
    while True:
        state = api.get(f"/exec/{exec_id}/json")
        if not state["Running"] and state["ExitCode"] is not None:
            return int(state["ExitCode"])
        if system.clock.monotonic() >= deadline:
            return None
        system.clock.sleep(_POLL_SECONDS)
