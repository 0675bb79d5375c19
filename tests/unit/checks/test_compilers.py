from __future__ import annotations

import dataclasses

import pytest

from devtool.checks.compilers import COMPILERS
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

GCC, LLVM = COMPILERS
DUMP = "gcc -dumpfullversion -dumpversion"
RANGE = need("gcc", "", source="DEVELOPMENT.md:83", accepted=(12, 13, 14, 11))
LOOP = need("llvm", "", source="scripts/setenv.sh:68", accepted=(17, 16, 15))
MAC = dataclasses.replace(
    LINUX, os="macos", distribution="macos", architecture="arm64", package_managers=("brew",)
)
LISTS = {"/var/lib/apt/lists/deb_Packages": ""}


def gcc(answer: Answer, wanted: Requirement = RANGE, host: Host = LINUX, *, cxx: bool = True) -> Finding:
    programs = {} if answer.outcome == "absent" else {"gcc": "/usr/bin/gcc"}
    process = FakeProcess({DUMP: answer}, {**programs, **({"g++": "/usr/bin/g++"} if cxx else {})})
    finding = examined(GCC, fake_system(process=process, files=FakeFiles(LISTS)), needs(wanted), host)
    process.assert_used()
    return finding


@pytest.mark.parametrize("version", ["12.2.0", "14", "11.4.0"])
def test_an_accepted_gcc_is_ok(version: str) -> None:
    finding = gcc(ended(f"{version}\n"))

    assert (finding.severity, finding.summary) == ("ok", f"gcc {version}")


@pytest.mark.parametrize(
    ("banner", "version"),
    [
        ("gcc (Debian 12.2.0-14) 12.2.0", "12.2.0"),
        ("gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)", "11.4.1"),
    ],
)
def test_a_wrapper_that_answers_with_its_banner_is_read(banner: str, version: str) -> None:
    finding = gcc(ended(f"{banner}\nCopyright (C) 2022 Free Software Foundation, Inc.\n"))

    assert (finding.severity, finding.summary) == ("ok", f"gcc {version}")


@pytest.mark.parametrize("version", ["9.4.0", "15.1.0"])
def test_a_gcc_outside_the_accepted_majors_is_a_failure(version: str) -> None:
    finding = gcc(ended(f"{version}\n"))

    assert finding.severity == "failure"
    assert finding.summary == (
        f"gcc {version} is none of the majors this checkout accepts: 12, 13, 14, 11 (DEVELOPMENT.md:83)"
    )
    assert "`sudo apt-get install gcc-12 g++-12`" in finding.remedies[0].summary


def test_what_only_an_image_shows_to_work_makes_another_gcc_a_warning() -> None:
    wanted = need("gcc", "", accepted=(12,), confidence="inferred")

    assert gcc(ended("13.2.0\n"), wanted).severity == "warning"


def test_a_remedy_names_no_package_that_the_distribution_lacks() -> None:
    host = dataclasses.replace(LINUX, distribution="debian", version="11")

    finding = gcc(ended("10.2.1\n"), host=host)

    assert finding.remedies[0].summary == "install GCC 12 and let `gcc` and `g++` on PATH be it"


def test_an_absent_gcc_is_installed_where_the_distributions_own_is_accepted() -> None:
    finding = gcc(ABSENT)

    assert finding.summary == "gcc is not on PATH; this checkout accepts 12, 13, 14, 11 (DEVELOPMENT.md:83)"
    assert finding.remedies[0].actions[0].preview == "sudo apt-get install -y gcc g++"


def test_an_absent_gcc_is_not_replaced_by_one_that_would_not_do() -> None:
    finding = gcc(ABSENT, need("gcc", "", accepted=(11,)))

    assert finding.remedies[0].actions == ()
    assert "gcc-11" in finding.remedies[0].summary


def test_a_gcc_without_its_cxx_half_is_a_failure() -> None:
    finding = gcc(ended("12.2.0\n"), cxx=False)

    assert finding.summary == "gcc 12.2.0 is here without its C++ half: g++ is not on PATH"
    assert [action.preview for action in finding.remedies[0].actions] == ["sudo apt-get install -y g++"]


