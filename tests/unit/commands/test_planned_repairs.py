"""What repairs plans from what holds now, not from what an earlier run saw."""

from __future__ import annotations

import pytest

from devtool.cli import run
from tests.support import FakeConsole, FakeFiles, FakeMachine, FakeProcess, ended, fake_system

LISTS = "/var/lib/apt/lists/mirror_Packages"
HALF_WAY = "Package: libgomp1\nStatus: install ok unpacked\n"
DEBIAN = {
    "/etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
    "/checkout/devtool.toml": 'name = "small"\n[needs]\nmake = ""\n',
    "/var/lib/dpkg/status": "",
    LISTS: "",
}


@pytest.mark.parametrize(
    "repairs", [["doctor", "--only", "make", "--fix", "--dry-run"], ["onboard", "--dry-run"]], ids=" ".join
)
@pytest.mark.parametrize(
    ("changed", "command"),
    [
        ({}, "apt-get install -y make"),
        (
            {"/var/lib/dpkg/status": HALF_WAY},
            "sh -c 'dpkg --configure -a; apt-get install --fix-broken -y' && apt-get install -y make",
        ),
    ],
    ids=["lists that were fetched", "an installation that was cut off"],
)
def test_what_changed_since_the_last_look_is_in_the_plan(
    changed: dict[str, str], command: str, repairs: list[str]
) -> None:
    console, files = FakeConsole(), FakeFiles({**DEBIAN}, folders=("/home/me",))
    process = FakeProcess(
        {"make --version": ended(outcome="absent")}, programs={"apt-get": "/usr/bin/apt-get"}
    )
    system = fake_system(files=files, process=process, console=console, machine=FakeMachine(root=True))
    if not changed:
        files.remove(LISTS)
    run(["doctor", "--only", "make"], system)
    files.content |= {LISTS: b"", **{path: text.encode() for path, text in changed.items()}}

    run(repairs, system)

    assert command in console.notes
