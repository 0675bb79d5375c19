"""clang-format, Compose and the tools in the checkout's own `bin`."""

from __future__ import annotations

import dataclasses

import pytest

from devtool.checks.checkout_tools import CHECKOUT_TOOLS
from devtool.checks.clang_format import CLANG_FORMAT
from devtool.checks.compose import COMPOSE
from devtool.model.command import Answer
from devtool.model.report import Finding
from devtool.model.requirement import Requirement
from devtool.model.toolchain import MakeToolEnvironment
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined, need, needs
from tests.support.process import ABSENT, HANGS

TWELVE = need("clang-format", "==12.*", source="internal/core/run_clang_format.sh:9")
LINT = CHECKOUT_TOOLS[0]
PINNED = need("golangci-lint", "==2.11.3", source="Makefile:30")
BIN = "/checkout/bin"


def clang_format(answers: dict[str, Answer], wanted: Requirement = TWELVE, **env: str) -> Finding:
    process = FakeProcess(answers)
    system = fake_system(process=process, env={"HOME": "/home/me", **env})
    finding = examined(CLANG_FORMAT, system, needs(wanted))
    process.assert_used()
    return finding


def formatter(version: str) -> Answer:
    return ended(f"Debian clang-format version {version}\n")


def test_the_numbered_clang_format_comes_first() -> None:
    finding = clang_format({"clang-format-12 --version": formatter("12.0.1")})

    assert (finding.severity, finding.summary) == ("ok", "clang-format 12.0.1")


def test_without_a_numbered_one_the_plain_one_counts() -> None:
    finding = clang_format(
        {"clang-format-12 --version": ABSENT, "clang-format --version": formatter("12.0.1")}
    )

    assert finding.severity == "ok"


def test_another_major_formats_otherwise_and_is_a_warning() -> None:
    finding = clang_format(
        {"clang-format-12 --version": ABSENT, "clang-format --version": formatter("18.1.3")}
    )

    assert finding.severity == "warning"
    assert finding.summary == (
        "clang-format 18.1.3 does not satisfy `==12.*` (internal/core/run_clang_format.sh:9)"
    )


def test_an_absent_clang_format_comes_in_an_environment_under_the_name_that_is_called() -> None:
    finding = clang_format({"clang-format-12 --version": ABSENT, "clang-format --version": ABSENT})

    action = finding.remedies[0].actions[0]
    assert finding.severity == "warning"
    assert isinstance(action, MakeToolEnvironment)
    assert (action.version, action.shim) == ("12.0.1.2", "/home/me/.local/share/devtool/bin/clang-format-12")


def test_the_variable_names_the_one_that_counts() -> None:
    finding = clang_format({"/opt/cf --version": formatter("15.0.7")}, CLANG_FORMAT="/opt/cf")

    assert finding.severity == "warning"


def test_a_script_that_calls_the_plain_name_is_served_under_that_name() -> None:
    script = {"/checkout/internal/core/run_clang_format.sh": "find . | xargs clang-format -i\n"}
    process = FakeProcess({"clang-format --version": ABSENT})
    system = fake_system(process=process, files=FakeFiles(script), env={"HOME": "/home/me"})

    finding = examined(CLANG_FORMAT, system, needs(TWELVE))

    action = finding.remedies[0].actions[0]
    assert isinstance(action, MakeToolEnvironment)
    assert (action.version, action.shim) == ("12.0.1.2", "/home/me/.local/share/devtool/bin/clang-format")
    process.assert_used()


@pytest.mark.parametrize("answer", [HANGS, ended("hello"), ended(status=1), ended(outcome="refused")])
def test_a_clang_format_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert clang_format({"clang-format-12 --version": answer}).severity == "unknown"


PLUGIN, OLD = "docker compose version", "docker-compose --version"
NO_PLUGIN = ended(stderr="docker: 'compose' is not a docker command.", status=1)


def compose(answers: dict[str, Answer], distribution: str = "ubuntu") -> Finding:
    process = FakeProcess(answers)
    files = FakeFiles({"/var/lib/apt/lists/x_Packages": ""})
    host = dataclasses.replace(LINUX, distribution=distribution)
    system = fake_system(process=process, files=files)
    finding = examined(
        COMPOSE, system, needs(need("compose", ">=1.27.0", source="docker-compose.yml:1")), host
    )
    process.assert_used()
    return finding


def test_the_plugin_that_fits_is_ok() -> None:
    finding = compose({PLUGIN: ended("Docker Compose version v2.24.5\n")})

    assert (finding.severity, finding.summary) == ("ok", "compose 2.24.5")


@pytest.mark.parametrize("plugin", [NO_PLUGIN, ABSENT])
def test_without_the_plugin_the_old_program_counts(plugin: Answer) -> None:
    finding = compose({PLUGIN: plugin, OLD: ended("docker-compose version 1.29.2, build 5becea4c\n")})

    assert (finding.severity, finding.summary) == ("ok", "compose 1.29.2")


