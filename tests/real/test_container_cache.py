"""A compile cache that two machines share: real ccache, Redis, HTTP, and one that does not answer."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from devtool.adapters.engine.api import Api
from devtool.adapters.engine.endpoint import find_endpoint
from devtool.errors import InputError
from devtool.model.container import Blueprint, Container, Person, Service
from devtool.system import System
from devtool.workflows.containers.sharing import Sharing, inside, share, told
from tests.support.engine import Command, Compose, Images, Shaped, docker
from tests.support.inside import container, system_in

pytestmark = pytest.mark.real
ME = Person(54321, 54321, "me", "/tmp", {"HOME": "/tmp"})
UNITS = 3
PASSWORD = "correct-horse"
STORE = """
import http.server, os, sys
class Store(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept = {}
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
    def do_GET(self):
        if sys.argv[2:] and not self.headers.get("Authorization"):
            return self.answer(401)
        self.answer(200, self.kept[self.path]) if self.path in self.kept else self.answer(404)
    do_HEAD = do_GET
    def do_PUT(self):
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201)
http.server.ThreadingHTTPServer(("", int(sys.argv[1])), Store).serve_forever()
"""


@pytest.fixture
def machine(tmp_path: Path) -> System:
    return system_in(tmp_path, tmp_path)


@contextmanager
def server(image: str, *words: str, port: int, network: str = "bridge") -> Iterator[str]:
    """The address at which a program in a container of its own listens."""
    described = Blueprint("", "cache-server", Service("", None))
    with container(image, described, (), "--network", network) as there:
        docker("exec", "-d", there.id, *words)
        deadline = time.monotonic() + 20
        while docker("exec", there.id, "bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}; echo $?") != "0":
            assert time.monotonic() < deadline, f"{words} does not listen"
            time.sleep(0.1)
        yield docker(
            "inspect", "-f", f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}', there.id
        )


def redis(image: str, *options: str, network: str = "bridge") -> AbstractContextManager[str]:
    words = ("redis-server", "--save", "", "--protected-mode", "no", *options)
    return server(image, *words, port=6379, network=network)


def described(path: str) -> Blueprint:
    return Blueprint("/checkout", "cache-build", Service("dev", None), workspace=path)


def built(machine: System, there: Container, path: str, url: str | None) -> tuple[Sharing, str | None]:
    """Compile the sample in the container at that path; what was shared, and what was told at the end."""
    asker = inside(machine, Api(machine, find_endpoint(machine)), there, ME)
    sharing = share(asker, described(path), url)
    variables = [f"--env={k}={v}" for k, v in {**ME.environment, **sharing.environment}.items()]
    line = (
        f"mkdir -p {path} && cd {path} && for n in $(seq {UNITS}); do"
        ' printf "#include <vector>\\nint unit%s(std::vector<int>& v) { v.push_back(%s); return v[0]; }\\n"'
        " $n $n >unit$n.cpp; ccache g++ -g -O1 -c $PWD/unit$n.cpp -o unit$n.o || exit 1; done"
    )
    docker("exec", "-u", str(ME.uid), *variables, there.id, "sh", "-c", line)
    return sharing, told(asker, sharing)


@pytest.fixture
def machines(images: Images) -> Iterator[tuple[Container, Container]]:
    """Two, that share nothing but the network."""
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(container(images.builder, described("/"), project="cache-build"))
            for _ in range(2)
        )
        yield one, two


def test_a_second_machine_compiles_nothing_that_redis_has(
    machine: System, machines: tuple[Container, Container], images: Images
) -> None:
    with redis(images.builder) as address:
        url = f"redis://{address}"
        _, first = built(machine, machines[0], "/tmp/a", url)
        sharing, second = built(machine, machines[1], "/tmp/elsewhere/b", url)

    assert first == f"ccache: 0 of {UNITS} compilations were in the cache, 0 of them from `{url}`"
    assert sharing.note is None
    assert (
        second == f"ccache: {UNITS} of {UNITS} compilations were in the cache, {UNITS} of them from `{url}`"
    )


@pytest.mark.parametrize("form", ["{0}@", ":{0}@", "default:{0}@"])
def test_a_redis_behind_a_password_is_shared_and_the_password_shown_nowhere(
    machine: System, machines: tuple[Container, Container], images: Images, form: str
) -> None:
    with redis(images.builder, "--requirepass", PASSWORD) as address:
        url = f"redis://{form.format(PASSWORD)}{address}"
        built(machine, machines[0], "/tmp/a", url)
        sharing, line = built(machine, machines[1], "/tmp/b", url)
        wrong, _ = built(machine, machines[1], "/tmp/c", f"redis://wrong-one@{address}")

    assert line == (
        f"ccache: {UNITS} of {UNITS} compilations were in the cache, {UNITS} of them from `redis://{address}`"
    )
    assert PASSWORD not in repr(sharing)
    assert wrong.note is not None
    assert wrong.note.startswith(f"nothing is shared over `redis://{address}`: it says `WRONGPASS")


def test_a_second_machine_compiles_nothing_that_an_http_store_has(
    machine: System, machines: tuple[Container, Container], images: Images
) -> None:
    with server(images.builder, "python3", "-c", STORE, "8080", port=8080) as address:
        url = f"http://{address}:8080/cache"
        built(machine, machines[0], "/tmp/a", url)
        _, line = built(machine, machines[1], "/tmp/elsewhere/b", url)

    assert line == (
        f"ccache: {UNITS} of {UNITS} compilations were in the cache,"
        f" {UNITS} of them from `http://{address}:8080`"
    )


def test_an_http_store_that_wants_a_login_is_left_out_without_one(
    machine: System, machines: tuple[Container, Container], images: Images
) -> None:
    with server(images.builder, "python3", "-c", STORE, "8080", "login", port=8080) as address:
        closed, _ = built(machine, machines[0], "/tmp/a", f"http://{address}:8080/cache")
        opened, _ = built(machine, machines[0], "/tmp/a", f"http://me:secret-word@{address}:8080/cache")

    assert closed.note == (
        f"nothing is shared over `http://{address}:8080`: it says `HTTP/1.1 401 Unauthorized`"
    )
    assert (opened.note, opened.shown) == (None, f"http://{address}:8080")


# The last address of the engine's network is nobody's: what is sent there is never answered.
@pytest.mark.parametrize(
    "where", ["refused", "unresolvable", "unrouted", "silent", "no name server", "https"]
)
def test_a_storage_that_does_not_answer_is_left_out_at_once_with_a_line(
    machine: System, images: Images, where: str
) -> None:
    nobody = docker("network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Subnet}}")
    nobody = f"{'.'.join(nobody.split('.')[:2])}.255.254"
    options = ("--dns", nobody) if where == "no name server" else ()
    with container(images.builder, described("/"), (), *options, project="cache-build") as there:
        listen = "import socket, time; s = socket.create_server(('', 7001)); time.sleep(60)"
        docker("exec", "-d", there.id, "python3", "-c", listen)
        time.sleep(0.5)
        asker = inside(machine, Api(machine, find_endpoint(machine)), there, ME)
        url = {
            "refused": "redis://127.0.0.1:6380",
            "unresolvable": "redis://no-such-host.invalid",
            "unrouted": f"http://{nobody}",
            "silent": "redis://127.0.0.1:7001",
            "no name server": "http://cache.example",
            "https": "https://127.0.0.1",
        }[where]
        share(asker, described("/"), None)
        took = []
        for _ in range(3):
            started = time.monotonic()
            sharing = share(asker, described("/"), url)
            took.append(time.monotonic() - started)
        _, line = built(machine, there, "/tmp/a", url)

    assert sharing.environment == {}
    assert sharing.note is not None
    assert sharing.note.startswith(f"nothing is shared over `{url}`: ")
    assert min(took) < 1.0
    assert line == f"ccache: 0 of {UNITS} compilations were in the cache"


def test_a_socket_inside_is_shared_where_it_is_mounted(
    machine: System, machines: tuple[Container, Container]
) -> None:
    socket = "/tmp/redis.sock"
    absent, _ = built(machine, machines[0], "/tmp/a", f"redis+unix://{socket}")
    docker(
        "exec", "-d", machines[0].id, "redis-server", "--save", "", "--port", "0",
        "--unixsocket", socket, "--unixsocketperm", "777",
    )  # fmt: skip
    time.sleep(1)
    sharing, _ = built(machine, machines[0], "/tmp/b", f"redis+unix://{socket}")

    assert absent.note == (
        f"nothing is shared over `redis+unix://{socket}`: it does not answer where the build runs"
    )
    assert sharing.note is None


def test_without_ccache_nothing_is_shared_and_that_is_said(machine: System, busybox: str) -> None:
    with container(busybox, described("/"), project="cache-build") as there:
        asker = inside(machine, Api(machine, find_endpoint(machine)), there, ME)
        sharing = share(asker, described("/"), "redis://127.0.0.1")

        assert sharing == Sharing(
            note="nothing is shared over `redis://127.0.0.1`: there is no ccache where the build runs"
        )
        assert told(asker, sharing) is None


def test_an_address_that_is_none_is_refused_without_a_word_of_its_login() -> None:
    with pytest.raises(InputError) as refused:
        share(lambda *_: pytest.fail("nothing is asked"), described("/"), f"rediss://{PASSWORD}@host")

    assert PASSWORD not in refused.value.message


def test_a_command_in_the_dev_container_shares_when_it_is_told_to(
    shaped: Shaped, images: Images, compose_v5: Compose, devtool: Command
) -> None:
    checkout = shaped()
    devtool("container", "up", cwd=checkout, env=compose_v5.env)
    line = ("container", "exec", "--cache")
    said = ("--", "sh", "-c", "echo $CCACHE_REMOTE_STORAGE $CCACHE_BASEDIR")

    with redis(images.builder, network=checkout.name) as address:
        shared = devtool(*line, f"redis://{address}", *said, cwd=checkout, env=compose_v5.env)
    gone = devtool(*line, "redis://127.0.0.1:6380", *said, cwd=checkout, env=compose_v5.env)

    assert shared.stdout.split() == [
        f"redis://{address}|connect-timeout=200|operation-timeout=2000",
        "/go/src/github.com/milvus-io/milvus",
    ]
    assert gone.stdout.strip() == ""
    assert gone.stderr.startswith("devtool: nothing is shared over `redis://127.0.0.1:6380`: ")


def test_a_build_of_another_checkout_takes_from_the_cache_and_says_so(
    shaped: Shaped, images: Images, devtool: Command
) -> None:
    done = []
    with redis(images.builder, "--requirepass", PASSWORD) as address:
        for _ in range(2):
            checkout = shaped(units=1)
            with (checkout / "Makefile").open("a") as makefile:
                makefile.write("\nexport CMAKE_CXX_COMPILER_LAUNCHER = ccache\n")
            words = ("build", "build-cpp", "--in", "builder", "--no-gate")
            url = f"redis://{PASSWORD}@{address}"
            done.append(devtool(*words, "--cache", url, cwd=checkout))
        plan = devtool(*words, "--dry-run", cwd=checkout, env={**os.environ, "DEVTOOL_CACHE": url})
        gone = devtool(*words, "--cache", f"redis://{PASSWORD}@{address}:1", cwd=checkout)

    first, second = (re.findall("(?m)^devtool: ccache: .*", each.stderr) for each in done)
    # CMake tries the compiler too.
    count = re.sub(r".* (\d+) compilations.*", r"\1", first[0])
    line = f"devtool: ccache: {{0}} of {count} compilations were in the cache, {{0}} of them from `redis://{address}`"
    assert (first, second) == ([line.format(0)], [line.format(count)])
    assert f"cache:     redis://{address}\n" in plan.stdout
    assert f"devtool: nothing is shared over `redis://{address}:1`: it does not answer" in gone.stderr
    assert PASSWORD not in "".join(each.stdout + each.stderr for each in (*done, plan, gone))
