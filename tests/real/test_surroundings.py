"""The checks of Python, PATH, ports and proxies against what is really on this machine."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.checks import checks
from devtool.model.remedy import AppendLine
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System, real_system
from devtool.system.process import RealProcess
from tests.conftest import require
from tests.support import tools
from tests.support.examining import LINUX, examined, need, needs

pytestmark = pytest.mark.real
BY_ID = {check.id: check for check in checks()}
SYSTEM_PYTHON = "/usr/bin/python3"


def system(path: str, home: Path, **more: str) -> System:
    env = {"PATH": path, "HOME": str(home), **more}
    return replace(real_system("/"), env=env, process=RealProcess(env))


def seen(check_id: str, machine: System, asked: Needs, home: Path | None = None) -> Finding:
    return examined(BY_ID[check_id], machine, asked, replace(LINUX, home=str(home) if home else None))


def managed() -> bool:
    program = "import sysconfig,os;print(os.path.exists(sysconfig.get_path('stdlib')+'/EXTERNALLY-MANAGED'))"
    if not os.access(SYSTEM_PYTHON, os.X_OK):
        return False
    answer = subprocess.run([SYSTEM_PYTHON, "-c", program], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == "True"


def interpreter(version: str) -> str:
    """The program itself, where `tools.python` may give a version manager's shim."""
    argv = [tools.python(version), "-c", "import sys; print(sys._base_executable)"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def links(folder: Path, **programs: str) -> str:
    """A PATH with these programs alone."""
    folder.mkdir()
    for name, target in programs.items():
        (folder / name).symlink_to(target)
    return str(folder)


CONAN = needs(need("conan", "==2.25.1"))


def test_a_real_system_python_refuses_pip_as_the_check_says(tmp_path: Path) -> None:
    require(managed(), "no externally managed Python at /usr/bin/python3")
    path = links(tmp_path / "bin", python3=SYSTEM_PYTHON)

    finding = seen("externally-managed", system(path, tmp_path), CONAN)

    assert finding.severity == "warning"
    assert "externally-managed-environment" in finding.summary


def test_an_environment_of_a_managed_python_takes_packages(tmp_path: Path) -> None:
    require(managed(), "no externally managed Python at /usr/bin/python3")
    subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)

    finding = seen("externally-managed", system(f"{tmp_path}/env/bin", tmp_path), CONAN)

    assert finding.severity == "ok"


@pytest.mark.parametrize("version", ["3.11", "3.12"])
def test_a_whole_python_makes_environments(version: str, tmp_path: Path) -> None:
    path = links(tmp_path / "bin", python3=interpreter(version))

    finding = seen("python-venv", system(path, tmp_path), Needs(None, None))

    assert finding.severity == "ok"
    assert finding.summary.startswith(f"Python {version}")


def test_an_ensurepip_that_is_an_empty_folder_is_missing(tmp_path: Path) -> None:
    base = Path(interpreter("3.11")).resolve()
    home = tmp_path / "python"
    library = home / "lib/python3.11"
    library.mkdir(parents=True)
    for part in (base.parents[1] / "lib/python3.11").iterdir():
        if part.name != "ensurepip":
            (library / part.name).symlink_to(part)
    (library / "ensurepip").mkdir()
    (home / "bin").mkdir()
    shutil.copy(base, home / "bin/python3")

    finding = seen(
        "python-venv",
        system(f"{home}/bin", tmp_path, LD_LIBRARY_PATH=str(base.parents[1] / "lib")),
        Needs(None, None),
    )

    assert finding.severity == "failure"
    assert "lacks `ensurepip`" in finding.summary


@pytest.mark.parametrize(("version", "severity"), [("3.11", "ok"), ("3.12", "failure")])
def test_the_old_conan_finds_its_python_or_not(version: str, severity: str, tmp_path: Path) -> None:
    path = links(tmp_path / "bin", python3=interpreter(version))
    for folder in ("/opt/homebrew/bin", "/usr/local/bin"):
        require(not list(Path(folder).glob("python3*")), f"another Python in {folder}")

    finding = seen("conan-python", system(path, tmp_path), needs(need("conan", "==1.61.0")))

    assert finding.severity == severity


@pytest.mark.parametrize(("shell", "name"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("sh", ".profile")])
def test_the_line_for_the_profile_puts_the_hidden_conan_on_path(
    shell: str, name: str, tmp_path: Path
) -> None:
    home = tmp_path / 'a $home with "quotes"'
    tool = home / ".local/bin/conan"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\necho Conan version 2.25.1\n")
    tool.chmod(0o755)
    machine = system("/usr/bin:/bin", home)
    host = replace(LINUX, home=str(home), shell=shell)

    finding = examined(BY_ID["conan-path"], machine, CONAN, host)
    (action,) = finding.remedies[0].actions
    assert isinstance(action, AppendLine)
    answer = subprocess.run(
        ["sh", "-c", f"{action.preview}\n. {shlex.quote(action.path)}\nconan --version"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    again = examined(BY_ID["conan-path"], machine, CONAN, host)

    assert finding.severity == "failure"
    assert action.path == f"{home}/{name}"
    assert answer.stdout == "Conan version 2.25.1\n"
    assert (again.severity, again.remedies) == ("warning", ())


def test_a_real_listener_is_named_with_its_process(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        finding = seen("ports", system("/usr/bin", tmp_path), Needs("x", "/", ports=(port,)))

    assert finding.severity == "warning"
    assert f"port {port} in use by `" in finding.summary
    assert f"(pid {os.getpid()})" in finding.summary


def test_a_real_proxy_is_alive_or_dead(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://me:s3cret@127.0.0.1:{server.getsockname()[1]}"
        alive = seen("proxy", system("/usr/bin", tmp_path, https_proxy=address), Needs(None, None))
    dead = seen("proxy", system("/usr/bin", tmp_path, https_proxy=address), Needs(None, None))

    assert (alive.severity, dead.severity) == ("ok", "failure")
    assert "s3cret" not in repr((alive, dead))


@pytest.mark.parametrize("before", [None, "corp.internal"])
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_line_for_no_proxy_cures_in_a_real_shell(shell: str, before: str | None, tmp_path: Path) -> None:
    env = {"https_proxy": "http://127.0.0.1:9", **({"no_proxy": before} if before else {})}
    machine = system("/usr/bin:/bin", tmp_path, **env)
    host = replace(LINUX, home=str(tmp_path), shell=shell)
    (action,) = examined(BY_ID["no-proxy"], machine, Needs(None, None), host).remedies[0].actions
    assert isinstance(action, AppendLine)

    value = subprocess.run(
        ["sh", "-c", f'{action.line}\nprintf %s "$no_proxy"'],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    cured = system("/usr/bin:/bin", tmp_path, **{**env, "no_proxy": value})

    assert value == "localhost,127.0.0.1" + (f",{before}" if before else "")
    assert examined(BY_ID["no-proxy"], cured, Needs(None, None), host).severity == "ok"
