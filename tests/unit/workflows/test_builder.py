"""The container for one build: how it is made, and what is done about one that stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import Endpoint
from devtool.errors import DevtoolError
from devtool.model.container import Blueprint, Mount, Service
from devtool.system import System
from devtool.system.engine_call import Reply
from devtool.workflows.building.builder import BUILDER, builder, sweep
from tests.support import FakeClock, FakeNetwork, FakeProcess, ended, fake_system

LIST = (
    "GET /containers/json?all=1&filters="
    "%7B%22label%22%3A%20%5B%22io.github.devtool.builder%3D/checkout%22%5D%7D"
)
RUN = (
    "docker run --rm --interactive --init --pull never --name milvus-build-0 --log-driver none --user 0"
    " --workdir / --entrypoint /bin/sh --label io.github.devtool.builder=/checkout --env CC=gcc"
    " --mount type=bind,source=/checkout,target=/work"
    " --mount type=volume,source=cache,target=/ccache,readonly --platform linux/amd64 --shm-size 2147483648"
    " --memory 1073741824 --cpus 3 milvusdb/milvus-env:1"
    " -c echo ready; while read -r line; do :; done"
)


class Line:
    """A client of docker's that says this, and is ended."""

    def __init__(self, said: bytes, failure: str = "") -> None:
        self._said, self._failure = said, failure
        self.closed = False

    def read_line(self) -> bytes:
        return self._said

    def pieces(self) -> list[bytes]:
        if self._failure:
            raise DevtoolError(self._failure)
        return []

    def close(self) -> None:
        self.closed = True


class Process(FakeProcess):
    line: Line
    started: str = ""

    def converse(self, argv: Any, **_: Any) -> Any:
        self.started = " ".join(argv)
        return self.line


def blueprint() -> Blueprint:
    service = Service(
        "builder",
        "milvusdb/milvus-env:1",
        platform="linux/amd64",
        environment={"CC": "gcc"},
        mounts=(Mount("bind", "/checkout", "/work"),),
        shm_bytes=2 * 1024**3,
        memory_bytes=1024**3,
    )
    return Blueprint("/checkout", "milvus", service, workspace="/work")


def machine(process: FakeProcess, **answers: Any) -> tuple[System, Api]:
    told = {LIST: [Reply(200, b"[]")], **answers}
    clock = FakeClock()
    clock.time = 0.0
    system = fake_system(process=process, network=FakeNetwork(engine=told), clock=clock)
    return system, Api(system, Endpoint("unix:///var/run/docker.sock", "the default"))


def test_it_is_made_as_the_service_says_and_ends_with_our_line() -> None:
    process = Process()
    process.line = Line(b"ready\n")
    there = Reply(200, json.dumps({"Id": "c0ffee", "State": {"Status": "running"}}).encode())
    answers = {"GET /containers/milvus-build-0/json": [there, Reply(404, b"{}")]}
    system, api = machine(process, **answers)

    caches = (Mount("volume", "cache", "/ccache", read_only=True),)
    with builder(system, api, blueprint(), caches, cpus=3) as made:
        assert (made.id, made.name, process.line.closed) == ("c0ffee", "milvus-build-0", False)

    assert process.started == RUN
    assert process.line.closed


def test_one_that_cannot_be_made_says_why_in_dockers_words() -> None:
    process = Process()
    process.line = Line(b"", "`docker` exited with status 125: invalid mount config")
    system, api = machine(process, **{"GET /containers/milvus-build-0/json": [Reply(404, b"{}")]})

    with pytest.raises(DevtoolError, match="invalid mount config"), builder(system, api, blueprint(), ()):
        pass

    assert process.line.closed


@pytest.mark.parametrize(
    ("state", "age", "removed"),
    [("created", 300, True), ("exited", 300, True), ("created", 5, False), ("running", 300, False)],
)
def test_what_an_earlier_build_left_goes_unless_it_lives_or_is_just_beginning(
    state: str, age: int, removed: bool
) -> None:
    left = {"Id": "old", "Names": ["/x"], "Image": "i", "State": state, "Labels": {BUILDER: "/checkout"}}
    answers = {"docker rm --force --volumes old": ended()} if removed else {}
    process = FakeProcess(answers=answers)
    system, api = machine(process, **{LIST: [Reply(200, json.dumps([{**left, "Created": -age}]).encode())]})

    sweep(system, api, "/checkout")

    process.assert_used()
