"""What makes a kept verdict on a tool stale, beside the tool's own file."""

from __future__ import annotations

import pytest

from devtool.checks.check import Check
from devtool.checks.tools import TOOL_CHECKS
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.model.toolchain import MakeToolEnvironment
from devtool.workflows.examination import examine_ids
from devtool.workflows.verdicts import Verdicts
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, need, needs
from tests.support.process import ABSENT

CHECKS = {check.id: check for check in TOOL_CHECKS}
SHIM = "/home/me/.pyenv/shims/cmake"
VERSIONS = "/home/me/.pyenv/versions"


def asked(
    files: FakeFiles,
    programs: dict[str, str],
    answers: dict[str, str],
    check: Check,
    what: Needs,
    env: dict[str, str] | None = None,
) -> int:
    """How many programs one more examination starts."""
    process = FakeProcess({line: ended(text) for line, text in answers.items()}, programs)
    examine_ids(
        fake_system(process=process, files=files, env={"HOME": "/home/me", **(env or {})}),
        LINUX,
        what,
        [check.id],
        lambda ids: (check,) if ids else (),
        cached=True,
    )
    return len(process.calls)


@pytest.mark.parametrize(
    "change",
    [
        {"/home/me/.pyenv/version": "3.12.1\n"},
        {f"{VERSIONS}/3.11.7/bin/cmake": "another"},
        {f"{VERSIONS}/3.12.1/bin/cmake": "new"},
    ],
)
def test_a_shim_is_asked_again_when_what_stands_behind_it_changes(change: dict[str, str]) -> None:
    files = FakeFiles(
        {"/home/me/.pyenv/version": "3.11.7\n", f"{VERSIONS}/3.11.7/bin/cmake": "one"},
        executables={SHIM: "#!/bin/sh"},
    )
    facts = ({"cmake": SHIM}, {"cmake --version": "cmake version 3.31.8"}, CHECKS["cmake"])
    what = needs(need("cmake", ">=3.26"))

    first = asked(files, *facts, what)
    warm = asked(files, *facts, what)
    files.content.update({path: text.encode() for path, text in change.items()})
    changed = asked(files, *facts, what)

    assert (first, warm, changed) == (1, 0, 1)


@pytest.mark.parametrize(
    ("check_id", "programs", "answers", "path"),
    [
        (
            "go",
            {"go": "/usr/bin/go"},
            {"go version": "go version go1.27.1 linux/amd64"},
            "/home/me/.config/go/env",
        ),
        (
            "rust",
            {"cargo": "/usr/bin/cargo"},
            {"cargo --version": "cargo 1.92.0"},
            "/home/me/.rustup/settings.toml",
        ),
        (
            "compose",
            {"docker": "/usr/bin/docker"},
            {"docker compose version": "Docker Compose version v2.24.5"},
            "/usr/libexec/docker/cli-plugins/docker-compose",
        ),
        (
            "conan",
            {"conan": "/usr/bin/conan"},
            {"conan --version": "Conan version 2.25.1"},
            "/checkout/scripts/3rdparty_build.sh",
        ),
        (
            "mockery",
            {"go": "/usr/bin/go"},
            {"go version -m /checkout/bin/mockery": "/checkout/bin/mockery: go1.26\n\tmod\tm\tv2.53.3\n"},
            "/checkout/bin/mockery",
        ),
    ],
)
def test_files_beside_the_program_make_a_verdict_stale(
    check_id: str, programs: dict[str, str], answers: dict[str, str], path: str
) -> None:
    files = FakeFiles(
        {"/checkout/bin/mockery": "binary"}, executables=dict.fromkeys(programs.values(), "binary")
    )
    what = needs(need(check_id, ">=1", source="Makefile:1"))

    first = asked(files, programs, answers, CHECKS[check_id], what)
    warm = asked(files, programs, answers, CHECKS[check_id], what)
    files.content[path] = b"changed"
    changed = asked(files, programs, answers, CHECKS[check_id], what)

    assert (first, warm, changed) == (1, 0, 1)


def test_a_toolchain_that_is_added_makes_the_verdict_on_rust_stale() -> None:
    toolchains = "/home/me/.rustup/toolchains"
    programs = {"cargo": "/usr/bin/cargo"}
    files = FakeFiles({f"{toolchains}/1.92/bin/cargo": ""}, executables={"/usr/bin/cargo": ""})
    facts = (programs, {"cargo --version": "cargo 1.92.0"}, CHECKS["rust"], needs(need("rust", ">=1")))

    first = asked(files, *facts)
    warm = asked(files, *facts)
    files.content[f"{toolchains}/1.89/bin/cargo"] = b""
    changed = asked(files, *facts)

    assert (first, warm, changed) == (1, 0, 1)


