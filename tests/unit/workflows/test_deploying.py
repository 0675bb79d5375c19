"""Deployments on fakes: what is remembered, what is believed, what is ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from devtool.adapters.environments import environment_path
from devtool.adapters.milvus.embedded import PORTS
from devtool.errors import DevtoolError, InputError, UnreadableError
from devtool.model.host import Host
from devtool.system import System
from devtool.system.network import HttpAnswer, Listener
from devtool.workflows import deploying
from tests.support import FakeClock, FakeConsole, FakeFiles, FakeNetwork, FakeProcess, ended, fake_system
from tests.support.milvus import healthy, starting, version_reply

STATE = "/home/me/.local/state/devtool/deploy/default"
DATA = "/home/me/.local/share/devtool/milvus/default"
RECORD = f"{STATE}/deployment.json"
LOG = f"{STATE}/server.log"
TAIL = f"tail -n 400 {LOG}"
PROGRAM = f"{environment_path(fake_system(), 'milvus-server', '>=3.8', ('milvus==2.3.5',))}.unpacked"
HOST = Host(
    os="linux", distribution="debian", version="12", kernel="6.1", architecture="x86_64", translated=False,
    wsl=None, container=None, cpus=8, cpu_limit=None, memory_bytes=None, memory_limit_bytes=None,
    disk_path="/", disk_free_bytes=None, shell=None, package_managers=(), page_size_bytes=4096,
    is_root=False, home="/home/me",
)  # fmt: skip
SERVING = {("127.0.0.1", 19530): version_reply("v2.3.5-lite")}


@dataclass
class Scene:
    """A machine with the server's program unpacked."""

    process: FakeProcess = field(default_factory=FakeProcess)
    network: FakeNetwork = field(default_factory=lambda: FakeNetwork(pages=healthy(), replies=SERVING))
    console: FakeConsole = field(default_factory=FakeConsole)
    clock: FakeClock = field(default_factory=FakeClock)
    files: FakeFiles = field(
        default_factory=lambda: FakeFiles(
            {
                f"{PROGRAM}/complete": "2.3.5",
                f"{PROGRAM}/config.yaml.template": "port: {{ proxy_port(int): 19530 }}\n  ip: # any\n",
            },
            executables={f"{PROGRAM}/milvus": ""},
        )
    )

    @property
    def system(self) -> System:
        return fake_system(
            process=self.process,
            files=self.files,
            console=self.console,
            clock=self.clock,
            network=self.network,
        )

    def remember(self, pid: int | None, born: float | None) -> None:
        record = {
            "schema": 1, "name": "default", "mode": "embedded", "version": "2.3.5", "data": DATA,
            "ports": PORTS, "pid": pid, "born": born,
        }  # fmt: skip
        self.files.content[RECORD] = json.dumps(record).encode()
        self.files.content[f"{DATA}/devtool-milvus.json"] = b'{"mode": "embedded", "version": "2.3.5"}'

    @property
    def remembered(self) -> tuple[int | None, float | None]:
        record = json.loads(self.files.content[RECORD])
        return record["pid"], record["born"]


def test_the_first_up_starts_the_binary_and_waits_for_an_answer() -> None:
    scene = Scene()

    deployment = deploying.up(scene.system, HOST)

    assert scene.process.spawned == [(f"{PROGRAM}/milvus", "run", "standalone")]
    assert deployment.as_data() == {
        "name": "default",
        "mode": "embedded",
        "state": "running",
        "uri": "http://127.0.0.1:19530",
        "metrics": "http://127.0.0.1:9091",
        "data": DATA,
        "logs": LOG,
        "pid": 4001,
        "version": "2.3.5",
    }
    assert deployment.started_here
    assert scene.remembered == (4001, 1000.0)
    configured = scene.files.content[f"{STATE}/configs/milvus.yaml"].decode()
    assert configured == "port: 19530\n  ip: 127.0.0.1 # any\n"


def test_a_second_up_says_so_and_starts_nothing() -> None:
    scene = Scene(process=FakeProcess(alive={77: 500.0}))
    scene.remember(77, 500.0)

    deployment = deploying.up(scene.system, HOST)

    assert (deployment.pid, deployment.state, deployment.started_here) == (77, "running", False)
    assert scene.process.spawned == []
    assert scene.console.notes == ["`default` is already running: nothing to do"]


