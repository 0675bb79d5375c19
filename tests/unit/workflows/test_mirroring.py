"""Mirrors that no variable names: apt's sources for one plan, and the private Cargo's configuration."""

from __future__ import annotations

from devtool.model.packages import InstallPackages
from devtool.model.remedy import Remedy
from devtool.model.report import Finding
from devtool.model.text_change import WriteText
from devtool.model.toolchain import InstallRustup
from devtool.system import System
from devtool.workflows.repairing import plan_for
from tests.support import FakeConsole, FakeFiles, fake_system
from tests.support.samples import report

DATA = "/home/me/.local/share/devtool"
CARGO = f"{DATA}/toolchains/rust/cargo"
GCC = InstallPackages("apt-get", ("gcc",), ("gcc",), True, False, ("gcc",))
RUST = InstallRustup(
    "https://r.example/rustup-init", "", f"{DATA}/toolchains/rust", f"{DATA}/bin", ("1.89",), "why"
)
OS = {"/etc/os-release": "ID=debian\nVERSION_CODENAME=bookworm\n"}
STANZAS = """Types: deb
# the archive
URIs: http://archive.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main
"""
LINES = (
    "deb [arch=amd64] http://archive.example/debian/ bookworm main\ndeb http://other.example/apt any main\n"
)
MIRROR = "http://mirror.example/debian"


def red(name: str, action: object) -> Finding:
    return Finding(name, "failure", f"no {name}", remedies=(Remedy("", (action,)),))


def machine(files: dict[str, str], executables: dict[str, str] | None = None, **env: str) -> System:
    env = {"HOME": "/home/me", "PATH": f"{DATA}/bin:/usr/bin", **env}
    return fake_system(files=FakeFiles(files, executables=executables), env=env)


def test_apt_reads_copies_of_its_sources_with_the_mirror_in_the_archives_place() -> None:
    files = {
        **OS,
        "/etc/apt/sources.list.d/debian.sources": STANZAS,
        "/etc/apt/sources.list.d/more.list": LINES,
    }
    system = machine(files, DEVTOOL_MIRROR_APT=MIRROR)

    *copies, install = plan_for(system, report(red("gcc", GCC))).actions

    assert [(each.path, each.after) for each in copies if isinstance(each, WriteText)] == [
        (
            f"{DATA}/apt-sources/debian.sources",
            STANZAS.replace("http://archive.example/debian\n", f"{MIRROR}\n"),
        ),
        (f"{DATA}/apt-sources/more.list", LINES.replace("http://archive.example/debian/", MIRROR)),
    ]
    assert isinstance(install, InstallPackages)
    options = f"-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts={DATA}/apt-sources"
    assert install.command == (
        f"apt-get {options} -o APT::Get::List-Cleanup=false update && apt-get {options} install -y gcc"
    )


def test_a_source_with_a_login_is_not_copied() -> None:
    private = "deb https://me:hunter22@private.example/apt any main\n"
    files = {**OS, "/etc/apt/sources.list": LINES, "/etc/apt/sources.list.d/private.list": private}

    actions = plan_for(machine(files, DEVTOOL_MIRROR_APT=MIRROR), report(red("gcc", GCC))).actions

    assert [each.path for each in actions if isinstance(each, WriteText)] == [
        f"{DATA}/apt-sources/sources.list"
    ]


def test_sources_that_name_no_archive_are_left_as_they_are_and_it_is_said() -> None:
    system = machine(
        {**OS, "/etc/apt/sources.list": "deb cdrom:[x]/ bookworm main\n"}, DEVTOOL_MIRROR_APT=MIRROR
    )

    assert plan_for(system, report(red("gcc", GCC))).actions == (GCC,)

    assert isinstance(system.console, FakeConsole)
    assert "no source of apt names this release's archive" in system.console.notes[0]


def test_without_a_mirror_of_apt_its_own_sources_are_read() -> None:
    assert plan_for(machine({**OS, "/etc/apt/sources.list": LINES}), report(red("gcc", GCC))).actions == (
        GCC,
    )


CONFIG = """# devtool keeps this file in step with the mirror of crates that it is told.
[source.crates-io]
replace-with = "mirror"

[source.mirror]
registry = "sparse+https://m.example/index/"
"""


def test_a_private_cargo_is_told_of_its_mirror_once_it_is_there() -> None:
    system = machine({}, DEVTOOL_MIRROR_CRATES="https://me:hunter22@m.example/index")

    install, config, *_ = plan_for(system, report(red("rust", RUST))).actions

    assert install == RUST
    assert isinstance(config, WriteText)
    assert (config.path, config.before, config.after) == (f"{CARGO}/config.toml", None, CONFIG)
    assert isinstance(system.console, FakeConsole)
    assert system.console.notes == [
        "crates: the mirror's login is not written down, and so it is asked without"
    ]


def test_a_private_cargo_that_stands_follows_what_holds_now() -> None:
    fine, there = report(Finding("rust", "ok", "")), {f"{CARGO}/bin/cargo": ""}
    mirror = {"DEVTOOL_MIRROR_CRATES": "https://m.example/index/"}

    def after(files: dict[str, str], **env: str) -> list[str]:
        return [each.after for each in plan_for(machine(files, there, **env), fine).actions]

    assert after({}, **mirror) == [CONFIG]
    assert after({f"{CARGO}/config.toml": CONFIG}, **mirror) == []
    assert after({f"{CARGO}/config.toml": CONFIG}) == [CONFIG.partition("\n")[0] + "\n"]
    assert after({f"{CARGO}/config.toml": "[build]\n"}, **mirror) == []
    assert after({}) == []


def test_no_other_cargo_is_told_anything() -> None:
    mirror = {"DEVTOOL_MIRROR_CRATES": "https://m.example/index/"}
    theirs = machine({}, {"/home/me/.cargo/bin/cargo": ""}, **mirror)

    assert plan_for(theirs, report(Finding("rust", "ok", ""))).actions == ()
