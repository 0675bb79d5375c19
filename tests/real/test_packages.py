"""The wheel and the source distribution: built, installed into a fresh environment, and asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conftest import require

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
UV = [sys.executable, "-m", "uv", "--quiet", "--no-config"]
NOT_CARRIED = {"__pycache__"}


def files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not NOT_CARRIED & set(path.parts) and path.suffix != ".pyc"
    }


def build(kind: str, source: Path, into: Path) -> Path:
    """A wheel or sdist made by the locked backend, without a network."""
    import importlib.util

    require(
        importlib.util.find_spec("hatchling"), "hatchling is not in this environment (`scripts/test` has it)"
    )
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return next(into.glob({"wheel": "*.whl", "sdist": "*.tar.gz"}[kind]))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment that holds the wheel and its locked dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    install = [*UV, "pip", "install", "--python", str(folder / "bin/python")]
    subprocess.run([*UV, "venv", "--python", sys.executable, "--allow-existing", str(folder)], check=True)
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return folder / "bin"


def test_the_wheel_carries_every_file_of_the_package_and_the_templates(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert carried == (
        {f"devtool/{name}" for name in files(ROOT / "devtool")}
        | {f"devtool/templates/vscode/{name}" for name in files(ROOT / "vscode")}
        | {f"devtool/templates/.devcontainer/{name}" for name in files(ROOT / ".devcontainer")}
    )
    assert "devtool/py.typed" in carried
    assert any(name.startswith("devtool/profiles/") and name.endswith(".toml") for name in carried)
    assert any(name.startswith("devtool/checks/explanations/") for name in carried)


def test_a_wheel_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path)
    subprocess.run(["tar", "-xzf", str(sdist), "-C", str(tmp_path)], check=True)
    unpacked = tmp_path / sdist.name.removesuffix(".tar.gz")

    again = build("wheel", unpacked, tmp_path / "again")

    with ZipFile(wheel) as first, ZipFile(again) as second:
        assert sorted(second.namelist()) == sorted(first.namelist())
    assert {"scripts/devtool", "requirements.lock", "tests/conftest.py"} <= files(unpacked)


@pytest.mark.parametrize("command", [["devtool"], ["python", "-m", "devtool"]])
def test_an_installed_devtool_shows_its_help(command: list[str], installed: Path, tmp_path: Path) -> None:
    program, *arguments = command

    answer = subprocess.run(
        [str(installed / program), *arguments, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("Usage: devtool [OPTIONS] COMMAND")


def test_an_installed_devtool_explains_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    answer = subprocess.run(
        [str(installed / "devtool"), "explain"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "git-identity" in answer.stdout
