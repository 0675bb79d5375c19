"""`devtool setup` on a real, fresh Debian 12: to a project that builds, and back; and what can go wrong."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.small_project import small_project
from tests.support.debian import DEVTOOL, HOME, Debian, debian, end, until
from tests.support.disks import small_disk
from tests.support.screen import Screen

pytestmark = pytest.mark.real

PROJECT = "/srv/small"
DATA = ".local/share/devtool"
# So that neither building nor what `doctor` and `env` remember is in the home that setup is held against.
ELSEWHERE = {
    "XDG_CACHE_HOME": "/tmp/cache",
    "CONAN_USER_HOME": "/tmp",
    "CONAN_HOME": "/tmp/conan",
    "GOPATH": "/tmp/go",
    "GOCACHE": "/tmp/gocache",
}
# Whoever holds the lock from outside has no number that could be seen inside.
WAITS = "another package manager is at work with packages: waiting up to 5 minutes for it\n"
TWO_TOOLS = ("setup", "--yes", "--only", "conan", "--only", "cmake")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Debian]:
    with debian(tmp_path / "debian") as made:
        small_project(made.path / PROJECT[1:], conan="1.61.0")
        (made.path / HOME[1:] / ".gitconfig").write_text("[user]\n\tname = Me\n\temail = me@milvus.io\n")
        yield made


def contents(machine: Debian) -> dict[str, tuple[int, bytes | str]]:
    return {name: (mode, content) for name, (mode, _, content) in machine.home().items()}


def undo_all(machine: Debian) -> None:
    while "\nfix" in (listed := "\n" + machine.devtool("undo", "--list")):
        standing = [each for each in listed.split("\nfix ")[1:] if "taken back" not in each.splitlines()[0]]
        if not standing:
            return
        machine.devtool("undo")


def said_by(said: str, start: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(start)]


@pytest.mark.parametrize("conan", ["1.61.0", "2.25.1"])
def test_a_fresh_debian_comes_to_build_the_project_and_back_to_where_it_was(
    conan: str, machine: Debian
) -> None:
    small_project(machine.path / PROJECT[1:], conan=conan)
    del machine.env["PIP_CACHE_DIR"]  # where it would be, by devtool's own choice
    home, packages = contents(machine), machine.packages()

    said = machine.devtool("setup", "--yes", cwd=PROJECT)

    assert said.splitlines()[-1] == "ready"
    assert machine.devtool("doctor", cwd=PROJECT, **ELSEWHERE).count("FAIL") == 0
    after_first, journal = machine.home(), machine.journal()
    again = machine.devtool("setup", "--yes", cwd=PROJECT)
    assert again.splitlines()[-1] == "ready"
    assert (machine.home(), machine.journal()) == (after_first, journal)

    build = f'eval "$({DEVTOOL} env)" && conan --version && make && make test && bin/small'
    built = machine.run(["sh", "-ec", build], PROJECT, **ELSEWHERE)
    assert built.splitlines()[-1] == "42"
    assert "100% tests passed" in built
    assert f"Conan version {conan}" in built

    undo_all(machine)
    assert contents(machine) == home
    assert machine.packages() == packages


def test_a_network_that_goes_away_in_the_middle_costs_one_line_and_the_next_run_goes_on(
    machine: Debian,
) -> None:
    home, names = contents(machine), machine.path / "etc/resolv.conf"
    servers = names.read_text()
    # Neither what is kept nor an index on this disk.
    only_the_network = {
        "PIP_CACHE_DIR": "/tmp/none",
        "PIP_EXTRA_INDEX_URL": "https://pypi.org/simple",
        "PIP_FIND_LINKS": "/tmp/none",
    }
    process = machine.start([DEVTOOL, *TWO_TOOLS], PROJECT, **only_the_network)
    until(lambda: (machine.path / HOME[1:] / DATA / "bin/conan").exists())
    names.write_text("nameserver 127.0.0.1\n")

    said, _ = process.communicate(timeout=120)

    assert process.returncode == 1
    assert len(said_by(said, "stopped: cannot install `cmake==3.31.10`")) == 1, said
    assert "no package registry answers: check the network" in said
    environments = machine.path / HOME[1:] / DATA / "environments"
    assert [each.name for each in environments.iterdir() if each.is_dir()] == ["conan-1.61.0"]

    names.write_text(servers)
    assert machine.devtool(*TWO_TOOLS, cwd=PROJECT).splitlines()[-1] == "ready"
    undo_all(machine)
    assert contents(machine) == home


def test_a_full_disk_costs_one_line_and_leaves_nothing(machine: Debian) -> None:
    data = machine.path / HOME[1:] / DATA
    data.mkdir(parents=True)
    home = contents(machine)
    with small_disk(data, "size=12m"):
        said = machine.devtool("setup", "--yes", "--only", "conan", cwd=PROJECT, status=1)
        left = [each for each in data.rglob("*") if each.is_file() and each.suffix != ".lock"]

        assert len(said_by(said, "stopped: cannot install `conan==1.61.0`")) == 1, said
        assert "free some space and try again" in said
        assert left == []
        undo_all(machine)
    assert contents(machine) == home


def test_what_was_killed_while_packages_were_unpacked_goes_on_to_the_end(machine: Debian) -> None:
    home, packages = contents(machine), machine.packages()
    updates = machine.path / "var/lib/dpkg/updates"
    process = machine.start([DEVTOOL, "setup", "--yes", "--only", "gcc"], PROJECT)
    until(lambda: len(list(updates.glob("[0-9]*"))) > 8)
    end(process)

    said = machine.devtool("setup", "--yes", "--only", "gcc", cwd=PROJECT)

    assert said.splitlines()[-1] == "ready"
    assert machine.run(["dpkg", "--audit"]) == ""
    undo_all(machine)
    assert contents(machine) == home
    assert machine.packages() == packages


@pytest.mark.parametrize(
    "moment", ["environments/conan-1.61.0/pyvenv.cfg", "environments/conan-1.61.0/bin/conan"]
)
def test_what_was_killed_while_a_tool_was_made_goes_on_to_the_end(moment: str, machine: Debian) -> None:
    home = contents(machine)
    process = machine.start([DEVTOOL, *TWO_TOOLS], PROJECT)
    until((machine.path / HOME[1:] / DATA / moment).exists)
    end(process)

    said = machine.devtool(*TWO_TOOLS, cwd=PROJECT)

    assert said.splitlines()[-1] == "ready"
    undo_all(machine)
    assert contents(machine) == home


def test_another_package_manager_at_work_is_waited_for(machine: Debian) -> None:
    home, packages = contents(machine), machine.packages()
    with (machine.path / "var/lib/dpkg/lock-frontend").open("wb") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        process = machine.start([DEVTOOL, "setup", "--yes", "--only", "make"], PROJECT)
        assert process.stdout is not None
        said = list(iter(process.stdout.readline, WAITS))
    rest, _ = process.communicate(timeout=120)

    assert rest.splitlines()[-1] == "ready"
    assert WAITS not in rest
    assert "lock" not in "".join(said) + rest
    undo_all(machine)
    assert (contents(machine), machine.packages()) == (home, packages)


def test_what_is_interrupted_while_it_waits_has_changed_nothing(machine: Debian) -> None:
    home, packages = contents(machine), machine.packages()
    with (machine.path / "var/lib/dpkg/lock-frontend").open("wb") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        process = machine.start([DEVTOOL, "setup", "--yes", "--only", "make"], PROJECT)
        assert process.stdout is not None
        all(line != WAITS for line in process.stdout)
        end(process)

    assert (contents(machine), machine.packages()) == (home, packages)


@pytest.fixture
def person(machine: Debian) -> list[str]:
    """Starts what follows as somebody who is not root."""
    home = machine.path / "home/me"
    home.mkdir()
    os.chown(home, 1000, 1000)
    (home / ".gitconfig").write_text("[user]\n\tname = Me\n\temail = me@milvus.io\n")
    return [
        *("unshare", "--pid", "--fork", "--kill-child", "--mount", f"--mount-proc={machine.path}/proc"),
        *(
            "chroot",
            "--userspec=1000:1000",
            str(machine.path),
            "/usr/bin/env",
            "-C",
            PROJECT,
            "HOME=/home/me",
        ),
    ]


def test_a_sudo_that_refuses_costs_one_line_and_changes_nothing(machine: Debian, person: list[str]) -> None:
    packages = machine.packages()
    sudo = machine.path / "usr/local/bin/sudo"
    sudo.write_text("#!/bin/sh\necho 'me is not in the sudoers file.' >&2\nexit 1\n")
    sudo.chmod(0o755)

    with Screen([*person, DEVTOOL, "setup", "--yes", "--only", "make"], env=machine.env) as screen:
        status = screen.leave(60)

    said = screen.shown.decode().replace("\r", "")
    assert "me is not in the sudoers file." in said
    assert len(said_by(said, "stopped: ")) == 1
    assert status == 1
    assert machine.packages() == packages


def test_without_sudo_and_root_the_command_is_shown_and_left_to_the_person(
    machine: Debian, person: list[str]
) -> None:
    packages = machine.packages()

    answer = subprocess.run(
        [*person, DEVTOOL, "setup", "--yes", "--only", "make"],
        env=machine.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "sudo sh -c 'apt-get update && apt-get install -y make'" in answer.stdout
    assert "nothing was changed: every step needs root" in answer.stdout
    assert machine.packages() == packages
