"""What an engine answers, and what it means when it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devtool.adapters.engine.api import AbsentError, Api, ConflictError
from devtool.adapters.engine.endpoint import Endpoint
from devtool.adapters.engine.execution import Execution, execute
from devtool.errors import DevtoolError
from devtool.model.carrying import Carried
from devtool.system.engine_call import Reply
from tests.support import fake_system
from tests.support.machine import FakeNetwork
from tests.support.process import FakeProcess

HERE = Endpoint("unix:///run/docker.sock", "the default")
SIGINT, SIGKILL = 2, 9


def reply(body: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode())


def api(**answers: Reply | OSError) -> Api:
    network = FakeNetwork(engine={name: [answer] for name, answer in answers.items()})
    return Api(fake_system(network=network), HERE)


def asked(answer: Reply | OSError) -> Api:
    return api(**{"GET /x": answer})


def test_an_answer_is_what_the_engine_said() -> None:
    assert asked(reply({"a": 1})).get("/x") == {"a": 1}


@pytest.mark.parametrize(
    ("status", "kind"), [(404, AbsentError), (409, ConflictError), (500, DevtoolError), (400, DevtoolError)]
)
def test_a_refusal_is_told_in_the_engines_words(status: int, kind: type[DevtoolError]) -> None:
    with pytest.raises(kind, match="the Docker engine says: no such thing, sorry") as caught:
        asked(reply({"message": "no such\nthing, sorry"}, status)).get("/x")

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file"), "no Docker engine runs at `unix:///run/docker.sock`"),
        (ConnectionRefusedError(111, "Connection refused"), "no Docker engine runs"),
        (PermissionError(13, "Permission denied"), "you may not use the Docker engine"),
        (TimeoutError("timed out"), "does not answer: timed out"),
    ],
)
def test_silence_says_why_and_what_to_do(error: OSError, said: str) -> None:
    with pytest.raises(DevtoolError, match=said) as caught:
        asked(error).get("/x")

    assert "devtool doctor --only docker-" in (caught.value.hint or "")


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(DevtoolError, match="cannot read what the Docker engine"):
        asked(Reply(200, b"<html>")).get("/x")


def execution(carried: Carried, *states: Reply | OSError) -> int:
    """The exit status of a program that came to this."""
    network = FakeNetwork(
        engine={"POST /containers/c/exec": [reply({"Id": "e"}, 201)], "GET /exec/e/json": list(states)}
    )
    system = fake_system(process=FakeProcess(carried=[carried]), network=network)
    return execute(system, Api(system, HERE), "c", Execution(["true"]))


def state(code: int | None, running: bool = False) -> Reply:
    return reply({"Running": running, "ExitCode": code})


def test_the_status_is_waited_for_until_the_engine_has_it() -> None:
    assert execution(Carried("ended"), state(None, running=True), state(None, running=True), state(7)) == 7


def test_a_signal_of_ours_that_killed_it_is_the_status() -> None:
    assert (
        execution(Carried("ended", signal_number=SIGINT, killed=True), state(128 + SIGKILL)) == 128 + SIGINT
    )


def test_a_program_that_ends_well_after_our_signal_keeps_its_status() -> None:
    assert execution(Carried("ended", signal_number=SIGINT), state(3)) == 3


def test_an_engine_that_went_away_is_never_a_success() -> None:
    with pytest.raises(DevtoolError, match="no Docker engine runs"):
        execution(Carried("ended"), ConnectionRefusedError(111, "Connection refused"))


def test_an_engine_that_went_away_after_our_signal_leaves_the_signals_status() -> None:
    gone = ConnectionRefusedError(111, "Connection refused")

    assert execution(Carried("ended", signal_number=SIGINT), gone) == 128 + SIGINT


def test_a_container_that_went_is_told() -> None:
    with pytest.raises(DevtoolError, match="the container has gone"):
        execution(Carried("ended"), reply({"message": "no such exec"}, 404))


def test_what_the_engine_does_not_start_is_told_in_its_words() -> None:
    with pytest.raises(DevtoolError, match="the Docker engine says: unable to find user x"):
        execution(Carried("refused", '{"message": "unable to find user x"}'))
