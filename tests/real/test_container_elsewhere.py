"""The engine of another machine: reached by ssh or TLS, given the source, left with nothing that runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.real.test_container_exec import FAMILY, MEMBERS, wait_for
from tests.support.engine import Command, Compose, Images, Shaped, docker, forget
from tests.support.far_machine import FarMachine, behind_tls, far_machine

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
WAYS = ("rsync", "git")


@pytest.fixture(scope="module")
def far(engine: str) -> Iterator[FarMachine]:
    with far_machine() as machine:
        yield machine


@pytest.fixture(scope="module")
def waiting(busybox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout whose container is up."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / ".git").mkdir()
    (folder / ".devcontainer.json").write_text(f'{{"image": "{busybox}", "workspaceFolder": "/"}}')
    name = f"devtool-test-elsewhere-{os.getpid()}"
    labels = ("--label", f"devcontainer.local_folder={folder}")
    docker("run", "-d", "--init", "--network", "none", "--name", name, *labels, busybox, "sleep", "86400")
    yield folder
    docker("rm", "-f", name, status=None)


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "safe.directory=*")
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """All of a folder, the repository included, as far as a change of it would show."""
    found = sorted(folder.rglob("*"))
    return {str(each): (each.lstat().st_mtime_ns, each.lstat().st_size) for each in found}


@pytest.fixture
def checkout(images: Images, tmp_path: Path) -> Iterator[Path]:
    """A project with two commits and a tag, and what git ignores."""
    folder = tmp_path / "a project"
    (folder / "src").mkdir(parents=True)
    (folder / ".devcontainer.json").write_text(
        f'{{"image": "{images.builder}", "runArgs": ["--network=none"]}}'
    )
    (folder / ".gitignore").write_text("out/\n")
    (folder / "src/a b").write_text("one\n")
    (folder / "src/gone").write_text("1\n")
    (folder / "src/link").symlink_to("a b")
    (folder / "run").write_text("#!/bin/sh\necho ran\n")
    (folder / "run").chmod(0o755)
    git(folder, "init", "-q", "-b", "work")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "tag", "v1")
    yield folder
    forget(folder)
    for volume in docker(
        "volume", "ls", "-q", "--filter", f"label=devcontainer.local_folder={folder}"
    ).split():
        docker("volume", "rm", volume, status=None)


def test_a_command_goes_through_ssh_with_its_streams_and_status_and_one_way_serves_all(
    far: FarMachine, waiting: Path, devtool: Command
) -> None:
    script = "echo out; echo err >&2; exit 42"

    first = devtool("container", "exec", "--", "sh", "-c", script, cwd=waiting, env=far.env, status=42)
    devtool("container", "exec", "--", "true", cwd=waiting, env=far.env)
    listed = devtool("container", "ps", cwd=waiting, env=far.env)

    assert (first.stdout, first.stderr) == ("out\n", "err\n")
    assert "running" in listed.stdout
    assert len(far.keepers()) == 1


def test_a_way_that_died_is_made_again(far: FarMachine, waiting: Path, devtool: Command) -> None:
    devtool("container", "exec", "--", "true", cwd=waiting, env=far.env)
    (before,) = far.keepers()

    os.kill(before, signal.SIGKILL)
    devtool("container", "exec", "--", "true", cwd=waiting, env=far.env)

    assert before not in far.keepers()
    assert len(far.keepers()) == 1


@pytest.mark.parametrize("flags", [(), ("-i",)], ids=["plain", "with-input"])
@pytest.mark.parametrize("ending", ["INT", "TERM", "KILL"])
def test_what_runs_far_away_ends_within_two_seconds_of_the_client(
    far: FarMachine, waiting: Path, tmp_path: Path, flags: tuple[str, ...], ending: str
) -> None:
    seconds = f"{73000 + ['INT', 'TERM', 'KILL'].index(ending) * 10 + len(flags)}"
    number = signal.Signals[f"SIG{ending}"]
    argv = [sys.executable, "-m", "devtool", "container", "exec", *flags, "--"]
    process = subprocess.Popen(
        [*argv, "sh", "-c", FAMILY.format(seconds)],
        cwd=waiting,
        env={**far.env, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert wait_for(seconds, MEMBERS, 20) is not None

    process.send_signal(number)
    took = wait_for(seconds, 0, 10)

    process.communicate(timeout=10)
    assert took is not None
    assert took < 2
    assert process.returncode == (-number if ending == "KILL" else 128 + number)


def test_a_machine_that_nobody_vouches_for_is_refused_at_once_with_the_command_to_try(
    far: FarMachine, waiting: Path, devtool: Command
) -> None:
    before = far.keepers()

    env = {**far.env, "DOCKER_HOST": "ssh://unknown"}
    done = devtool("container", "exec", "--", "true", cwd=waiting, env=env, status=1)

    assert done.stderr.splitlines() == [
        "devtool: cannot reach `ssh://unknown` (`DOCKER_HOST`): Host key verification failed",
        "  `ssh unknown` must get in without a question",
    ]
    assert far.keepers() == before


def test_a_machine_without_an_engine_is_told_and_no_way_is_left(
    far: FarMachine, waiting: Path, devtool: Command
) -> None:
    before = far.keepers()

    env = {**far.env, "DOCKER_HOST": "ssh://far/nowhere.sock"}
    done = devtool("container", "exec", "--", "true", cwd=waiting, env=env, status=1)

    assert "no Docker engine answers there for `ssh://far/nowhere.sock`" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    time.sleep(0.2)
    assert far.keepers() == before


@pytest.fixture(scope="module")
def strict(engine: str) -> Iterator[FarMachine]:
    """A machine whose sshd forwards no sockets."""
    with far_machine("AllowStreamLocalForwarding no") as machine:
        yield machine


def test_where_no_socket_is_forwarded_ssh_carries_each_connection(
    strict: FarMachine, waiting: Path, tmp_path: Path
) -> None:
    data = os.urandom(3_000_000)
    argv = [sys.executable, "-m", "devtool", "container", "exec", "-i", "--"]
    env = {**strict.env, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [*argv, "sh", "-c", "cat; exit 5"],
        cwd=waiting,
        env=env,
        input=data,
        capture_output=True,
        check=False,
        timeout=60,
    )
    process = subprocess.Popen([*argv, "sh", "-c", FAMILY.format("73800")], cwd=waiting, env=env)
    assert wait_for("73800", MEMBERS, 20) is not None
    process.kill()
    took = wait_for("73800", 0, 10)
    process.wait(10)

    assert (done.stdout == data, done.stderr, done.returncode) == (True, b"", 5)
    assert took is not None
    assert took < 2
    assert len(strict.keepers()) == 1


@pytest.mark.parametrize("named_by", ["DOCKER_CONTEXT", "docker context use"])
def test_a_context_is_honoured_however_it_is_chosen(
    named_by: str, far: FarMachine, waiting: Path, devtool: Command, tmp_path: Path
) -> None:
    env = {**far.env, "DOCKER_CONFIG": str(tmp_path / "docker")}
    del env["DOCKER_HOST"]
    create = ["docker", "context", "create", "there", "--docker", f"host={far.url}"]
    subprocess.run(create, env=env, check=True, capture_output=True)
    if named_by == "DOCKER_CONTEXT":
        env["DOCKER_CONTEXT"] = "there"
    else:
        subprocess.run(["docker", "context", "use", "there"], env=env, check=True, capture_output=True)
    for each in far.keepers():
        os.kill(each, signal.SIGTERM)
    time.sleep(0.2)

    devtool("container", "exec", "--", "true", cwd=waiting, env=env)

    assert len(far.keepers()) == 1


@pytest.mark.parametrize("way", WAYS)
def test_the_source_is_there_and_follows_while_what_was_built_stays(
    way: str, far: FarMachine, checkout: Path, devtool: Command
) -> None:
    def inside(script: str) -> str:
        return devtool("container", "exec", "--", "sh", "-c", script, cwd=checkout, env=far.env).stdout

    (checkout / "src/new").write_text("not committed\n")
    before = snapshot(checkout)

    done = devtool("container", "up", "--sync", way, cwd=checkout, env=far.env)

    assert f"source by {way} (`--sync`) into the volume" in done.stderr
    assert "of ssh://far: " in done.stderr
    assert "tar -c PATH | tar -x` brings it here" in done.stderr
    assert snapshot(checkout) == before
    assert inside("cat 'src/a b' src/link src/new; ./run") == "one\none\nnot committed\nran\n"
    assert inside("git describe --tags; git rev-parse --abbrev-ref HEAD; git status --short") == (
        "v1\nwork\n?? src/new\n"
    )
    assert inside("stat -c %u:%g . src/new") == f"{os.getuid()}:{os.getgid()}\n" * 2
    mounts = json.loads(docker("inspect", _container(checkout)))[0]["Mounts"]
    assert [each["Type"] for each in mounts if each["Destination"].endswith("a project")] == ["volume"]

    inside("mkdir -p out src/made; echo product >out/p; echo made >src/made/m")
    (checkout / "src/gone").unlink()
    (checkout / "src/a b").write_text("two\n")
    git(checkout, "commit", "-q", "-am", "second")
    done = devtool("container", "sync", cwd=checkout, env=far.env)

    assert "1 removed" in done.stderr
    assert inside("cat 'src/a b' out/p src/made/m; ls src; git describe --tags").splitlines()[:3] == [
        "two", "product", "made",
    ]  # fmt: skip
    assert inside("ls src") == "a b\nlink\nmade\nnew\n"
    assert inside("git log --format=%s") == "second\nfirst\n"

    again = devtool("container", "sync", cwd=checkout, env=far.env)
    fetch = f"{sys.executable} -m devtool container exec -- tar -c out | tar -x"
    state = {"XDG_STATE_HOME": devtool.own["XDG_STATE_HOME"], "PYTHONPATH": str(ROOT)}
    subprocess.run(["sh", "-c", fetch], cwd=checkout, env={**far.env, **state}, check=True)

    assert ": 0 sent, 0 removed" in again.stderr
    assert len(again.stderr.splitlines()) == 1
    assert (checkout / "out/p").read_text() == "product\n"
    gone = devtool("container", "down", "--volumes", cwd=checkout, env=far.env)
    assert "-source-" in gone.stdout


@pytest.mark.parametrize("way", WAYS)
def test_sending_that_is_killed_leaves_nothing_running_and_the_next_completes_it(
    way: str, far: FarMachine, checkout: Path, devtool: Command
) -> None:
    devtool("container", "up", "--sync", way, cwd=checkout, env=far.env)
    (checkout / "large").write_bytes(os.urandom(40_000_000))
    sending = subprocess.Popen(
        [sys.executable, "-m", "devtool", "container", "sync"],
        cwd=checkout,
        env={**far.env, **devtool.own, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )

    time.sleep(1.5)
    sending.kill()
    sending.communicate()
    deadline = time.monotonic() + 2
    while (left := _receiving(checkout)) and time.monotonic() < deadline:
        time.sleep(0.1)
    devtool("container", "sync", cwd=checkout, env=far.env)
    size = devtool("container", "exec", "--", "stat", "-c", "%s", "large", cwd=checkout, env=far.env)

    assert left == []
    assert size.stdout == "40000000\n"


def test_commits_made_in_the_copy_are_kept_until_told_otherwise(
    far: FarMachine, checkout: Path, devtool: Command
) -> None:
    devtool("container", "up", cwd=checkout, env=far.env)
    commit = "git -c user.name=b -c user.email=b@example.org commit -q --allow-empty -m inside"
    devtool("container", "exec", "--", "sh", "-c", commit, cwd=checkout, env=far.env)
    git(checkout, "commit", "-q", "--allow-empty", "-m", "outside")

    kept = devtool("container", "sync", cwd=checkout, env=far.env)
    log = devtool("container", "exec", "--", "git", "log", "-1", "--format=%s", cwd=checkout, env=far.env)
    moved = devtool("container", "sync", "--all", cwd=checkout, env=far.env)
    after = devtool("container", "exec", "--", "git", "log", "-1", "--format=%s", cwd=checkout, env=far.env)

    assert "the copy has commits of its own" in kept.stderr
    assert log.stdout == "inside\n"
    assert "commits of its own" not in moved.stderr
    assert after.stdout == "outside\n"


def test_a_shallow_checkout_is_as_shallow_there(
    far: FarMachine, checkout: Path, devtool: Command, tmp_path: Path
) -> None:
    git(checkout, "commit", "-q", "--allow-empty", "-m", "second")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{checkout}", str(shallow))
    try:
        done = devtool("container", "up", "--sync", "git", cwd=shallow, env=far.env)
        log = devtool("container", "exec", "--", "git", "log", "--format=%s", cwd=shallow, env=far.env)
    finally:
        forget(shallow)

    assert "no commits" not in done.stderr
    assert log.stdout == "second\n"


def test_where_history_is_not_whole_the_newest_commit_goes_there(
    far: FarMachine, checkout: Path, devtool: Command
) -> None:
    old = git(checkout, "rev-parse", "HEAD:src/gone").strip()
    (checkout / "src/gone").write_text("another\n")
    git(checkout, "commit", "-q", "-am", "second")
    (checkout / ".git/objects" / old[:2] / old[2:]).unlink()

    done = devtool("container", "up", "--sync", "git", cwd=checkout, env=far.env)
    script = "git log --format=%s; git status --short"
    said = devtool("container", "exec", "--", "sh", "-c", script, cwd=checkout, env=far.env)

    assert "the copy has the newest commit alone" in done.stderr
    assert said.stdout == "second\n"


def test_a_checkout_in_milvus_shape_comes_up_and_builds_far_away_by_each_compose(
    compose: Compose, far: FarMachine, shaped: Shaped, devtool: Command
) -> None:
    checkout = shaped()
    env = {**compose.env, **_way(far), "PATH": f"{far.folder}/bin:{compose.env['PATH']}"}
    before = snapshot(checkout)

    devtool("container", "up", "--with", "etcd", cwd=checkout, env=env)
    mounts = json.loads(docker("inspect", *_all(checkout)))

    assert [
        each["Source"] for made in mounts for each in made["Mounts"] if str(checkout) in each["Source"]
    ] == []
    assert snapshot(checkout) == before
    built = devtool("build", cwd=checkout, env=env)
    assert "source by rsync (it is here and inside)" in built.stderr
    assert snapshot(checkout) == before
    gone = devtool("container", "down", "--volumes", cwd=checkout, env=env)
    assert f"`{checkout.name}-source-" in gone.stdout


def test_a_builder_far_away_builds_the_source_and_goes_when_it_is_interrupted(
    far: FarMachine, checkout: Path, devtool: Command, tmp_path: Path
) -> None:
    (checkout / "Makefile").write_text("all:\n\tcat 'src/a b'\nslow:\n\tsleep 73999\n")

    built = devtool("build", cwd=checkout, env=far.env)
    slow = subprocess.Popen(
        [sys.executable, "-m", "devtool", "build", "slow"],
        cwd=checkout,
        env={**far.env, **devtool.own, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert wait_for("73999", 1, 60) is not None
    os.killpg(slow.pid, signal.SIGINT)
    took = wait_for("73999", 0, 10)
    slow.communicate(timeout=30)

    assert "one\n" in built.stdout
    assert took is not None
    assert took < 2
    assert docker("ps", "-aq", "--filter", f"label=io.github.devtool.builder={checkout}") == ""


@pytest.fixture(scope="module")
def tls(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an engine that proves itself and lets us in by our certificate."""
    folder = tmp_path_factory.mktemp("certificates")
    with behind_tls(folder) as port:
        host = {"DOCKER_HOST": f"tcp://127.0.0.1:{port}"}
        yield {**os.environ, **host, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}


