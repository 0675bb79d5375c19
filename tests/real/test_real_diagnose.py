"""`devtool diagnose` over the output of real tools that really fail, in checkouts of both eras of Conan."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import require
from tests.fixtures.eras import BRANCH_2_6, MASTER, Files
from tests.support.tools import conan, environment

pytestmark = pytest.mark.real

STANDARD = "/usr/bin:/bin"
DEVTOOL = [sys.executable, "-m", "devtool"]


@pytest.fixture
def env(home: str) -> dict[str, str]:
    """A fresh person's environment, with the system's programs alone."""
    return {"HOME": home, "PATH": STANDARD, "LC_ALL": "C.UTF-8", "TERM": "dumb"}


@pytest.fixture
def closed() -> Iterator[str]:
    """Where nobody listens: the port stays taken while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def checkout(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """A small checkout that needs Conan 2."""
    return checkout(tmp_path / "master", MASTER)


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A small checkout that needs Conan 1."""
    return checkout(tmp_path / "branch", BRANCH_2_6)


def failing(line: str, env: Mapping[str, str], cwd: Path) -> bytes:
    """What a shell line prints that must fail."""
    ended = subprocess.run(
        ["bash", "-c", line],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0, ended.stdout
    return ended.stdout


def diagnosed(log: bytes, env: Mapping[str, str], cwd: Path, *options: str) -> dict[str, Any]:
    """The JSON of the real command, which must leave with the status that fits it."""
    ended = subprocess.run(
        [*DEVTOOL, "diagnose", "--format", "json", *options],
        env=env,
        cwd=cwd,
        input=log,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout, ended.stderr.decode()
    page: dict[str, Any] = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (1 if page["findings"] else 0, b"")
    return page


def primary(page: dict[str, Any]) -> tuple[str, str]:
    """Id and state of the root cause, which is the first of the findings."""
    first, *others = page["findings"]
    assert first["primary"]
    assert not any(each["primary"] for each in others)
    return first["id"], first["state"]


def commands(page: dict[str, Any]) -> list[str]:
    """Every command of the root cause's cures."""
    return [line for remedy in page["findings"][0]["remedies"] for line in remedy["commands"]]


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_missing_conan_is_confirmed_and_cured_by_what_each_checkout_needs(
    shell: str, env: dict[str, str], master: Path, branch: Path
) -> None:
    pages = {}
    for place in (master, branch):
        (place / "build.sh").write_text("echo Building\ncd .\nconan install . --build=missing\n")
        log = failing(f"{shell} build.sh", env, place)
        pages[place] = diagnosed(log, env, place, "--here")

    assert [primary(page) for page in pages.values()] == [("conan-not-found", "confirmed")] * 2
    assert [page["findings"][0]["line"] for page in pages.values()] == [2, 2]
    assert "pipx install 'conan==2.25.1'" in commands(pages[master])
    assert "pipx install 'conan==1.64.1'" in commands(pages[branch])
    assert not any("conan==1" in line for line in commands(pages[master]))
    assert not any("conan==2" in line for line in commands(pages[branch]))


def test_a_missing_conan_is_no_longer_so_where_one_is_there_now(env: dict[str, str], master: Path) -> None:
    log = failing("conan install .", env, master)
    now = {**env, "PATH": f"{conan('2.25.1', '3.12')}/bin:{STANDARD}"}

    page = diagnosed(log, now, master, "--here")

    assert primary(page) == ("conan-not-found", "refuted")
    assert "conan: conan 2.25.1" in page["findings"][0]["evidence"]


def test_a_real_conan_2_in_a_checkout_of_conan_1_is_told_and_confirmed(
    env: dict[str, str], master: Path, branch: Path
) -> None:
    env["PATH"] = f"{conan('2.25.1', '3.12')}/bin:{STANDARD}"
    log = failing("conan install . --install-folder conan --build=missing", env, branch)

    here, elsewhere = (diagnosed(log, env, place, "--here") for place in (branch, master))

    assert primary(here) == ("conan2-install-folder-unrecognized", "confirmed")
    assert primary(elsewhere) == ("conan2-install-folder-unrecognized", "refuted")
    assert elsewhere["findings"][0]["evidence"] == ["this happens only where the checkout needs conan <2"]


def test_a_real_conan_1_in_a_checkout_of_conan_2_is_told_and_confirmed(
    env: dict[str, str], master: Path, branch: Path
) -> None:
    env["PATH"] = f"{conan('1.66.0', '3.11')}/bin:{STANDARD}"
    log = failing("conan install internal/core --build=missing", env, master)

    here, elsewhere = (diagnosed(log, env, place, "--here") for place in (master, branch))

    assert primary(here) == ("conan1-on-conan2-checkout", "confirmed")
    assert primary(elsewhere) == ("conan1-on-conan2-checkout", "refuted")


def test_a_real_conan_1_61_on_python_3_12_is_told_by_its_traceback(env: dict[str, str], branch: Path) -> None:
    env["PATH"] = f"{conan('1.61.0', '3.12')}/bin:{STANDARD}"
    log = failing("conan install .", env, branch)

    page = diagnosed(log, env, branch, "--here")

    assert primary(page) == ("python-imp-removed", "confirmed")


def test_a_real_cmake_that_is_too_old_is_named_although_its_message_wraps(
    env: dict[str, str], tmp_path: Path
) -> None:
    require(shutil.which("cmake", path=STANDARD), "no cmake on this machine")
    text = "cmake_minimum_required(VERSION 99.0)\nproject(x)\n"
    (tmp_path / "CMakeLists.txt").write_text(text)
    log = failing("cmake -S . -B out", env, tmp_path)

    page = diagnosed(log, env, tmp_path)

    assert primary(page) == ("cmake-too-old", "suspected")
    assert [each["id"] for each in page["findings"]] == ["cmake-too-old"]


def test_a_real_pip_and_a_closed_port_are_told(env: dict[str, str], closed: str, tmp_path: Path) -> None:
    python = environment("pip", "3.12", "pip==24.0") / "bin/python"
    log = failing(
        f"{python} -m pip --isolated install --retries 1 --timeout 2 --proxy http://{closed} nothing-there",
        env,
        tmp_path,
    )

    page = diagnosed(log, env, tmp_path)

    assert primary(page) == ("network-proxy-unreachable", "suspected")


def test_a_real_pip_and_an_index_that_is_gone_are_not_taken_for_packages_that_exclude_each_other(
    env: dict[str, str], closed: str, tmp_path: Path
) -> None:
    python = environment("pip", "3.12", "pip==24.0") / "bin/python"
    pip = f"{python} -m pip --isolated install --retries 1 --timeout 2"
    log = failing(f"{pip} --index-url http://{closed}/simple nothing-there", env, tmp_path)

    page = diagnosed(log, env, tmp_path)

    assert page["failed"]
    assert all(each["id"].startswith("network-") for each in page["findings"])


def test_a_real_git_and_a_proxy_that_is_gone_are_told_and_confirmed_by_the_environment(
    env: dict[str, str], closed: str, master: Path
) -> None:
    there = {**env, "https_proxy": f"http://{closed}"}
    log = failing("git clone https://git.invalid/owner/project", there, master)

    with_proxy = diagnosed(log, there, master, "--here")
    without = diagnosed(log, env, master, "--here")

    assert primary(with_proxy) == ("network-proxy-unreachable", "confirmed")
    assert primary(without)[0] == "network-proxy-unreachable"
    assert primary(without)[1] != "confirmed"


def test_a_real_compiler_error_is_none_of_the_known_failures(env: dict[str, str], tmp_path: Path) -> None:
    require(shutil.which("gcc", path=STANDARD), "no gcc on this machine")
    (tmp_path / "a.c").write_text("int main(void) { return frobnicate(segments); }\n")
    log = failing("gcc -c a.c", env, tmp_path)

    page = diagnosed(log, env, tmp_path)

    assert (page["findings"], page["failed"]) == ([], True)
    meant = [number for number, line in enumerate(log.splitlines(), 1) if b" error: " in line]
    assert [each["line"] for each in page["unrecognised"]] == meant[:1]


def test_a_real_build_that_went_well_names_nothing(env: dict[str, str], tmp_path: Path) -> None:
    require(shutil.which("make", path=STANDARD), "no make on this machine")
    (tmp_path / "Makefile").write_text("all:\n\t-false\n\t@echo done\n")
    log = subprocess.check_output(["make"], env=env, cwd=tmp_path, stderr=subprocess.STDOUT)

    page = diagnosed(log, env, tmp_path)

    assert (page["findings"], page["unrecognised"]) == ([], [])


def test_the_text_for_a_person_shows_the_line_and_the_cure(env: dict[str, str], master: Path) -> None:
    log = failing("make-believe() { conan install .; }; make-believe", env, master)
    (master / "build.log").write_bytes(log)

    text = subprocess.run(
        [*DEVTOOL, "diagnose", "--here", "build.log"],
        env={**env, "COLUMNS": "100"},
        cwd=master,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout

    assert "FAIL  conan-not-found: " in text
    assert "build.log:1" in text
    assert "pipx install 'conan==2.25.1'" in text