def test_the_link_that_a_conan_names_as_its_python_makes_its_verdict_stale() -> None:
    files = FakeFiles(
        {"/usr/bin/python3.11": "3.11", "/usr/bin/python3.12": "3.12"},
        executables={"/usr/bin/conan": "#!/usr/bin/python3\n"},
        links={"/usr/bin/python3": "/usr/bin/python3.11"},
    )
    answers = {"conan --version": "Conan version 1.61.0"}
    facts = ({"conan": "/usr/bin/conan"}, answers, CHECKS["conan"], needs(need("conan", ">=1")))

    first = asked(files, *facts)
    warm = asked(files, *facts)
    files.links["/usr/bin/python3"] = "/usr/bin/python3.12"
    changed = asked(files, *facts)

    assert (first, warm, changed) == (1, 0, 1)


@pytest.mark.parametrize(
    ("check_id", "variable", "answer"),
    [
        ("conan", "CONAN_CMD", "Conan version 2.25.1"),
        ("clang-format", "CLANG_FORMAT", "clang-format version 15.0.7"),
    ],
)
def test_a_program_that_a_variable_names_makes_a_verdict_stale(
    check_id: str, variable: str, answer: str
) -> None:
    mine = "/opt/mine/tool"
    files = FakeFiles({"/checkout/scripts/3rdparty_build.sh": "$CONAN_CMD"}, executables={mine: "one"})
    facts = ({mine: mine}, {f"{mine} --version": answer}, CHECKS[check_id], needs(need(check_id, ">=1")))
    env = {variable: mine}

    first = asked(files, *facts, env)
    warm = asked(files, *facts, env)
    files.content[mine] = b"another"
    changed = asked(files, *facts, env)

    assert (first, warm, changed) == (1, 0, 1)


def test_a_compose_where_config_json_adds_a_folder_makes_the_verdict_stale() -> None:
    plugin = "/opt/homebrew/lib/docker/cli-plugins/docker-compose"
    config = '{"cliPluginsExtraDirs": ["/opt/homebrew/lib/docker/cli-plugins"]}'
    files = FakeFiles(
        {"/home/me/.docker/config.json": config, plugin: "one"}, executables={"/usr/bin/docker": ""}
    )
    answers = {"docker compose version": "Docker Compose version v2.24.5"}
    facts = ({"docker": "/usr/bin/docker"}, answers, CHECKS["compose"], needs(need("compose", ">=1")))

    first = asked(files, *facts)
    warm = asked(files, *facts)
    files.content[plugin] = b"another"
    changed = asked(files, *facts)

    assert (first, warm, changed) == (1, 0, 1)


def test_a_tool_of_ours_is_asked_again_when_its_environment_is_gone() -> None:
    environment = "/home/me/.local/share/devtool/environments/cmake-3.31.10"
    shim = "/home/me/.local/share/devtool/bin/cmake"
    text = MakeToolEnvironment(
        tool="cmake", version="3.31.10", python_specifier="", environment=environment, shim=shim, reason=""
    ).shim_texts[0][1]
    files = FakeFiles({f"{environment}/bin/cmake": "one"}, executables={shim: text})
    answers = {"cmake --version": "cmake version 3.31.10"}
    facts = ({"cmake": shim}, answers, CHECKS["cmake"], needs(need("cmake", ">=3.26")))

    first = asked(files, *facts)
    warm = asked(files, *facts)
    del files.content[f"{environment}/bin/cmake"]
    changed = asked(files, *facts)

    assert (first, warm, changed) == (1, 0, 1)


@pytest.mark.parametrize("check", TOOL_CHECKS, ids=lambda check: check.id)
def test_every_tool_check_says_what_decides_it(check: Check) -> None:
    assert check.programs
    assert all(isinstance(path, str) for path in check.files(fake_system(env={}), Needs(None, None)))


def test_a_login_in_a_variable_that_decides_is_not_kept() -> None:
    files = FakeFiles()
    env = {"HOME": "/home/me", "GO_DOWNLOAD_BASE_URL": "https://me:hunter22@mirror.example/go"}
    process = FakeProcess({"go version": ABSENT})
    system = fake_system(process=process, files=files, env=env)
    wanted, go = needs(need("go", ">=1.26.5", source="go.mod:3")), CHECKS["go"]
    verdicts = Verdicts(system, LINUX, wanted)

    verdicts.keep(go, go.examine(system, LINUX, wanted))
    verdicts.save()

    kept = next(text for path, text in files.content.items() if path.endswith("verdicts.json"))
    assert b"mirror.example" in kept
    assert b"hunter22" not in kept
    assert isinstance(Verdicts(system, LINUX, wanted).known("go"), Finding)