def test_a_pid_that_belongs_to_another_process_now_is_not_believed() -> None:
    scene = Scene(process=FakeProcess(alive={77: 9999.0}))
    scene.remember(77, 500.0)

    assert [each.state for each in deploying.status(scene.system)] == ["killed"]
    assert deploying.up(scene.system, HOST).pid == 4001
    assert scene.process.ended_groups == []


def test_a_killed_server_is_started_again_on_its_data() -> None:
    scene = Scene()
    scene.remember(77, 500.0)

    deployment = deploying.up(scene.system, HOST)

    assert (deployment.pid, deployment.data) == (4001, DATA)
    assert "`default` was not stopped by `devtool deploy down`: recovering its data" in scene.console.notes


def test_a_server_that_lives_and_does_not_answer_is_ended_and_started_again() -> None:
    class Revived(FakeProcess):
        def spawn(self, *args: object, **options: object) -> int:
            scene.network.pages = healthy()
            return super().spawn(*args, **options)

    scene = Scene(process=Revived(alive={77: 500.0}), network=FakeNetwork(pages=starting(), replies=SERVING))
    scene.remember(77, 500.0)
    assert [each.state for each in deploying.status(scene.system)] == ["unhealthy"]

    deployment = deploying.up(scene.system, HOST)

    assert scene.process.ended_groups == [77]
    assert deployment.pid == 4001


def test_a_server_that_ends_while_starting_is_explained_by_its_own_lines() -> None:
    class Short(FakeProcess):
        def spawn(self, *args: object, **options: object) -> int:
            pid = super().spawn(*args, **options)
            self.alive.clear()
            return pid

    output = "[INFO] [fine]\npanic: failed to open database: invalid database\ngoroutine 1\n"
    scene = Scene(process=Short({TAIL: ended(output)}), network=FakeNetwork())

    with pytest.raises(DevtoolError) as caught:
        deploying.up(scene.system, HOST)

    assert caught.value.message == "Milvus 2.3.5, embedded standalone ended while it was starting"
    assert caught.value.hint == (
        "panic: failed to open database: invalid database\n"
        f"  the data in `{DATA}` may be damaged: nothing was deleted; start afresh with another `--data`, "
        f"or move that folder away\n  its whole log: `{LOG}`"
    )
    assert scene.remembered == (None, None)


def test_a_server_that_never_answers_is_ended_after_its_time() -> None:
    scene = Scene(process=FakeProcess({TAIL: ended("waiting\n")}), network=FakeNetwork(pages=starting()))

    with pytest.raises(DevtoolError, match="did not answer within 150 s: component proxy state is Abnormal"):
        deploying.up(scene.system, HOST)

    assert scene.process.ended_groups == [4001]
    assert scene.process.alive == {}


