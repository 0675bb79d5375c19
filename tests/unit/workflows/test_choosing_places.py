"""Where a build runs, what it has there, and what must hold before it begins."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import Endpoint
from devtool.model.build import Place
from devtool.model.container import Blueprint, Container, Mount, Service
from devtool.model.host import GIB, Host
from devtool.model.report import Report
from devtool.system import System
from devtool.system.engine_call import Reply
from devtool.workflows.building.gates import examine_gates
from devtool.workflows.building.ground import Ground, choose, room
from devtool.workflows.building.jobs import Room
from devtool.workflows.synchronising.placing import placed
from tests.support import FakeFiles, FakeNetwork, FakeProcess, fake_system
from tests.support.samples import LINUX, MILVUS, host

IMAGE = "milvusdb/milvus-env:ubuntu22.04-1"
ENGINE = {
    "ServerVersion": "27.1",
    "MemTotal": 8 * GIB,
    "NCPU": 6,
    "Architecture": "x86_64",
    "DockerRootDir": "/var/lib/docker",
    "OperatingSystem": "Debian GNU/Linux 12",
}
UP = Container("c0ffee", "milvus_builder_1", IMAGE, "running")
CONTAINERS, MACHINES = "memory that the container may take", "memory by this machine's limit"
BUILDER, INSIDE = Place("builder", "`--in`"), Place("devcontainer", "it is up")


def blueprint(**service: Any) -> Blueprint:
    return Blueprint("/checkout", "milvus", Service("builder", IMAGE, **service), workspace="/work")


MOUNTED = blueprint(mounts=(Mount("bind", "/checkout", "/work"),))


def ground(
    system: System, container: Container | None = None, limit: int | None = None, **service: Any
) -> Ground:
    api = Api(system, Endpoint("unix:///var/run/docker.sock", "the default"))
    return Ground(blueprint(**service), "", api, ENGINE, "", container, limit)


def engine(image: dict[str, Any] | None = None, free: int = 500 * GIB) -> System:
    """A machine whose engine has this image, or none."""
    reply = Reply(200, json.dumps(image).encode()) if image else Reply(404, b'{"message": "No such image"}')
    network = FakeNetwork(engine={f"GET /images/{IMAGE.replace(':', '%3A')}/json": [reply]})
    files = FakeFiles(folders=("/var/lib/docker",))
    files.free = free
    return fake_system(network=network, files=files)


def examined(
    system: System, place: Place = BUILDER, of: Host = LINUX, memory: int = 16 * GIB, **more: Any
) -> Report:
    built = more.pop("built", False)
    return examine_gates(
        system, ground(system, **more), place, Room(8, memory, "the engine's memory"), of, MILVUS, built=built
    )


def said(report: Report) -> dict[str, str]:
    return {each.id: each.severity for each in report.findings}


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (Ground(undescribed="nothing is described"), Place("local", "nothing is described")),
        (Ground(blueprint(), silence="no Docker engine runs"), Place("local", "no Docker engine runs")),
        (Ground(blueprint(), engine=ENGINE, container=UP), Place("devcontainer", "it is up")),
        (
            Ground(blueprint(), engine=ENGINE, container=replace(UP, state="exited")),
            Place("builder", "a Docker engine answers, and the dev container is not up"),
        ),
    ],
)
def test_the_place_is_chosen_by_what_is_there_and_said_why(there: Ground, expected: Place) -> None:
    assert choose(there, None) == expected
    assert choose(there, "builder") == Place("builder", "`--in`")


@pytest.mark.parametrize(
    ("place", "of", "there", "expected"),
    [
        (Place("local", ""), host(), {}, Room(8, 16 * GIB, "memory")),
        (Place("local", ""), host(cpu_limit=2.5, memory_limit_bytes=4 * GIB), {}, Room(2, 4 * GIB, "memory")),
        (BUILDER, host(), {}, Room(6, 8 * GIB, "the engine's memory")),
        (BUILDER, host(), {"memory_bytes": 3 * GIB}, Room(6, 3 * GIB, CONTAINERS)),
        (INSIDE, host(), {"container": UP, "limit": 2 * GIB}, Room(6, 2 * GIB, CONTAINERS)),
        (BUILDER, host(memory_bytes=8 * GIB, memory_limit_bytes=GIB), {}, Room(6, GIB, MACHINES)),
    ],
)  # fmt: skip
def test_the_least_of_all_limits_counts(
    place: Place, of: Host, there: dict[str, Any], expected: Room
) -> None:
    found = Ground() if place.name == "local" else ground(fake_system(), **there)

    assert room(found, place, of) == expected


def test_a_healthy_engine_lets_the_build_through() -> None:
    report = examined(engine({"Os": "linux", "Architecture": "amd64"}))

    assert said(report) == dict.fromkeys(
        ("docker-daemon", "docker-memory", "docker-disk", "docker-image", "docker-platform"), "ok"
    )


def test_a_container_that_is_up_is_not_asked_for_its_image() -> None:
    report = examined(engine(), INSIDE, container=UP)

    assert {"docker-image", "docker-platform", "docker-credentials"} & set(said(report)) == set()


def test_without_an_engine_the_gate_is_closed_with_a_cure() -> None:
    system = fake_system()
    silent = Ground(blueprint(), silence="no Docker engine runs at `unix:///x` (the default)")

    report = examine_gates(system, silent, BUILDER, Room(8, None), LINUX, MILVUS, built=False)

    assert said(report)["docker-daemon"] == "failure"
    assert "--in local" in report.ordered[0].remedies[0].summary


def test_an_absent_image_brings_the_credentials_in() -> None:
    report = examined(engine())

    assert said(report)["docker-image"] == "warning"
    assert "docker-credentials" in said(report)


@pytest.mark.parametrize(
    ("made", "asked", "severity"),
    [
        ("amd64", "linux/amd64", "ok"),
        ("amd64", None, "ok"),
        ("arm64", "linux/arm64", "warning"),
        ("arm64", "linux/amd64", "failure"),
    ],
)
def test_image_wish_and_engine_are_held_against_each_other(
    made: str, asked: str | None, severity: str
) -> None:
    report = examined(engine({"Os": "linux", "Architecture": made}), platform=asked)

    assert said(report)["docker-platform"] == severity


@pytest.mark.parametrize(("memory", "severity"), [(GIB, "failure"), (4 * GIB, "ok"), (int(1.9 * GIB), "ok")])
def test_memory_for_one_compiler_is_enough_to_begin(memory: int, severity: str) -> None:
    report = examined(engine({"Architecture": "amd64"}), memory=memory)

    assert said(report)["docker-memory"] == severity


@pytest.mark.parametrize(("free", "severity"), [(GIB, "failure"), (5 * GIB, "warning"), (50 * GIB, "ok")])
def test_the_engines_own_disk_counts_where_it_can_be_seen(free: int, severity: str) -> None:
    report = examined(engine({"Architecture": "amd64"}, free))

    assert said(report)["docker-disk"] == severity


def test_the_disk_of_an_engine_in_a_virtual_machine_cannot_be_seen() -> None:
    report = examined(engine({"Architecture": "amd64"}, GIB), of=host(os="macos"))

    assert said(report)["docker-disk"] == "skipped"


def test_on_another_machine_the_disk_of_this_one_is_no_gate() -> None:
    system = engine({"Architecture": "amd64"}, GIB)
    far = Endpoint("unix:///way.sock", "the way", stands_for="ssh://far")
    there = replace(ground(system), api=Api(system, far))
    there = replace(there, blueprint=placed(replace(system, env={"DOCKER_HOST": "ssh://far"}), MOUNTED))

    report = examine_gates(
        system, there, BUILDER, Room(8, 16 * GIB, "the engine's memory"), LINUX, MILVUS, built=False
    )

    assert said(report)["docker-disk"] == "skipped"
    assert "disk" not in said(report)


@pytest.mark.parametrize(
    ("built", "free", "severity"), [(False, 20, "failure"), (True, 20, "warning"), (True, 1, "failure")]
)
def test_a_checkout_that_was_built_before_takes_less_disk(built: bool, free: int, severity: str) -> None:
    system, needs = engine({"Architecture": "amd64"}), replace(MILVUS, disk_bytes=50 * GIB)
    of = host(disk_free_bytes=free * GIB)

    report = examine_gates(system, ground(system), BUILDER, Room(8, 16 * GIB), of, needs, built=built)

    assert said(report)["disk"] == severity


def test_here_little_memory_means_few_jobs_and_no_closed_gate() -> None:
    needs, of = replace(MILVUS, memory_bytes=8 * GIB), host(memory_bytes=4 * GIB)
    system = fake_system(process=FakeProcess(programs={}))
    room_here = Room(8, 4 * GIB, "memory")

    report = examine_gates(system, Ground(), Place("local", ""), room_here, of, needs, built=False)

    assert said(report)["memory"] == "warning"
    assert "conan" in said(report)
