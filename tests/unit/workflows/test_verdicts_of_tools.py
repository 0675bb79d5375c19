"""What makes a kept verdict on a tool stale, beside the tool's own file."""

from __future__ import annotations

import pytest

from devtool.checks.check import Check
from devtool.checks.tools import TOOL_CHECKS
from devtool.model.requirement import Needs
from devtool.workflows.examination import examine_ids
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, need, needs

CHECKS = {check.id: check for check in TOOL_CHECKS}
SHIM = "/home/me/.pyenv/shims/cmake"
VERSIONS = "/home/me/.pyenv/versions"


def asked(
    files: FakeFiles, programs: dict[str, str], answers: dict[str, str], check: Check, what: Needs
) -> int:
    """How many programs one more examination starts."""
    process = FakeProcess({line: ended(text) for line, text in answers.items()}, programs)
    examine_ids(
        fake_system(process=process, files=files),
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


@pytest.mark.parametrize("check", TOOL_CHECKS, ids=lambda check: check.id)
def test_every_tool_check_says_what_decides_it(check: Check) -> None:
    assert check.programs
    assert all(isinstance(path, str) for path in check.files(fake_system(env={}), Needs(None, None)))
