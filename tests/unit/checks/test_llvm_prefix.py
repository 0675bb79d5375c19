from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.checks.llvm_prefix import LLVM_CHECKS
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.remedy import RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

PREFIX, SDK = LLVM_CHECKS
SILICON = replace(LINUX, os="macos", distribution="macos", architecture="arm64", shell="zsh")
INTEL = replace(SILICON, architecture="x86_64")
NEEDS = needs(need("llvm", ">=14,<18", accepted=(17, 16, 15, 14)))
ARM = "/opt/homebrew/opt/llvm@{}/bin/clang"
X86 = "/usr/local/opt/llvm@{}/bin/clang"


def prefix(
    *clangs: str,
    host: Host = SILICON,
    needs: Needs = NEEDS,
    files: FakeFiles | None = None,
    **env: str,
) -> Finding:
    files = files or FakeFiles(executables=dict.fromkeys(clangs, ""))
    return examined(PREFIX, fake_system(files=files, env={"HOME": "/home/me", **env}), needs, host)


@pytest.mark.parametrize(
    ("host", "clang", "where"), [(SILICON, ARM, "/opt/homebrew"), (INTEL, X86, "/usr/local")]
)
def test_an_accepted_llvm_under_the_processors_prefix_is_ok(host: Host, clang: str, where: str) -> None:
    finding = prefix(clang.format(14), clang.format(16), clang.format(21), host=host)

    assert (finding.severity, finding.summary) == ("ok", f"LLVM 16 in `{where}/opt/llvm@16`")


def test_an_llvm_under_rosettas_prefix_is_a_failure_cured_by_the_native_homebrew() -> None:
    finding = prefix(X86.format(17), "/opt/homebrew/bin/brew")

    assert finding.severity == "failure"
    assert finding.summary == (
        "LLVM 17 is in `/usr/local`, which is Homebrew for Intel, and this Mac is arm64"
    )
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "/opt/homebrew/bin/brew install llvm@17"


def test_without_the_native_homebrew_its_installation_comes_first() -> None:
    finding = prefix(X86.format(17))

    assert finding.remedies[0].actions == ()
    assert "native terminal" in finding.remedies[0].summary


def test_a_damaged_installation_is_a_failure_cured_by_installing_it_anew() -> None:
    files = FakeFiles(links={"/opt/homebrew/opt/llvm@15": "../Cellar/llvm@15/15.0.7"})

    finding = prefix(files=files)

    assert finding.severity == "failure"
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "brew reinstall llvm@15"


def test_flags_copied_from_the_other_kind_of_mac_are_a_warning_with_the_right_ones() -> None:
    finding = prefix(X86.format(15), host=INTEL, LDFLAGS="-L/opt/homebrew/opt/llvm@15/lib")

    assert finding.severity == "warning"
    assert finding.summary == "`LDFLAGS` points to `/opt/homebrew`, and this Mac's LLVM 15 is in `/usr/local`"
    assert 'LDFLAGS="-L/usr/local/opt/llvm@15/lib"' in finding.remedies[0].summary


def test_no_accepted_llvm_is_left_to_the_tools_own_check() -> None:
    assert prefix(ARM.format(13)).severity == "skipped"


def test_an_unread_requirement_is_unknown_and_one_without_majors_is_not() -> None:
    unread = prefix(ARM.format(17), needs=needs(need("llvm", None, confidence="unknown")))
    any_major = prefix(ARM.format(17), needs=needs(need("llvm", "")))

    assert (unread.severity, any_major.severity) == ("unknown", "skipped")


def test_only_macs_are_examined() -> None:
    for check in LLVM_CHECKS:
        assert not check.applies(LINUX, NEEDS)
        assert not check.applies(SILICON, needs())


XCRUN = "xcrun --show-sdk-path"
MAC_SDK = "/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk"
UNDECLARED = "<stdin>:2:28: error: use of undeclared identifier 'kSecFormatOpenSSL'\n1 error generated.\n"


def sdk(
    compiled: Answer | None,
    *,
    found: Answer | None = None,
    define: bool = False,
    content: dict[str, str] | None = None,
    **env: str,
) -> Finding:
    flags = "-DTARGET_OS_OSX=1 " if define else ""
    command = f"{ARM.format(15)} {flags}-isysroot {MAC_SDK} -fsyntax-only -x c -"
    process = FakeProcess(
        {XCRUN: found or ended(f"{MAC_SDK}\n"), **({command: compiled} if compiled else {})}
    )
    files = FakeFiles(content, executables={ARM.format(15): ""})
    system = fake_system(process=process, files=files, env={"HOME": "/home/me", **env})
    finding = examined(SDK, system, NEEDS, SILICON)
    process.assert_used()
    return finding


def test_an_llvm_that_compiles_against_the_whole_sdk_is_ok() -> None:
    assert sdk(ended()).severity == "ok"


def test_an_undeclared_identifier_is_a_failure_with_both_cures() -> None:
    finding = sdk(ended("", UNDECLARED, 1))

    assert finding.severity == "failure"
    assert "`use of undeclared identifier 'kSecFormatOpenSSL'`" in finding.summary
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "brew reinstall llvm@15"
    assert "another LLVM that this checkout accepts: llvm@" in finding.remedies[1].summary


def test_what_the_checkouts_scripts_define_is_defined_for_the_probe() -> None:
    script = {"/checkout/scripts/3rdparty_build.sh": "export CFLAGS=-DTARGET_OS_OSX=1\n"}

    assert sdk(ended(), define=True, content=script).severity == "ok"
    assert sdk(ended(), define=True, CFLAGS="-O2 -DTARGET_OS_OSX=1").severity == "ok"


@pytest.mark.parametrize("answer", [HANGS, ended("", "fatal error: 'Security/Security.h' file not found", 1)])
def test_a_compiler_that_tells_nothing_of_it_is_unknown(answer: Answer) -> None:
    assert sdk(answer).severity == "unknown"


@pytest.mark.parametrize(
    ("found", "severity"),
    [
        (ABSENT, "failure"),
        (ended("", "xcrun: error: invalid active developer path (/x), missing xcrun", 1), "failure"),
        (ended("", "odd", 1), "unknown"),
        (HANGS, "unknown"),
    ],
)
def test_without_apples_tools_there_is_no_sdk(found: Answer, severity: str) -> None:
    assert sdk(None, found=found).severity == severity


def test_without_an_accepted_llvm_nothing_is_compiled() -> None:
    assert examined(SDK, fake_system(), NEEDS, SILICON).severity == "skipped"