def test_a_secured_engine_carries_streams_both_ways_whole(
    tls: dict[str, str], waiting: Path, tmp_path: Path
) -> None:
    data = os.urandom(3_000_000)

    done = subprocess.run(
        [sys.executable, "-m", "devtool", "container", "exec", "-i", "--", "sh", "-c", "cat; exit 5"],
        cwd=waiting,
        env={**tls, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        input=data,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (done.stdout == data, done.stderr, done.returncode) == (True, b"", 5)


def test_what_runs_behind_a_secured_line_ends_with_a_killed_client(
    tls: dict[str, str], waiting: Path, tmp_path: Path
) -> None:
    argv = [sys.executable, "-m", "devtool", "container", "exec", "--"]
    env = {**tls, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*argv, "sh", "-c", FAMILY.format("73500")], cwd=waiting, env=env)
    assert wait_for("73500", MEMBERS, 20) is not None

    process.kill()
    took = wait_for("73500", 0, 10)

    process.wait(10)
    assert took is not None
    assert took < 2


def test_docker_and_we_agree_on_the_secured_engine(
    tls: dict[str, str], waiting: Path, devtool: Command
) -> None:
    theirs = subprocess.run(["docker", "ps", "-q"], env=tls, capture_output=True, check=False)

    ours = devtool("container", "ps", cwd=waiting, env=tls)

    assert theirs.returncode == 0
    assert "running" in ours.stdout


def test_an_engine_that_cannot_prove_itself_is_refused_in_a_line(
    tls: dict[str, str], waiting: Path, devtool: Command, tmp_path: Path
) -> None:
    with behind_tls(tmp_path / "others"):
        env = {**tls, "DOCKER_CERT_PATH": str(tmp_path / "others")}

        done = devtool("container", "exec", "--", "true", cwd=waiting, env=env, status=1)

    assert "certificate verify failed" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def _container(checkout: Path) -> str:
    return docker("ps", "-q", "--filter", f"label=devcontainer.local_folder={checkout}")


def _receiving(checkout: Path) -> list[str]:
    """The programs in the container that take what is sent."""
    listed = docker("top", _container(checkout), "-o", "pid,comm").splitlines()
    return [line for line in listed if line.split()[-1] in ("tar", "rsync", "gzip")]


def _all(checkout: Path) -> list[str]:
    return docker("ps", "-q", "--filter", f"label=com.docker.compose.project={checkout.name}").split()


def _way(far: FarMachine) -> Mapping[str, str]:
    return {name: far.env[name] for name in ("XDG_RUNTIME_DIR", "DOCKER_HOST")}
