"""What holds for every row of the table."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest

from devtool.checks.check import Check
from devtool.checks.pages import explanation
from devtool.checks.tools import TOOL_CHECKS
from devtool.model.command import Answer
from devtool.model.packages import InstallPackages
from devtool.model.report import Finding
from devtool.model.toolchain import MakeToolEnvironment
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

CHECKS = {check.id: check for check in TOOL_CHECKS}
LISTS = FakeFiles({"/var/lib/apt/lists/deb_main_Packages": ""})


@dataclass(frozen=True)
class Row:
    id: str
    command: str
    output: str
    version: str
    too_new_specifier: str
    lacking: str


ROWS = (
    Row("cmake", "cmake --version", "cmake version 3.25.1\n\nCMake suite", "3.25.1", ">=3.26", "failure"),
    Row("ninja", "ninja --version", "1.11.1\n", "1.11.1", ">=1.12", "warning"),
    Row("ccache", "ccache --version", "ccache version 4.8+debian\n", "4.8", ">=4.9", "warning"),
    Row("make", "make --version", "GNU Make 4.3\nBuilt for", "4.3", ">=4.4", "failure"),
    Row("docker", "docker --version", "Docker version 28.2.2, build e6534b4", "28.2.2", ">=29", "warning"),
)
SPARED = {
    "ninja": ": the build takes Makefiles instead",
    "ccache": ": the build goes on, and each clean one compiles everything anew",
    "docker": ": only builds and services in containers need it",
}

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def seen(row: Row, answer: Answer, specifier: str | None = "") -> Finding:
    found = answer.outcome != "absent"
    name = row.command.split()[0]
    process = FakeProcess({row.command: answer}, {name: f"/usr/bin/{name}"} if found else {})
    system = fake_system(process=process, files=LISTS)
    finding = examined(CHECKS[row.id], system, needs(need(row.id, specifier)))
    process.assert_used()
    return finding


@each_row
def test_a_tool_that_fits_is_ok_and_shows_where_it_lies(row: Row) -> None:
    finding = seen(row, ended(row.output))

    assert (finding.severity, finding.summary) == ("ok", f"{row.id} {row.version}")
    assert finding.evidence[0] == f"/usr/bin/{row.id}"
    assert finding.remedies == ()


@each_row
def test_an_absent_tool_is_named_with_a_way_to_get_it(row: Row) -> None:
    finding = seen(row, ABSENT)

    assert (finding.severity, finding.summary) == (
        row.lacking,
        f"{row.id} is not on PATH{SPARED.get(row.id, '')}",
    )
    assert finding.remedies[0].actions


@each_row
def test_a_tool_that_is_too_old_is_named_with_both_versions_and_the_source(row: Row) -> None:
    finding = seen(row, ended(row.output), row.too_new_specifier)

    assert finding.severity == row.lacking
    assert finding.summary == (
        f"{row.id} {row.version} does not satisfy `{row.too_new_specifier}` (scripts/install_deps.sh:58)"
    )
    assert finding.remedies


@each_row
@pytest.mark.parametrize("output", ["", "\x1b[31mhello\x1b[0m\n", "version unknown"])
def test_output_without_a_version_is_unknown_never_missing(row: Row, output: str) -> None:
    finding = seen(row, ended(output), ">=1")

    assert finding.severity == "unknown"
    assert finding.summary == f"`{row.command}` printed no version that we can read"
    assert finding.remedies == ()


@each_row
def test_a_tool_that_hangs_is_unknown(row: Row) -> None:
    finding = seen(row, HANGS)

    assert (finding.severity, finding.summary) == ("unknown", f"`{row.command}` did not answer within 5 s")


@each_row
def test_a_tool_that_cannot_be_started_is_unknown(row: Row) -> None:
    finding = seen(row, ended(outcome="refused", stderr="[Errno 8] Exec format error"))

    assert (finding.severity, finding.summary) == ("unknown", f"`{row.command}` cannot be started")


@each_row
def test_a_tool_that_fails_is_unknown_with_what_it_said(row: Row) -> None:
    finding = seen(row, ended(stderr="dyld: library not loaded", status=134))

    assert (finding.severity, finding.summary) == ("unknown", f"`{row.command}` exited with status 134")
    assert "dyld: library not loaded" in finding.evidence


@each_row
def test_an_empty_shim_of_a_version_manager_counts_as_absent(row: Row) -> None:
    finding = seen(row, ended(stderr=f"pyenv: {row.id}: command not found", status=127))

    assert finding.severity == row.lacking
    assert finding.summary == f"{row.id} is only an empty shim at `/usr/bin/{row.id}`{SPARED.get(row.id, '')}"


@pytest.mark.parametrize(
    "said",
    [
        "/bin/sh: 4: exec: {}: not found",
        "/bin/sh: line 4: {}: No such file or directory",
    ],
)
def test_a_shim_of_ours_whose_environment_is_gone_counts_as_absent(said: str) -> None:
    row = next(each for each in ROWS if each.id == "cmake")
    gone = "/home/me/.local/share/devtool/environments/cmake-3.31.10/bin/cmake"

    finding = seen(row, ended(stderr=said.format(gone), status=127))

    assert finding.severity == row.lacking
    assert finding.summary == "cmake is only an empty shim at `/usr/bin/cmake`"


@each_row
def test_a_wrapper_that_misses_another_program_is_not_taken_for_an_empty_shim(row: Row) -> None:
    finding = seen(row, ended(stderr=f"/usr/bin/{row.id}: line 3: realpath: command not found", status=127))

    assert (finding.severity, finding.summary) == ("unknown", f"`{row.command}` exited with status 127")


@each_row
def test_a_need_that_could_not_be_read_still_lets_the_tool_be_named(row: Row) -> None:
    finding = seen(row, ended(row.output), None)

    assert finding.severity == "ok"
    assert finding.summary.endswith("; what this checkout needs could not be read")


@each_row
def test_a_specifier_that_is_none_is_unknown(row: Row) -> None:
    finding = seen(row, ended(row.output), "about three")

    assert finding.severity == "unknown"


@pytest.mark.parametrize("check", TOOL_CHECKS, ids=lambda check: check.id)
def test_a_tool_nobody_asks_for_is_not_examined(check: Check) -> None:
    assert check.applies(LINUX, needs(project=None)) == (check.id == "python")
    assert not check.applies(LINUX, needs(need("cmake", needed=False), need("ninja", needed=False)))


def test_a_program_whose_interpreter_is_gone_is_not_missing() -> None:
    process = FakeProcess({"cmake --version": ABSENT}, {"cmake": "/home/me/.local/bin/cmake"})

    finding = examined(CHECKS["cmake"], fake_system(process=process), needs(need("cmake", ">=3.26")))

    assert finding.severity == "unknown"
    assert finding.summary == (
        "`/home/me/.local/bin/cmake` cannot be started: the interpreter it names is gone"
    )


def test_versions_are_compared_as_versions() -> None:
    finding = seen(ROWS[0], ended("cmake version 3.9.6"), ">=3.26")

    assert finding.severity == "failure"


def test_a_cmake_4_that_the_checkout_cannot_take_is_a_failure() -> None:
    finding = seen(ROWS[0], ended("cmake version 4.1.0"), ">=3.26,<4")

    assert finding.severity == "failure"
    assert finding.summary == "cmake 4.1.0 does not satisfy `>=3.26,<4` (scripts/install_deps.sh:58)"


def test_cmake_comes_in_an_environment_of_its_own_that_fits() -> None:
    finding = seen(ROWS[0], ended("cmake version 3.25.1"), ">=3.26,<4")

    action = finding.remedies[0].actions[0]
    assert isinstance(action, MakeToolEnvironment)
    assert action.version == "3.31.10"
    assert [path for path, _ in action.shim_texts] == [
        f"/home/me/.local/share/devtool/bin/{name}" for name in ("cmake", "ctest", "cpack")
    ]


def test_a_package_is_installed_as_root_unless_one_is_root() -> None:
    for host, root in ((LINUX, True), (dataclasses.replace(LINUX, is_root=True), False)):
        process = FakeProcess({"ninja --version": ABSENT}, {"sudo": "/usr/bin/sudo"})
        system = fake_system(process=process, files=LISTS)

        finding = examined(CHECKS["ninja"], system, needs(need("ninja")), host)

        assert finding.remedies[0].actions == (
            InstallPackages("apt-get", ("ninja-build",), ("ninja",), root, fresh=("ninja-build",)),
        )


def test_ninja_comes_in_an_environment_where_no_package_can_be_installed() -> None:
    without_sudo = FakeProcess({"ninja --version": ABSENT})
    unknown_manager = dataclasses.replace(LINUX, package_managers=())

    for host in (LINUX, unknown_manager):
        finding = examined(CHECKS["ninja"], fake_system(process=without_sudo), needs(need("ninja")), host)

        action = finding.remedies[0].actions[0]
        assert isinstance(action, MakeToolEnvironment)
        assert (action.package, action.shim) == ("ninja==1.13.0", "/home/me/.local/share/devtool/bin/ninja")


def test_a_ninja_that_is_too_old_is_not_replaced_by_the_same_package() -> None:
    finding = seen(next(row for row in ROWS if row.id == "ninja"), ended("1.10.1\n"), ">=1.11,<1.12")

    action = finding.remedies[0].actions[0]
    assert isinstance(action, MakeToolEnvironment)
    assert action.version == "1.11.1.4"


def test_a_package_that_was_there_before_is_not_for_undo_to_remove() -> None:
    process = FakeProcess({"gcc -dumpfullversion -dumpversion": ABSENT})
    files = FakeFiles({"/var/lib/dpkg/status": "Package: gcc\nStatus: install ok installed\n"})

    finding = examined(CHECKS["gcc"], fake_system(process=process, files=files), needs(need("gcc")))

    install = finding.remedies[0].actions[-1]
    assert isinstance(install, InstallPackages)
    assert install.argvs[-1] == ("apt-get", "install", "-y", "gcc", "g++")
    assert install.undo_argv == ("dpkg", "--remove", "g++")


def test_a_fresh_container_without_package_lists_fetches_them_first() -> None:
    process = FakeProcess({"make --version": ABSENT})

    finding = examined(CHECKS["make"], fake_system(process=process), needs(need("make")))

    (action,) = finding.remedies[0].actions
    assert isinstance(action, InstallPackages)
    assert action.preview == "sudo sh -c 'apt-get update && apt-get install -y make'"
    assert action.undo_argv == ("dpkg", "--remove", "make")


def test_without_a_package_manager_the_remedy_is_words() -> None:
    process = FakeProcess({"make --version": ABSENT})
    host = dataclasses.replace(LINUX, package_managers=())

    finding = examined(CHECKS["make"], fake_system(process=process), needs(need("make")), host)

    assert finding.remedies[0].actions == ()
    assert "`xcode-select --install`" in finding.remedies[0].summary


def test_ccache_is_required_on_macos_only() -> None:
    process = FakeProcess({"ccache --version": ABSENT})
    host = dataclasses.replace(LINUX, os="macos", distribution="macos", package_managers=("brew",))

    finding = examined(CHECKS["ccache"], fake_system(process=process), needs(need("ccache")), host)

    assert finding.severity == "failure"
    assert [action.preview for action in finding.remedies[0].actions] == ["brew install ccache"]


@pytest.mark.parametrize("check", TOOL_CHECKS, ids=lambda check: check.id)
def test_every_tool_check_is_explained_with_a_cure_and_public_links(check: Check) -> None:
    page = explanation(check.id)

    assert page is not None
    assert page.title == check.title
    assert page.meaning.strip()
    assert page.why.strip()
    assert all(cure.text.strip() for cure in page.cures)
    assert page.links
    assert all(link.startswith("https://") for link in page.links)


@pytest.mark.parametrize(
    "files",
    [
        {"/var/lib/dpkg/updates/0003": ""},
        {"/var/lib/dpkg/status": "Package: gcc\nStatus: install ok unpacked\n\n"},
    ],
)
def test_an_installation_that_was_cut_off_is_brought_to_its_end_first(files: dict[str, str]) -> None:
    system = fake_system(
        process=FakeProcess({"make --version": ABSENT}),
        files=FakeFiles({**files, "/var/lib/apt/lists/deb_main_Packages": ""}),
    )

    finding = examined(CHECKS["make"], system, needs(need("make")), dataclasses.replace(LINUX, is_root=True))

    assert finding.remedies[0].summary == (
        "`sh -c 'dpkg --configure -a; apt-get install --fix-broken -y' && apt-get install -y make`"
    )
