"""A project in Milvus's shape built for real: in its dev container, in a builder of its own, and here."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import require
from tests.support.engine import Command, Compose, Shaped, docker
from tests.support.inside import give

pytestmark = pytest.mark.real


def builders(checkout: Path) -> list[str]:
    """The builders that the engine has for the checkout, running or not."""
    label = f"label=io.github.devtool.builder={checkout}"
    return docker("ps", "-aq", "--no-trunc", "--filter", label).split()


def on(compose: Compose) -> dict[str, str]:
    """What makes a process see this Compose alone, with the source of the tests."""
    return {**compose.env, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_the_sample_builds_in_a_builder_that_is_gone_afterwards(shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()

    done = devtool("build", "all", "--no-gate", cwd=checkout)

    assert "`make all` in a builder of its own (a Docker engine answers" in done.stderr
    assert "Linking CXX shared library libsum.so" in done.stdout
    assert (checkout / "cmake_build/libsum.so").exists()
    assert (checkout / "bin/milvus").exists()
    assert builders(checkout) == []


def test_the_sample_builds_in_its_dev_container_on_either_compose(
    shaped: Shaped, devtool: Command, compose: Compose
) -> None:
    checkout, env = shaped(), on(compose)

    devtool("container", "up", cwd=checkout, env=env)
    done = devtool("build", "all", "--no-gate", cwd=checkout, env=env)

    assert "`make all` in the dev container (it is up)" in done.stderr
    assert (checkout / "bin/milvus").exists()
    assert builders(checkout) == []


def test_asked_for_by_name_the_dev_container_is_brought_up(shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()

    done = devtool("build", "test-cpp", "--in", "devcontainer", "--no-gate", cwd=checkout)

    assert "100% tests passed" in done.stdout
    assert "in the dev container (`--in`)" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="gives files to another user")
def test_what_a_builder_makes_belongs_to_the_owner_of_the_checkout(shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()
    give(checkout, 54321, 54322)

    devtool("build", "build-cpp", "--in", "builder", "--no-gate", cwd=checkout)

    made = (checkout / "cmake_build/libsum.so").stat()
    assert (made.st_uid, made.st_gid) == (54321, 54322)


def test_the_number_of_jobs_reaches_the_project(shaped: Shaped, devtool: Command) -> None:
    checkout = shaped()
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write("told:\n\t@echo $(jobs) $$CONAN_CPU_COUNT $(word)\n")

    words = ("build", "told", "--in", "builder", "--no-gate", "--jobs", "3", "--", "word=further")
    done = devtool(*words, cwd=checkout)

    assert done.stdout == "3 3 further\n"


@pytest.mark.parametrize("place", ["builder", "local"])
def test_the_exit_status_is_the_builds_own(shaped: Shaped, devtool: Command, place: str) -> None:
    checkout = shaped()
    (checkout / "devtool.toml").write_text("[build.targets]\nleave = \"sh -c 'exit 42'\"\n")

    devtool("build", "leave", "--in", place, "--quiet", cwd=checkout, status=42)


def test_gates_stop_a_build_before_anything_is_made(shaped: Shaped, devtool: Command, tmp_path: Path) -> None:
    checkout = shaped()
    env = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}

    done = devtool("build", "--in", "builder", cwd=checkout, env=env, status=1)

    assert "FAIL  docker-daemon: no Docker engine runs at" in done.stderr
    assert "not built:" in done.stderr
    assert done.stdout == ""


def test_without_an_engine_it_is_built_here_and_said_why(
    shaped: Shaped, devtool: Command, tmp_path: Path
) -> None:
    checkout = shaped()
    env = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}

    done = devtool("build", "--dry-run", "--format", "json", cwd=checkout, env=env)

    place = json.loads(done.stdout)["place"]
    assert place["name"] == "local"
    assert "no Docker engine runs at" in place["reason"]


def test_a_project_without_a_container_is_built_here(tmp_path: Path, devtool: Command) -> None:
    require(
        subprocess.run(["make", "--version"], capture_output=True, check=False).returncode == 0, "no make"
    )
    (tmp_path / "plain/.git").mkdir(parents=True)
    (tmp_path / "plain/Makefile").write_text("all:\n\t@echo made by $$CMAKE_BUILD_PARALLEL_LEVEL\n")

    done = devtool("build", "--jobs", "2", cwd=tmp_path / "plain")

    assert done.stdout == "made by 2\n"
    assert "on this machine" in done.stderr