@pytest.mark.parametrize(
    "answer", [HANGS, ended("gcc: fatal error"), ended(status=1), ended(outcome="refused")]
)
def test_a_gcc_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert gcc(answer).severity == "unknown"


def test_a_need_without_majors_is_held_by_its_specifier() -> None:
    assert gcc(ended("9.4.0\n"), need("gcc", ">=12")).summary == (
        "gcc 9.4.0 does not satisfy `>=12` (scripts/install_deps.sh:58)"
    )


def test_gcc_is_no_matter_on_macos() -> None:
    assert not GCC.applies(MAC, needs(RANGE))


def llvm(
    files: FakeFiles, answers: dict[str, Answer], host: Host = MAC, env: dict[str, str] | None = None
) -> Finding:
    process = FakeProcess(answers)
    system = fake_system(process=process, files=files, env=env)
    finding = examined(LLVM, system, needs(LOOP), host)
    process.assert_used()
    return finding


def clang(path: str, version: str) -> dict[str, Answer]:
    return {f"{path} --version": ended(f"Homebrew clang version {version}\nTarget: arm64-apple-darwin\n")}


def test_the_best_accepted_llvm_below_homebrews_prefix_is_taken() -> None:
    best = "/opt/homebrew/opt/llvm@16/bin/clang"
    files = FakeFiles(executables={best: "", "/opt/homebrew/opt/llvm@15/bin/clang": ""})

    finding = llvm(files, clang(best, "16.0.6"))

    assert (finding.severity, finding.summary) == ("ok", "llvm 16.0.6")


def test_on_an_intel_mac_the_prefix_is_another() -> None:
    path = "/usr/local/opt/llvm@17/bin/clang"
    host = dataclasses.replace(MAC, architecture="x86_64")

    finding = llvm(FakeFiles(executables={path: ""}), clang(path, "17.0.6"), host)

    assert finding.severity == "ok"


def test_a_homebrew_elsewhere_is_taken_at_its_word() -> None:
    path = "/Users/me/brew/opt/llvm@17/bin/clang"

    finding = llvm(
        FakeFiles(executables={path: ""}), clang(path, "17.0.6"), env={"HOMEBREW_PREFIX": "/Users/me/brew"}
    )

    assert finding.severity == "ok"


def test_an_llvm_for_the_other_processor_does_not_count() -> None:
    files = FakeFiles(executables={"/usr/local/opt/llvm@17/bin/clang": ""})

    finding = llvm(files, {})

    assert finding.severity == "failure"
    assert finding.summary == (
        "`/usr/local/opt/llvm@17` is made for another processor: on arm64 LLVM belongs below "
        "`/opt/homebrew` (scripts/setenv.sh:68)"
    )


def test_an_absent_llvm_is_a_failure_with_the_best_formula() -> None:
    finding = llvm(FakeFiles(), {})

    assert finding.summary == (
        "no Homebrew LLVM below `/opt/homebrew/opt`; this checkout accepts 17, 16, 15 (scripts/setenv.sh:68)"
    )
    assert finding.remedies[0].actions[0].preview == "brew install llvm@17"


@pytest.mark.parametrize("answer", [HANGS, ended("dyld"), ended(status=1), ended(outcome="refused")])
def test_an_llvm_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    path = "/opt/homebrew/opt/llvm@17/bin/clang"

    finding = llvm(FakeFiles(executables={path: ""}), {f"{path} --version": answer})

    assert finding.severity == "unknown"


def test_on_linux_no_clang_is_no_fault() -> None:
    finding = llvm(FakeFiles(), {"clang --version": ABSENT}, LINUX)

    assert (finding.severity, finding.summary) == (
        "skipped",
        "clang is not here; on Linux this checkout is built with gcc",
    )


@pytest.mark.parametrize(("version", "severity"), [("16.0.6", "ok"), ("14.0.6", "warning")])
def test_on_linux_a_clang_that_is_here_is_held_against_the_majors(version: str, severity: str) -> None:
    answer = ended(f"Debian clang version {version} (1)\n")

    assert llvm(FakeFiles(), {"clang --version": answer}, LINUX).severity == severity
