from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.adapters.homebrew import prefix_for
from devtool.checks.homebrew import HOMEBREW_CHECKS
from devtool.model.command import Answer
from devtool.model.host import Host
from devtool.model.remedy import AppendLine
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined
from tests.support.process import ABSENT, HANGS

(HOMEBREW,) = HOMEBREW_CHECKS
SILICON = replace(LINUX, os="macos", distribution="macos", architecture="arm64", shell="zsh")
INTEL = replace(SILICON, architecture="x86_64")
LIST = "git config --list --null --show-origin"
IDENTITY = "file:/g\0user.name\nAda\0file:/g\0user.email\nada@analytical.engine\0"


def seen(
    *executables: str,
    host: Host = SILICON,
    git: Answer | None = None,
    brew: str | None = None,
    content: dict[str, str] | None = None,
) -> Finding:
    process = FakeProcess({LIST: git} if git else {}, {"brew": brew} if brew else {})
    files = FakeFiles(content, executables=dict.fromkeys(executables, ""))
    finding = examined(HOMEBREW, fake_system(process=process, files=files), Needs(None, None), host)
    process.assert_used()
    return finding


def test_homebrew_on_path_is_ok() -> None:
    assert seen(brew="/opt/homebrew/bin/brew").summary == "`brew` is on PATH at `/opt/homebrew/bin/brew`"


@pytest.mark.parametrize(
    ("host", "brew", "profile", "severity"),
    [
        (SILICON, "/opt/homebrew/bin/brew", "/home/me/.zshrc", "failure"),
        (INTEL, "/usr/local/bin/brew", "/home/me/.zshrc", "failure"),
        (replace(SILICON, shell="bash"), "/opt/homebrew/bin/brew", "/home/me/.bash_profile", "failure"),
        (LINUX, "/home/linuxbrew/.linuxbrew/bin/brew", "/home/me/.bashrc", "warning"),
    ],
)
def test_a_hidden_homebrew_is_cured_by_the_line_of_its_installer(
    host: Host, brew: str, profile: str, severity: str
) -> None:
    finding = seen(brew, host=host)

    assert finding.severity == severity
    assert finding.summary == (
        f"Homebrew is installed at `{brew}`, which is not on PATH: `brew: command not found`"
    )
    assert finding.remedies[0].actions == (
        AppendLine(profile, f'eval "$({brew} shellenv)"', "the installer leaves this line to you"),
    )


def test_fish_takes_the_line_in_its_own_spelling() -> None:
    finding = seen("/opt/homebrew/bin/brew", host=replace(SILICON, shell="fish"))

    (action,) = finding.remedies[0].actions
    assert isinstance(action, AppendLine)
    assert action.line == "/opt/homebrew/bin/brew shellenv | source"


def test_the_native_homebrew_comes_before_the_one_of_rosetta() -> None:
    finding = seen("/usr/local/bin/brew", "/opt/homebrew/bin/brew")

    assert "`/opt/homebrew/bin/brew`" in finding.summary


def test_a_line_that_waits_for_a_new_terminal_is_not_added_twice() -> None:
    line = 'eval "$(/opt/homebrew/bin/brew shellenv)"'

    finding = seen("/opt/homebrew/bin/brew", content={"/home/me/.zshrc": line})

    assert (finding.severity, finding.remedies) == ("warning", ())


def test_a_missing_homebrew_on_a_mac_is_a_failure_with_the_installers_command() -> None:
    finding = seen(git=ended(IDENTITY))

    assert finding.severity == "failure"
    assert finding.summary == "Homebrew is not installed: `brew: command not found`"
    assert "Homebrew/install" in finding.remedies[0].summary


def test_a_missing_identity_of_git_is_told_apart_as_the_cause() -> None:
    finding = seen(git=ended(""))

    assert finding.summary.endswith("git has no identity either, at which its installer may have stopped")
    assert "`git-identity`" in finding.remedies[0].summary


@pytest.mark.parametrize("git", [ABSENT, HANGS, ended("", "fatal: bad config", 128)])
def test_a_git_that_cannot_be_asked_is_not_blamed(git: Answer) -> None:
    assert "identity" not in seen(git=git).summary


def test_linux_does_without_homebrew() -> None:
    assert seen(host=LINUX).severity == "skipped"


def test_without_a_home_the_line_is_told() -> None:
    finding = seen("/opt/homebrew/bin/brew", host=replace(SILICON, home=None))

    assert finding.remedies[0].summary == 'run `eval "$(/opt/homebrew/bin/brew shellenv)"`'


def test_every_processor_has_its_prefix() -> None:
    prefixes = [prefix_for(host) for host in (SILICON, INTEL, LINUX)]

    assert prefixes == ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"]
