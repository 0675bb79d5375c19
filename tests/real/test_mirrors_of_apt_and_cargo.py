"""Mirrors that no variable names, with the programs: apt and Cargo ask where devtool sends them."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.adapters.apt_sources import archive
from devtool.model.packages import InstallPackages
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.text_change import WriteText
from devtool.system import System, real_system
from devtool.workflows.repairing import plan_for
from tests.conftest import require
from tests.support.console import FakeConsole
from tests.support.samples import report
from tests.support.tools import homes
from tests.support.web import Web, serving

pytestmark = pytest.mark.real


def machine(home: str, **env: str) -> System:
    env = {"HOME": home, "PATH": os.environ["PATH"], "no_proxy": "127.0.0.1", **env}
    system = real_system("/")
    return replace(system, env=env, process=type(system.process)(env), console=FakeConsole())


def gone() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_apt_asks_the_mirror_and_its_own_lists_stay(home: str, tmp_path: Path) -> None:
    require(shutil.which("apt-get"), "apt-get is not installed")
    state = tmp_path / "apt"
    (state / "lists/partial").mkdir(parents=True)
    kept = state / "lists/of-another-source_Packages"
    kept.write_text("")
    settings = tmp_path / "apt.conf"
    settings.write_text(
        f'Dir::State::lists "{state}/lists";\nDir::Cache "{state}";\nAPT::Sandbox::User "";\n'
        "Acquire::Retries 0;\n"
    )
    install = InstallPackages("apt-get", ("gcc",), ("gcc",), False)
    gcc = Finding("gcc", "failure", "no gcc", remedies=(Remedy("", (install,)),))
    with serving(Web()) as web:
        # What is not the mirror is asked through a proxy that is not there.
        env = {"APT_CONFIG": str(settings), "http_proxy": gone(), "https_proxy": gone()}
        system = machine(home, DEVTOOL_MIRROR_APT=web.url("/debian"), **env)
        require(archive(system), "apt's sources name no archive")
        plan = plan_for(system, report(gcc))
        for action in plan.actions:
            if isinstance(action, WriteText):
                system.files.write(action.path, action.after.encode())
        [packages] = [each for each in plan.actions if isinstance(each, InstallPackages)]

        system.process.run(packages.argvs[0], timeout_seconds=60, cwd="/")

    assert any(path.startswith("/debian/dists/") for path, _ in web.requests)
    assert kept.exists()


def test_a_private_cargo_asks_the_mirror(home: str, tmp_path: Path) -> None:
    kept = next(
        (each for each in homes() if os.path.exists(f"{each}/.cargo/bin/cargo")), os.path.expanduser("~")
    )
    cargo = shutil.which("cargo", path=f"{kept}/.cargo/bin:{os.environ['PATH']}")
    require(cargo, "cargo is not installed")
    data = f"{home}/.local/share/devtool/toolchains/rust/cargo"
    os.makedirs(f"{data}/bin")
    os.symlink(str(cargo), f"{data}/bin/cargo")
    (tmp_path / "p/src").mkdir(parents=True)
    (tmp_path / "p/src/lib.rs").write_text("")
    (tmp_path / "p/Cargo.toml").write_text(
        '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2018"\n[dependencies]\ntiny = "1"\n'
    )
    with serving(Web(ranges=False)) as web:
        web.files["/index/config.json"] = f'{{"dl": "{web.url("/dl")}"}}'.encode()
        web.files["/index/ti/ny/tiny"] = (
            b'{"name":"tiny","vers":"1.0.0","deps":[],"cksum":"'
            + b"0" * 64
            + b'","features":{},"yanked":false}\n'
        )
        system = machine(home, DEVTOOL_MIRROR_CRATES=web.url("/index"))
        [config] = plan_for(system, report(Finding("rust", "ok", ""))).actions
        assert isinstance(config, WriteText)
        system.files.write(config.path, config.after.encode())

        environment = {
            "CARGO_HOME": data,
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", f"{kept}/.rustup"),
        }
        answer = system.process.run(
            [str(cargo), "generate-lockfile", "--manifest-path", str(tmp_path / "p/Cargo.toml")],
            timeout_seconds=60,
            cwd="/",
            env=environment,
        )

    assert answer.ok, answer.output
    assert [path for path, _ in web.requests] == ["/index/config.json", "/index/ti/ny/tiny"]
    assert 'name = "tiny"' in (tmp_path / "p/Cargo.lock").read_text()