def test_an_interrupt_while_starting_ends_the_server() -> None:
    class Interrupting(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    scene = Scene(clock=Interrupting(), network=FakeNetwork(pages=starting()))

    with pytest.raises(KeyboardInterrupt):
        deploying.up(scene.system, HOST)

    assert scene.process.ended_groups == [4001]
    assert scene.remembered == (None, None)


def test_an_interrupt_before_the_server_is_written_down_ends_it_too() -> None:
    class Interrupting(FakeProcess):
        def born(self, pid: int) -> float | None:
            raise KeyboardInterrupt

    scene = Scene(process=Interrupting())

    with pytest.raises(KeyboardInterrupt):
        deploying.up(scene.system, HOST)

    assert scene.process.ended_groups == [4001]
    assert scene.remembered == (None, None)


def test_taken_ports_are_passed_over() -> None:
    taken = {port: Listener(port, 1, "other") for port in (19530, 2379)}
    replies = {("127.0.0.1", 19540): version_reply("v2.3.5-lite")}
    scene = Scene(network=FakeNetwork(listening=taken, pages=healthy(), replies=replies))

    deployment = deploying.up(scene.system, HOST)

    assert deployment.uri == "http://127.0.0.1:19540"
    assert "listen-client-urls: http://127.0.0.1:2389" in scene.files.content[f"{STATE}/etcd.yaml"].decode()


def test_a_port_that_was_asked_for_and_is_taken_is_named_with_its_owner() -> None:
    scene = Scene(network=FakeNetwork(listening={19999: Listener(19999, 5, "nginx")}))

    with pytest.raises(DevtoolError, match="port 19999 is taken by `nginx`"):
        deploying.up(scene.system, HOST, port=19999)


def test_ports_of_another_deployment_are_avoided_even_while_it_is_stopped() -> None:
    scene = Scene()
    scene.remember(None, None)
    scene.network.replies = {("127.0.0.1", 19540): version_reply("v2.3.5-lite")}
    scene.network.pages = healthy(9101)

    assert deploying.up(scene.system, HOST, name="second").uri == "http://127.0.0.1:19540"


def refuse_foreign_data(scene: Scene) -> None:
    scene.files.content["/mine/photo.jpg"] = b""
    deploying.up(scene.system, HOST, data="/mine")


def refuse_a_file_as_data(scene: Scene) -> None:
    scene.files.content["/mine"] = b""
    deploying.up(scene.system, HOST, data="/mine")


def refuse_the_other_server_s_data(scene: Scene) -> None:
    scene.files.content["/mine/devtool-milvus.json"] = b'{"mode": "lite"}'
    deploying.up(scene.system, HOST, data="/mine")


def refuse_another_port_while_running(scene: Scene) -> None:
    scene.process.alive[77] = 500.0
    scene.remember(77, 500.0)
    deploying.up(scene.system, HOST, port=19999)


def refuse_a_name_that_is_a_path(scene: Scene) -> None:
    deploying.up(scene.system, HOST, name="../x")


def refuse_logs_of_nothing(scene: Scene) -> None:
    deploying.logs(scene.system, "nothing")


@pytest.mark.parametrize(
    "attempt",
    [
        refuse_foreign_data,
        refuse_a_file_as_data,
        refuse_the_other_server_s_data,
        refuse_another_port_while_running,
        refuse_a_name_that_is_a_path,
        refuse_logs_of_nothing,
    ],
)
def test_bad_input_is_refused_before_anything_starts(attempt: Callable[[Scene], None]) -> None:
    scene = Scene()

    with pytest.raises(InputError):
        attempt(scene)

    assert scene.process.spawned == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 1}', b'{"schema": 1, "ports": 3}'])
def test_a_damaged_record_is_named_with_its_cure(content: bytes) -> None:
    scene = Scene()
    scene.files.content[RECORD] = content

    with pytest.raises(UnreadableError) as caught:
        deploying.status(scene.system)

    assert caught.value.message == f"`{RECORD}` is damaged"


def test_down_ends_the_group_and_is_content_with_nothing_to_do() -> None:
    scene = Scene(process=FakeProcess(alive={77: 500.0}))
    scene.remember(77, 500.0)

    first, second = deploying.down(scene.system), deploying.down(scene.system)

    assert first is not None
    assert first == second
    assert first.state == "stopped"
    assert scene.process.ended_groups == [77]
    assert deploying.down(scene.system, "never") is None


def test_down_leaves_a_stranger_with_the_same_pid_alone() -> None:
    scene = Scene(process=FakeProcess(alive={77: 9999.0}))
    scene.remember(77, 500.0)

    deploying.down(scene.system)

    assert scene.process.alive == {77: 9999.0}


def test_a_processor_without_avx_is_said_before_starting() -> None:
    scene = Scene()
    scene.files.content["/proc/cpuinfo"] = b"processor: 0\nflags\t\t: fpu sse4_2\n"

    deploying.up(scene.system, HOST)

    assert scene.console.notes[0].startswith("this processor has no AVX")


def test_a_health_page_alone_does_not_make_a_server_ready() -> None:
    scene = Scene(process=FakeProcess({TAIL: ended()}), network=FakeNetwork(pages=healthy()))

    with pytest.raises(DevtoolError, match="port 19530 does not answer requests"):
        deploying.up(scene.system, HOST)


def test_an_answer_that_is_not_ok_keeps_its_reason() -> None:
    pages = {"http://127.0.0.1:9091/healthz": HttpAnswer(503, "")}
    scene = Scene(process=FakeProcess({TAIL: ended()}), network=FakeNetwork(pages=pages))

    with pytest.raises(DevtoolError, match="health page answers 503"):
        deploying.up(scene.system, HOST)
