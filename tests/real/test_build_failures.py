"""Why builds in containers fail, each made to happen: told apart, with the status and cure that belong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.disks import small_disk
from tests.support.engine import Command, Compose, Shaped, docker, forget

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]


def limited(checkout: Path, *lines: str) -> Path:
    """Lay these lines into the builder's service."""
    path = checkout / "docker-compose.yml"
    text = path.read_text()
    added = "".join(f"    {line}\n" for line in lines)
    path.write_text(re.sub(r"(?m)^    shm_size: 2G\n", added, text, count=1))
    assert path.read_text() != text
    return checkout


def findings(said: str) -> list[str]:
    """The ids of what was recognised, the root cause first."""
    return re.findall(r"(?m)^(?:FAIL|warn)  ([a-z0-9-]+): ", said)


def test_a_compile_error_is_the_persons_own_and_no_lack_of_memory(shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()
    (checkout / "internal/core/sum.cpp").write_text("int broken(\n")

    done = devtool("build", "build-cpp", "--in", "builder", "--force", "--quiet", cwd=checkout, status=2)

    assert findings(done.stderr) == []
    assert "nothing known explains" in done.stderr
    assert "memory" not in done.stderr


@pytest.mark.parametrize("place", ["builder", "devcontainer"])
def test_a_compiler_killed_for_memory_is_confirmed_and_the_next_build_starts_fewer_jobs(
    shaped: Shaped, devtool: Command, tmp_path: Path, place: str
) -> None:
    checkout = limited(shaped(), "mem_limit: 80m", "memswap_limit: 80m")
    words = ("build", "build-cpp", "--in", place, "--force")

    done = devtool(*words, "--jobs", "4", cwd=checkout, status=2)
    again = devtool(*words, "--dry-run", "--format", "json", cwd=checkout)

    assert "oom-compiler-killed" in findings(done.stderr)
    assert "confirmed root cause" in done.stderr
    assert "in the container for want of memory while it ran" in " ".join(done.stderr.split())
    assert f"devtool build build-cpp --in {place} --jobs 2" in done.stderr
    (kept,) = tmp_path.glob("xdg/state/devtool/containers/*/builds.json")
    assert json.loads(kept.read_text())[place]["killed"] == 4
    jobs = json.loads(again.stdout)["jobs"]
    assert jobs["count"] == 1, "the limit allows no more, whatever went before"
    assert [each["id"] for each in json.loads(again.stdout)["gates"] if each["severity"] == "failure"][
        :1
    ] == ["docker-memory"]


def test_a_full_disk_is_told_from_a_compile_error(shaped: Shaped, devtool: Command, tmp_path: Path) -> None:
    checkout = tmp_path / "small" / f"shaped-full-{os.getpid()}"
    with small_disk(tmp_path / "small", "size=1200k"):
        shutil.copytree(shaped(), checkout)
        try:
            done = devtool("build", "build-cpp", "--in", "builder", "--force", cwd=checkout, status=2)
        finally:
            forget(checkout)

    assert "disk-full" in findings(done.stderr)
    assert "oom-compiler-killed" not in done.stderr


def test_a_disk_so_full_that_the_compiler_says_nothing_is_named(
    shaped: Shaped, devtool: Command, tmp_path: Path
) -> None:
    (tmp_path / "small").mkdir()
    project = tmp_path / "small/.git"
    with small_disk(tmp_path / "small", "size=64k"):
        project.mkdir()
        (tmp_path / "small/Makefile").write_text("all:\n\t-head -c 1m /dev/zero >full 2>/dev/null\n\tfalse\n")

        done = devtool("build", "--in", "local", "--force", cwd=tmp_path / "small", status=2)

    assert f"no space is left where `{tmp_path}/small` lies" in done.stderr


def test_full_shared_memory_is_told_from_a_full_disk(shaped: Shaped, devtool: Command) -> None:
    checkout = limited(shaped(), "shm_size: 64k", "environment: { TMPDIR: /dev/shm }")
    text = (checkout / "docker-compose.yml").read_text()
    # The service states its environment further down already.
    text = text.replace("    environment: { TMPDIR: /dev/shm }\n", "", 1)
    text = text.replace(
        "      OS_NAME: ${OS_NAME}\n", "      OS_NAME: ${OS_NAME}\n      TMPDIR: /dev/shm\n", 1
    )
    (checkout / "docker-compose.yml").write_text(text)

    done = devtool("build", "build-cpp", "--in", "builder", "--force", cwd=checkout, status=2)

    assert "shared-memory-full" in findings(done.stderr)


def test_an_image_that_nobody_has_is_named_with_what_stood_in_the_way(
    shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped(IMAGE_REPO="127.0.0.1:9/nobody")

    done = devtool("build", "--in", "builder", "--force", cwd=checkout, status=1)

    assert "127.0.0.1:9/nobody/milvus-env" in done.stderr
    assert "cannot fetch" in done.stderr
    assert "no answer from the registry" in done.stderr


def test_an_engine_that_goes_in_the_middle_is_named_and_nothing_stays(
    shaped: Shaped, devtool: Command, tmp_path: Path
) -> None:
    checkout = shaped()
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write("slow:\n\t@echo begun; sleep 61\n")
    with between(tmp_path / "engine.sock") as gate:
        env = surroundings(tmp_path, DOCKER_HOST=f"unix://{tmp_path}/engine.sock")
        with started(checkout, env, "slow", "--in", "builder", "--force") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            gate.set()
            _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "docker-engine-gone" in findings(said)
    assert gone(checkout, 5)


@pytest.mark.parametrize(
    ("place", "generation"),
    [("builder", "compose_v5"), ("devcontainer", "compose_v1"), ("devcontainer", "compose_v5")],
)
@pytest.mark.parametrize("ending", ["INT", "TERM", "KILL"])
def test_what_runs_inside_ends_with_the_build(
    shaped: Shaped,
    devtool: Command,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    place: str,
    generation: str,
    ending: str,
) -> None:
    compose: Compose = request.getfixturevalue(generation)
    checkout = shaped()
    seconds = str(10_000_000 + os.getpid() * 100 + hash((place, generation, ending)) % 100)
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write(f"slow:\n\t@echo begun; sleep {seconds}\n")
    env = {**surroundings(tmp_path), **path_of(compose)}
    with started(checkout, env, "slow", "--in", place, "--force") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        deadline = time.monotonic() + 5
        while not sleeping(seconds):
            assert time.monotonic() < deadline, "it never began to sleep"
            time.sleep(0.02)

        begun = time.monotonic()
        process.send_signal(getattr(signal, f"SIG{ending}"))
        while sleeping(seconds) and time.monotonic() - begun < 5:
            time.sleep(0.02)
        took = time.monotonic() - begun
        process.communicate(timeout=15)

    print(f"build --in {place}, {compose.name}, {ending}: {took:.2f} s, status {process.returncode}")
    assert took < 1.5
    # Make's own: 2 where it sees its child end before it hears the signal itself.
    assert process.returncode in {"INT": (130, 2), "TERM": (143, 2), "KILL": (-9,)}[ending]
    assert gone(checkout, 5)
    again = devtool("build", "build-cpp", "--in", place, "--force", cwd=checkout, env=env)
    assert "libsum.so" in again.stdout


def surroundings(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment with a state of this test."""
    folders = {
        f"XDG_{each}_HOME": str(tmp_path / f"xdg/{each.lower()}") for each in ("STATE", "DATA", "CACHE")
    }
    return {**os.environ, **folders, "PYTHONPATH": str(ROOT), **more}


def path_of(compose: Compose) -> dict[str, str]:
    """What makes a process see this Compose alone."""
    return {name: compose.env[name] for name in ("PATH", "DOCKER_CONFIG")}


def started(checkout: Path, env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "devtool", "build", *words],
        cwd=checkout,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sleeping(seconds: str) -> bool:
    """Whether anything on this machine sleeps so long, in containers too."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            if entry.read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]:
                return True
    return False


def gone(checkout: Path, limit: float) -> bool:
    """Whether no builder of the checkout is left, soon."""
    deadline = time.monotonic() + limit
    label = f"label=io.github.devtool.builder={checkout}"
    while found := docker("ps", "-aq", "--filter", label):
        if time.monotonic() > deadline:
            return not found
        time.sleep(0.05)
    return True


@contextmanager
def between(path: Path) -> Iterator[threading.Event]:
    """A socket before the engine's own, which closes for good when the event is set."""
    over = threading.Event()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    ends: list[socket.socket] = [listener]

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect("/var/run/docker.sock")
                ends.extend((client, engine))
                for pair in ((client, engine), (engine, client)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    def watch() -> None:
        over.wait()
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    threading.Thread(target=serve, daemon=True).start()
    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield over
    finally:
        over.set()
        watching.join(5)
        path.unlink(missing_ok=True)


@pytest.mark.parametrize(("words", "said"), [(("stop", "-t", "1"), "stopped"), (("rm", "-f"), "removed")])
def test_a_container_that_is_ended_by_somebody_is_no_lack_of_memory(
    shaped: Shaped, devtool: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    checkout = shaped()
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write("\nslow:\n\t@touch begun; sleep 60\n")
    name = devtool("container", "up", cwd=checkout).stdout.split("`")[1]

    def end() -> None:
        while not (checkout / "begun").exists():
            time.sleep(0.1)
        docker(*words, name)

    thread = threading.Thread(target=end)
    thread.start()
    done = devtool("build", "slow", "--no-gate", cwd=checkout, status=137)
    thread.join()

    assert f"the container `{name}` was {said} while it ran" in done.stderr
    assert "memory" not in done.stderr.partition("\nFAIL")[0].partition("jobs (")[2].partition(")")[2]
    assert not list(tmp_path.glob("xdg/state/devtool/containers/*/builds.json"))
