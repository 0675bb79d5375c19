"""The real rustup, brought from a server on loopback with small toolchains, and the check that wants it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.checks.rust import RUST
from devtool.cli import run
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.remedies.application import apply
from devtool.system import System
from devtool.workflows.repairing import plan_for
from tests.conftest import require
from tests.support.examining import examined, need
from tests.support.homes import Home
from tests.support.rust_server import TARGET, add_toolchain
from tests.support.samples import report
from tests.support.tools import environment
from tests.support.web import Web, serving

pytestmark = pytest.mark.real
INIT = f"/rustup/dist/{TARGET}/rustup-init"
PATH = "/usr/bin:/bin"


@pytest.fixture
def web() -> Iterator[Web]:
    # rustup is its own installer, under another name.
    installer = environment("rustup-1.29.0", "3.11", "rustup==1.29.0.1") / "bin/rustup"
    require(not shutil.which("cargo", path=PATH), "the system's own cargo cannot be hidden")
    content = installer.read_bytes()
    published = f"{hashlib.sha256(content).hexdigest()}  rustup-init\n".encode()
    with serving(Web({INIT: content, f"{INIT}.sha256": published})) as site:
        for version in ("1.75", "1.89", "1.92"):
            add_toolchain(site, version)
        yield site


@pytest.fixture
def me(home: str) -> Home:
    shims = f"{home}/.local/share/devtool/bin"
    return Home(Path(home), path_variable=f"{shims}:{PATH}")


def system(me: Home, web: Web) -> System:
    plain = me.system
    env = {**plain.env, "RUSTUP_DIST_SERVER": web.url("")}
    return replace(plain, env=env, process=type(plain.process)(env))


def checkout(me: Home) -> Path:
    root = me.path / "check out"
    root.mkdir(exist_ok=True)
    return root


def seen(me: Home, web: Web, default: str = ">=1.92") -> Finding:
    wanted = need("rust", default, toolchains=("1.89",))
    return examined(RUST, system(me, web), Needs("milvus", str(checkout(me)), (wanted,)))


def repaired(me: Home, web: Web, finding: Finding) -> None:
    outcome = apply(system(me, web), plan_for(system(me, web), report(finding)))
    assert outcome.error is None, outcome.error.hint


def cargo(me: Home, web: Web, *arguments: str, where: Path) -> str:
    env = system(me, web).env
    shim = f"{me.system.directories.shims}/cargo"
    command = [shim, *arguments, "--version"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=where).stdout


def test_an_absent_rust_is_brought_with_both_toolchains_and_undo_removes_it(me: Home, web: Web) -> None:
    checkout(me)
    before = settled(me)

    absent = seen(me, web)
    repaired(me, web, absent)
    there = seen(me, web)

    assert (absent.severity, there.severity) == ("failure", "ok")
    assert there.summary == "rust 1.92.0; toolchain 1.89 is beside it"
    assert cargo(me, web, "+1.89", where=me.path).startswith("cargo 1.89.0")
    assert not (me.path / ".cargo").exists()
    assert not (me.path / ".rustup").exists()
    assert not (me.path / ".profile").exists()
    assert [path for path, _ in web.requests if "release-stable" in path] == []
    assert run(["undo"], me.system) == 0
    assert settled(me) == before


def test_a_default_that_is_too_old_stays_the_default_of_every_other_project(me: Home, web: Web) -> None:
    repaired(me, web, seen(me, web, "==1.75.*"))
    elsewhere = cargo(me, web, where=me.path)

    old = seen(me, web)
    repaired(me, web, old)
    there = seen(me, web)

    assert old.severity == "failure"
    assert there.summary == "rust 1.92.0; toolchain 1.89 is beside it"
    assert cargo(me, web, where=checkout(me)).startswith("cargo 1.92.0")
    assert cargo(me, web, where=me.path) == elsewhere
    assert elsewhere.startswith("cargo 1.75.0")
    assert run(["undo"], system(me, web)) == 0
    assert seen(me, web).summary == old.summary


def test_a_person_without_a_default_gets_what_this_checkout_calls(me: Home, web: Web) -> None:
    repaired(me, web, seen(me, web, "==1.75.*"))
    rustup = f"{me.system.directories.shims}/rustup"
    for arguments in (("default", "none"), ("toolchain", "uninstall", "1.89")):
        subprocess.run([rustup, *arguments], env=system(me, web).env, check=True, capture_output=True)

    none = seen(me, web)
    repaired(me, web, none)

    assert none.summary.startswith("rustup has no default toolchain")
    assert seen(me, web).summary == "rust 1.92.0; toolchain 1.89 is beside it"


def settled(me: Home) -> dict[str, tuple[int, bytes | str]]:
    """What is there, but our own empty folders and the cache."""
    return {name: what for name, what in me.contents().items() if not name.startswith((".local", ".cache"))}
