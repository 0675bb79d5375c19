"""What the last `up` left behind, and when it counts no more."""

from __future__ import annotations

import pytest

from devtool.system import System
from devtool.workflows.containers.entrances import Entrance, remember
from devtool.workflows.containers.standing import mark, marked, settle, standing
from tests.support import FakeFiles, FakeNetwork, fake_system
from tests.support.containers import BLUEPRINT, answer, container


def running(status: str = "running") -> FakeNetwork:
    facts = {"State": {"Status": status}, "Name": "/milvus-builder-1"}
    return FakeNetwork(engine={"GET /containers/builder-id/json": [answer(facts)]})


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles({"/checkout/docker-compose.yml": "services: {}\n"}, folders=("/checkout/.git",))


def settled(files: FakeFiles, network: FakeNetwork) -> System:
    system = fake_system(files=files, network=network)
    remember(system, Entrance("/checkout", "builder-id", "0:0", "/go/src/milvus", {}), BLUEPRINT)
    settle(system, BLUEPRINT, container())
    return system


def test_what_stands_unchanged_costs_one_question(files: FakeFiles) -> None:
    network = running()
    system = settled(files, network)

    assert standing(system) == "milvus-builder-1"
    assert network.engine_calls == [("GET", "/containers/builder-id/json")]


def test_one_that_has_stopped_is_looked_into(files: FakeFiles) -> None:
    assert standing(settled(files, running("exited"))) is None


def test_one_that_is_gone_is_looked_into(files: FakeFiles) -> None:
    gone = FakeNetwork(
        engine={"GET /containers/builder-id/json": [answer({"message": "No such container"}, 404)]}
    )

    assert standing(settled(files, gone)) is None


def test_a_changed_file_is_looked_into(files: FakeFiles) -> None:
    system = settled(files, running())

    system.files.write("/checkout/docker-compose.yml", b"services: {builder: {}}\n")

    assert standing(system) is None


def test_one_that_is_older_than_the_checkout_is_not_noted(files: FakeFiles) -> None:
    system = fake_system(files=files, network=running())
    remember(system, Entrance("/checkout", "builder-id", "0:0", "/go/src/milvus", {}), BLUEPRINT)

    settle(system, BLUEPRINT, container(image="sha256:" + "0" * 64))

    assert standing(system) is None


def test_a_way_in_that_was_found_anew_does_not_count(files: FakeFiles) -> None:
    system = settled(files, running())

    mark(system, "/checkout", "builder-id", "an older way")

    assert marked(system, "/checkout") == "builder-id"
    assert standing(system) is None
