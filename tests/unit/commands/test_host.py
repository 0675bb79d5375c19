from __future__ import annotations

import dataclasses
import json

from devtool.cli import run
from devtool.model.host import GIB, Host
from devtool.render.host import render_host
from tests.support import FakeConsole, FakeFiles, fake_system
from tests.support.examining import LINUX


def test_the_text_names_every_fact_in_units_people_use() -> None:
    assert render_host(LINUX, "text") == (
        "system        linux, debian 12\n"
        "kernel        6.1.0\n"
        "architecture  x86_64\n"
        "container     none\n"
        "CPUs          8\n"
        "memory        16.0 GiB\n"
        "free disk     100.0 GiB at /checkout\n"
        "page size     4 KiB\n"
        "shell         bash\n"
        "packages      apt-get\n"
        "user          not root\n"
        "home          /home/me"
    )


def test_limits_translation_and_wsl_are_said_where_they_hold() -> None:
    host = dataclasses.replace(
        LINUX, translated=True, wsl=2, cpu_limit=1.5, memory_limit_bytes=2 * GIB, container="docker"
    )

    text = render_host(host, "text")

    assert "x86_64, translated by Rosetta" in text
    assert "WSL           2" in text
    assert "8, limited to 1.5 by the control group" in text
    assert "16.0 GiB, limited to 2.0 GiB by the control group" in text


def test_what_could_not_be_told_is_said_to_be_unknown() -> None:
    host = dataclasses.replace(
        LINUX, distribution=None, version=None, memory_bytes=None, disk_free_bytes=None, shell=None, home=None
    )

    text = render_host(host, "text")

    assert "linux, distribution unknown" in text
    assert "memory        unknown" in text
    assert "free disk     unknown at /checkout" in text


def test_json_holds_every_field_under_schema_1() -> None:
    data = json.loads(render_host(LINUX, "json"))

    assert data.pop("schema") == 1
    assert list(data) == [field.name for field in dataclasses.fields(Host)]
    assert data["package_managers"] == ["apt-get"]
    assert data["translated"] is False


def test_the_command_prints_the_host_of_the_folder_it_stands_in() -> None:
    console = FakeConsole()
    system = fake_system(console=console, files=FakeFiles({"/etc/os-release": "ID=alpine\n"}))

    status = run(["host", "--format", "json"], system)

    assert status == 0
    assert json.loads(console.results[0])["disk_path"] == "/checkout"


def test_an_unknown_format_is_bad_input() -> None:
    assert run(["host", "--format", "xml"], fake_system()) == 2
