"""Whose what is made in a container is to be, and what the engine is asked for that."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

import pytest

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import find_endpoint
from devtool.errors import DevtoolError
from devtool.model.carrying import Call
from devtool.model.container import Blueprint, Container, Mount, Person, Service
from devtool.system import System
from devtool.system.engine_call import Reply
from devtool.workflows.containers.preparing import cache_mounts, make_folders, prepare
from tests.support import FakeFiles, FakeMachine, FakeNetwork, FakeProcess, ended, fake_system

CHECKOUT, WORK = "/home/me/some", "/work"
CONTAINER = Container("abc", "some-dev", "image", "running")


@dataclass
class Engine(FakeNetwork):
    """One that has a container, and remembers what it was to run."""

    info: dict[str, object] = field(default_factory=dict)
    env: tuple[str, ...] = ()
    mounts: tuple[dict[str, object], ...] = ()
    said: str = "name=me\nhome=/home/me\n"
    status: int = 0
    ran: list[list[str]] = field(default_factory=list)

    def call_engine(self, url: str, method: str, request: Call, timeout_seconds: float) -> Reply | OSError:
        self.engine_calls.append((method, request.target))
        if request.target.endswith("/exec"):
            self.ran.append(json.loads(request.body)["Cmd"][4:])
            return reply({"Id": "e"})
        if request.target == "/exec/e/start":
            content = self.said.encode()
            return Reply(200, bytes([1, 0, 0, 0]) + len(content).to_bytes(4, "big") + content)
        answers = {
            "/info": self.info,
            "/exec/e/json": {"Running": False, "ExitCode": self.status},
            "/containers/abc/json": {"Config": {"Env": list(self.env)}, "Mounts": list(self.mounts)},
        }
        return reply(answers[request.target])


def reply(value: object) -> Reply:
    return Reply(200, json.dumps(value).encode())


def blueprint(*mounts: Mount) -> Blueprint:
    return Blueprint(CHECKOUT, "some", Service("dev", "image", mounts=mounts), workspace=WORK)


def system(engine: Engine | None = None, *, root: bool = False, owner: int = 1000, **more: object) -> System:
    files = FakeFiles({f"{CHECKOUT}/go.mod": "module example.com/some\n"}, owners={CHECKOUT: owner})
    made = fake_system(network=engine or Engine(), files=files, machine=FakeMachine(root=root), cwd=CHECKOUT)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of System


def prepared(system: System, described: Blueprint | None = None) -> Person:
    return prepare(system, Api(system, find_endpoint(system)), CONTAINER, described or blueprint())


@pytest.mark.parametrize(("root", "owner", "numbers"), [(False, 5, "1000"), (True, 5, "5"), (True, 0, "0")])
def test_a_person_is_themselves_and_root_the_owner_of_the_checkout(
    root: bool, owner: int, numbers: str
) -> None:
    engine = Engine()

    prepared(system(engine, root=root, owner=owner))

    assert engine.ran[0][:2] == [numbers, numbers]


@pytest.mark.parametrize(
    "info",
    [
        {"SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]},
        {"SecurityOptions": ["name=userns"]},
        {"OperatingSystem": "Docker Desktop"},
    ],
)
def test_where_the_engine_maps_users_root_inside_is_the_person(info: dict[str, object]) -> None:
    engine = Engine(info=info, said="name=root\nhome=/root\n")

    person = prepared(system(engine))

    assert (person.uid, person.gid, person.home) == (0, 0, "/root")
    assert engine.ran[0][:2] == ["0", "0"]


def test_desktop_on_macos_takes_the_persons_own_numbers() -> None:
    engine = Engine(info={"OperatingSystem": "Docker Desktop"})
    mac = FakeMachine(uname=("Darwin", "23.5.0", "arm64"), uid=501)

    assert prepared(system(engine, machine=mac)).uid == 501


@pytest.mark.parametrize(
    ("env", "name"), [({"USER": "me"}, "me"), ({"LOGNAME": "me"}, "me"), ({"USER": "Me Too"}, ""), ({}, "")]
)
def test_the_name_is_the_persons_where_it_can_be_one(env: dict[str, str], name: str) -> None:
    engine = Engine()

    prepared(system(engine, env={"HOME": "/home/me", **env}))

    assert engine.ran[0][2] == name


def test_folders_are_given_by_whose_they_are() -> None:
    mounts = (
        {"Type": "bind", "Source": CHECKOUT, "Destination": WORK, "RW": True},
        {"Type": "bind", "Source": f"{CHECKOUT}/.docker/x-ccache", "Destination": "/ccache", "RW": True},
        {"Type": "bind", "Source": f"/host_mnt{CHECKOUT}/a/b", "Destination": "/b", "RW": True},
        {"Type": "bind", "Source": "/data/go-mod", "Destination": "/go/pkg/mod", "RW": True},
        {"Type": "bind", "Source": "/home/me/.ssh", "Destination": "/root/.ssh", "RW": True},
        {"Type": "bind", "Source": f"{CHECKOUT}/etc", "Destination": "/etc/some", "RW": False},
        {
            "Type": "volume",
            "Name": "some-devtool-cargo",
            "Destination": "/var/cache/devtool/cargo",
            "RW": True,
        },
        {"Type": "volume", "Name": "some_data", "Destination": "/data", "RW": True},
        {"Type": "tmpfs", "Destination": "/tmp", "RW": True},
    )
    engine = Engine(mounts=mounts, env=("GOPATH=/go", "HOME=/srv"))

    prepared(system(engine))

    assert engine.ran[0][3:] == [
        "", "/srv", WORK, "/var/cache/devtool/cargo", "root:/ccache", f"top:{WORK}/.docker", "root:/b",
        f"top:{WORK}/a", "root:/go/pkg/mod", "all:/var/cache/devtool/cargo", "root:/data", "top:/go",
        "top:/go/pkg", "top:/go/bin",
    ]  # fmt: skip


def test_the_environment_says_only_what_nothing_else_decides() -> None:
    engine = Engine(
        env=("PATH=/bin", "HOME=/root", "CCACHE_DIR=/ccache", "GOCACHE=/root/.cache/go-build"),
        mounts=(
            {"Type": "volume", "Name": "some-devtool-go-build", "Destination": "/var/cache/devtool/go-build"},
            {"Type": "bind", "Source": f"{CHECKOUT}/.ccache", "Destination": "/ccache"},
        ),
        said="name=me\nhome=/home/me\nCARGO_HOME=/home/me/.cargo\n",
    )

    assert prepared(system(engine)).environment == {
        "HOME": "/home/me",
        "USER": "me",
        "GOCACHE": "/var/cache/devtool/go-build",
        "CARGO_HOME": "/home/me/.cargo",
    }


def test_what_was_done_once_is_not_asked_for_again_until_something_differs() -> None:
    engine = Engine()
    here = system(engine)

    first = prepared(here)
    asked = len(engine.engine_calls)
    again = prepared(here)

    assert again == first
    assert len(engine.engine_calls) == asked

    prepared(here, replace(blueprint(), workspace="/elsewhere"))

    assert len(engine.ran) == 2


def test_nothing_is_remembered_where_there_is_no_home() -> None:
    engine = Engine()
    homeless = system(engine, env={})

    assert prepared(homeless) == prepared(homeless)
    assert len(engine.ran) == 2


def test_a_container_without_a_shell_is_named() -> None:
    engine = Engine(status=127, said='exec: "/bin/sh": stat /bin/sh: no such file or directory\n')

    with pytest.raises(DevtoolError) as raised:
        prepared(system(engine))

    assert raised.value.message == (
        'cannot prepare the container `some-dev`: exec: "/bin/sh": stat /bin/sh: no such file or directory'
    )


def test_what_the_person_cannot_write_to_is_told() -> None:
    here = system(Engine(said="name=me\nhome=/home/me\nclosed=/data\n"))

    prepared(here)

    assert here.console.notes == ["devtool: user 1000 cannot write to `/data` in `some-dev`"]  # type: ignore[attr-defined]


def test_folders_for_mounts_are_made_before_the_engine_makes_them_as_root() -> None:
    described = blueprint(
        Mount("bind", CHECKOUT, WORK),
        Mount("bind", f"{CHECKOUT}/.docker/amd64-ubuntu22.04-ccache", "/ccache"),
        Mount("bind", f"{CHECKOUT}/settings.yaml", "/etc/settings.yaml"),
        Mount("volume", "data", "/data"),
    )
    here = system(process=FakeProcess())

    make_folders(here, described)

    assert here.files.kind(f"{CHECKOUT}/.docker/amd64-ubuntu22.04-ccache") == "folder"
    assert here.files.kind(f"{CHECKOUT}/settings.yaml") is None


def test_root_makes_them_for_the_owner_of_the_checkout() -> None:
    folder = f"{CHECKOUT}/.docker/ccache"
    process = FakeProcess({f"chown 5:5 {folder} {CHECKOUT}/.docker": ended()})

    make_folders(system(root=True, owner=5, process=process), blueprint(Mount("bind", folder, "/ccache")))

    process.assert_used()


def test_a_checkout_that_states_nothing_gets_the_caches_of_its_files() -> None:
    assert [mount.source for mount in cache_mounts(system(), blueprint())] == [
        "some-devtool-go-build",
        "some-devtool-go-mod",
    ]
