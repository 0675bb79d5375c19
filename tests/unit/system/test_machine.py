"""What the machine door says of this process's surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtool.system.machine import RealMachine


@pytest.mark.parametrize("named", ["relative", "/nonexistent/home", __file__])
def test_a_home_that_is_no_folder_is_no_home(named: str) -> None:
    assert RealMachine().home({"HOME": named}) is None


def test_the_home_is_the_folder_that_home_names(home: str) -> None:
    assert RealMachine().home({"HOME": f"{home}/"}) == home
    assert RealMachine().home({"HOME": "//"}) == "/"


def test_without_home_the_user_database_is_asked() -> None:
    assert RealMachine().home({}) == os.path.expanduser("~" + _login())


def test_the_current_folder_has_no_slash_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert RealMachine().working_directory(None) == str(tmp_path)


def test_a_deleted_current_folder_is_bad_input_unless_another_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"rmdir '{gone}'; '{sys.executable}' -m devtool"

    lost = _shell(f"{line} host", gone)
    gone.mkdir()
    found = _shell(f"{line} -C / host", gone)

    assert lost.returncode == 2
    assert lost.stderr.splitlines()[-2:] == [
        "devtool: the current folder no longer exists",
        "  change to a folder that does",
    ]
    assert found.returncode == 0


def _login() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    checkout = str(Path(__file__).parents[3])
    env = {**os.environ, "PYTHONPATH": checkout}
    return subprocess.run(["sh", "-c", line], cwd=cwd, env=env, capture_output=True, text=True, check=False)
