"""`devtool build`, through the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from devtool import cli
from devtool.model.command import Answer
from devtool.model.following import Followed
from devtool.system import System
from devtool.workflows.building.client import command
from tests.support import FakeConsole, FakeFiles, FakeProcess, ended, fake_system

FILES = {
    "/checkout/Makefile": "all:\n\techo\nrest:\n",
    "/checkout/devtool.toml": '[commands]\nbuild = "make"\n\n[build.targets]\ndocs = "make docs"\n',
}


def machine(process: FakeProcess | None = None, **env: str) -> tuple[System, FakeConsole]:
    console = FakeConsole()
    system = fake_system(
        files=FakeFiles(FILES, folders=("/checkout/.git", "/checkout/src")),
        process=process,
        console=console,
        env={"HOME": "/home/me", "PATH": "/usr/bin", **env},
        cwd="/checkout/src",
    )
    return system, console


class Building(FakeProcess):
    """A machine without ccache."""

    def run(self, argv: Sequence[str], **given: Any) -> Answer:
        return ended() if argv[:2] == ["/bin/sh", "-c"] else super().run(argv, **given)


def following(line: str, status: int = 0) -> FakeProcess:
    return Building(followed={line: (b"", Followed("ended", status))})


def test_it_says_what_it_does_and_leaves_with_the_builds_own_status() -> None:
    process = following("make docs -k", 42)
    system, console = machine(process)

    assert cli.run(["build", "docs", "--in", "local", "--jobs", "3", "--", "-k"], system) == 42

    assert console.notes[0] == "devtool: `make docs` on this machine (`--in`), 3 jobs (`--jobs`)"
    process.assert_used()


def test_quiet_says_nothing_of_itself() -> None:
    system, console = machine(following("make"))

    assert cli.run(["build", "--in", "local", "--quiet"], system) == 0

    assert console.notes == []


def test_the_list_names_what_is_described_and_then_the_makefiles_own() -> None:
    system, console = machine()

    assert cli.run(["build", "--list"], system) == 0

    assert console.results == [
        "Targets of checkout: `devtool build TARGET`\n"
        "\n"
        "  build  everything (the default): `make`\n"
        "  docs   make docs: `make docs`\n"
        "\n"
        "And those of the Makefile: all, rest"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["docz"], "devtool: checkout has no target `docz`\n  did you mean `docs`?\n"),
        (["--format", "json"], "devtool: a build has no `json` format\n"),
        (["--in", "moon"], "is not one of 'devcontainer', 'builder', 'local'"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--client"], "devtool: `--client` is for devtool itself\n"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    system, _ = machine()

    assert cli.run(["build", *words], system) == 2

    assert said in capsys.readouterr().err


def test_a_client_finds_its_errand_in_its_environment_and_not_in_its_words() -> None:
    system, _ = machine()

    words, env = command(
        system,
        "c0ffee",
        ["make"],
        user="1:1",
        folder="/work",
        environment={"CCACHE_REMOTE_STORAGE": "s3cret"},
    )

    assert words[-2:] == ["build", "--client"]
    assert "s3cret" not in " ".join(words)
    assert any("s3cret" in value for value in env.values())