def test_an_old_program_that_is_too_old_is_a_warning() -> None:
    finding = compose({PLUGIN: NO_PLUGIN, OLD: ended("docker-compose version 1.25.1, build a\n")})

    assert finding.severity == "warning"
    assert finding.summary == "compose 1.25.1 does not satisfy `>=1.27.0` (docker-compose.yml:1)"


def test_no_compose_at_all_is_a_warning_with_the_package_where_it_is_the_second_compose() -> None:
    finding = compose({PLUGIN: NO_PLUGIN, OLD: ABSENT})
    elsewhere = compose({PLUGIN: NO_PLUGIN, OLD: ABSENT}, "debian")

    assert finding.summary == "compose is not on PATH; this checkout needs `>=1.27.0` (docker-compose.yml:1)"
    assert finding.remedies[0].actions[0].preview == "sudo apt-get install -y docker-compose-v2"
    assert elsewhere.remedies[0].actions == ()


@pytest.mark.parametrize("answer", [HANGS, ended("hello"), ended(outcome="refused")])
def test_a_plugin_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert compose({PLUGIN: answer}).severity == "unknown"


def lint(answers: dict[str, Answer], *names: str) -> Finding:
    process = FakeProcess(answers, {"go": "/usr/bin/go"})
    files = FakeFiles(executables={f"{BIN}/{name}": "" for name in names})
    finding = examined(LINT, fake_system(process=process, files=files), needs(PINNED))
    process.assert_used()
    return finding


def built(name: str, module: str, version: str) -> str:
    return (
        f"{BIN}/{name}: go1.26.5\n\tpath\t{module}/cmd/{name}\n\tmod\t{module}\t{version}\th1:abc=\n"
        f"\tdep\tgithub.com/a/b\tv9.9.9\th1:def=\n"
    )


READ = f"go version -m {BIN}/golangci-lint"
LINT_MODULE = "github.com/golangci/golangci-lint/v2"


def test_a_lint_tool_is_read_by_go_and_never_started() -> None:
    finding = lint({READ: ended(built("golangci-lint", LINT_MODULE, "v2.11.3"))}, "golangci-lint")

    assert (finding.severity, finding.summary) == ("ok", "golangci-lint 2.11.3")
    assert finding.evidence == (f"{BIN}/golangci-lint", f"mod\t{LINT_MODULE}\tv2.11.3\th1:abc=")


def test_all_of_them_are_read_at_once_and_told_apart() -> None:
    line = f"go version -m {BIN}/golangci-lint {BIN}/gci"
    output = built("golangci-lint", LINT_MODULE, "v1.64.7") + built(
        "gci", "github.com/daixiang0/gci", "v0.11.2"
    )

    finding = lint({line: ended(output)}, "golangci-lint", "gci")

    assert finding.severity == "warning"
    assert finding.summary == "golangci-lint 1.64.7 does not satisfy `==2.11.3` (Makefile:30)"
    assert finding.remedies[0].summary == f"`rm {BIN}/golangci-lint && make getdeps` installs the pinned one"


def test_an_absent_lint_tool_is_fine_because_make_installs_it() -> None:
    finding = lint({})

    assert (finding.severity, finding.remedies) == ("ok", ())
    assert finding.summary == (
        "golangci-lint is not in this checkout's `bin` yet; `make getdeps` installs `==2.11.3` (Makefile:30)"
    )


@pytest.mark.parametrize(
    ("tool", "target"), [("mockery", "getdeps"), ("gofumpt", "lint-fix"), ("gci", "lint-fix")]
)
def test_each_lint_tool_names_the_target_that_installs_it(tool: str, target: str) -> None:
    check = next(check for check in CHECKOUT_TOOLS if check.id == tool)

    finding = examined(check, fake_system(), needs(need(tool, "==1.0.0", source="Makefile:1")))

    assert f"`make {target}` installs `==1.0.0`" in finding.summary


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        (ABSENT, "reading golangci-lint's version takes `go`"),
        (HANGS, "`go version -m` did not answer within 5 s"),
        (
            ended(f"{BIN}/golangci-lint: go1.26\n\tmod\tx\t(devel)\n"),
            f"`{READ}` names no version that we can read",
        ),
        (ended(stderr="not a Go executable", status=1), f"`{READ}` names no version that we can read"),
    ],
)
def test_a_lint_tool_that_cannot_be_read_is_unknown(answer: Answer, summary: str) -> None:
    process = FakeProcess({READ: answer})
    files = FakeFiles(executables={f"{BIN}/golangci-lint": ""})

    finding = examined(LINT, fake_system(process=process, files=files), needs(PINNED))

    assert (finding.severity, finding.summary) == ("unknown", summary)
