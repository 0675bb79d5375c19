"""Mirrors that real installers fetch from: pip and uv from a package index on loopback."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.errors import DevtoolError
from devtool.model.remedy import Plan, Step
from devtool.model.toolchain import MakeToolEnvironment
from devtool.remedies.application import apply
from devtool.system import System, real_system
from devtool.workflows.supplying import supplied
from tests.conftest import require
from tests.support.console import FakeConsole
from tests.support.web import Web, serving

pytestmark = pytest.mark.real

WHEEL = "tinytool-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: tinytool\nVersion: 1.0\n"


def wheel() -> bytes:
    """A package that brings one command."""
    stream = io.BytesIO()
    parts = {
        "tinytool.py": "def main(): print('tiny 1.0')\n",
        "tinytool-1.0.dist-info/METADATA": METADATA,
        "tinytool-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tinytool-1.0.dist-info/entry_points.txt": "[console_scripts]\ntinytool = tinytool:main\n",
    }
    parts["tinytool-1.0.dist-info/RECORD"] = "".join(
        f"{name},,\n" for name in [*parts, "tinytool-1.0.dist-info/RECORD"]
    )
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def index() -> Web:
    link = f'<a href="/files/{WHEEL}" data-core-metadata="true">{WHEEL}</a>'
    page = f"<!DOCTYPE html><html><body>{link}</body></html>"
    files = {f"/files/{WHEEL}": wheel(), f"/files/{WHEEL}.metadata": METADATA.encode()}
    return Web({"/simple/tinytool/": page.encode(), **files}, ranges=False)


def machine(home: str, with_uv: bool, **env: str) -> System:
    """The real doors with a home of their own, and uv on PATH or not."""
    folders = [str(Path(sys.executable).parent), *os.environ["PATH"].split(":")]
    path = ":".join(f for f in folders if with_uv or not os.path.exists(f"{f}/uv"))
    env = {"HOME": home, "PATH": path, "no_proxy": "127.0.0.1", "PIP_RETRIES": "0", **env}
    system = real_system("/")
    return replace(system, env=env, process=type(system.process)(env), console=FakeConsole(), cwd=home)


def install(system: System, home: str) -> str | None:
    """Install the tool as `setup` does; what went wrong."""
    action = MakeToolEnvironment("tinytool", "1.0", "", f"{home}/e", f"{home}/bin/tinytool", "why")
    error = apply(system, Plan((Step(action),))).error
    return None if error is None else f"{error.message} {error.hint}"


@pytest.mark.parametrize("with_uv", [False, True])
@pytest.mark.parametrize("by", ["flag", "environment", "kin", "file", "own"])
def test_pip_and_uv_fetch_from_the_mirror_that_holds(home: str, by: str, with_uv: bool) -> None:
    with serving(index()) as web:
        url, dead = web.url("/simple"), "http://127.0.0.1:9/simple"
        env = {
            "flag": {"PIP_INDEX_URL": dead, "UV_DEFAULT_INDEX": dead},
            "environment": {"DEVTOOL_MIRROR_PYPI": url},
            "kin": {"PIP_INDEX_URL" if with_uv else "UV_DEFAULT_INDEX": url},
            "file": {},
            "own": {},
        }[by]
        system = machine(home, with_uv, **env)
        require(not with_uv or system.process.which("uv"), "uv is not installed")
        if by == "file":
            Path(home, "devtool.toml").write_text(f'[mirrors]\npypi = "{url}"\n')

        if by == "own":
            Path(home, ".config/devtool").mkdir(parents=True)
            Path(home, ".config/devtool/mirrors.toml").write_text(f'pypi = "{url}"\n')

        system, chosen = supplied(system, [f"pypi={url}"] if by == "flag" else [])

        assert [each.url for each in chosen] == [url]
        assert install(system, home) is None
    assert any(path == f"/files/{WHEEL}" for path, _ in web.requests)
    assert system.process.run([f"{home}/bin/tinytool"]).stdout == "tiny 1.0\n"
    agents = {headers.get("user-agent", "").split("/")[0] for _, headers in web.requests}
    assert agents == {"uv" if with_uv else "pip"}


@pytest.mark.parametrize("with_uv", [False, True])
def test_a_mirror_that_fails_shows_no_login(home: str, with_uv: bool) -> None:
    with serving(Web()) as web:
        url = web.url("/simple").replace("//", "//me:hunter22@")
        system, _ = supplied(machine(home, with_uv), [f"pypi={url}"])

        said = install(system, home)

    console = system.console
    assert isinstance(console, FakeConsole)
    assert said is not None
    assert "hunter22" not in " ".join([said, *console.notes])
    assert any("authorization" in headers for _, headers in web.requests) or not with_uv


def test_a_broken_address_is_refused_before_anything_is_asked_of_the_machine(home: str) -> None:
    with pytest.raises(DevtoolError, match="names no http or https address"):
        supplied(machine(home, False), ["go=mirror"])
