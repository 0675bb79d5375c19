from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.checks.git import GIT_CHECKS, IDENTITY_CHECKS, read_size
from devtool.model.command import Answer
from devtool.model.packages import InstallPackages
from devtool.model.remedy import RunCommand, SetGitKey
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from tests.support import FakeFiles, FakeProcess, ended, fake_system
from tests.support.examining import LINUX, examined
from tests.support.process import ABSENT, HANGS

CHECKS = {check.id: check for check in (*GIT_CHECKS, *IDENTITY_CHECKS)}
LIST = "git config --list --null --show-origin"
HERE = Needs("milvus", "/checkout")
PERSON = "file:/home/me/.gitconfig"
CONFIGURED = ("git-identity", "git-safe-directory", "git-post-buffer")


def listed(*settings: tuple[str, str, str]) -> Answer:
    """What git prints for (origin, key, value)."""
    return ended("".join(f"{origin}\0{key}\n{value}\0" for origin, key, value in settings))


def seen(check_id: str, answer: Answer, command: str = LIST, env: dict[str, str] | None = None) -> Finding:
    process = FakeProcess({command: answer})
    files = FakeFiles(folders=("/checkout",), owners={"/checkout": 501})
    system = fake_system(process=process, files=files, env={"HOME": "/home/me", **(env or {})})
    finding = examined(CHECKS[check_id], system, HERE)
    process.assert_used()
    return finding


def test_a_git_that_says_its_version_is_ok() -> None:
    finding = seen("git", ended("git version 2.39.3 (Apple Git-146)\n"), "git --version")

    assert (finding.severity, finding.summary) == ("ok", "git 2.39.3")


def test_a_missing_git_is_a_failure_with_the_packages_command() -> None:
    finding = seen("git", ABSENT, "git --version")

    assert finding.severity == "failure"
    (action,) = finding.remedies[0].actions
    assert isinstance(action, InstallPackages)
    assert action.argvs[-1] == ("apt-get", "install", "-y", "git")


@pytest.mark.parametrize("answer", [ended("gitk\n"), HANGS, ended("", "boom", 1), ended(outcome="refused")])
def test_a_git_that_cannot_be_read_is_unknown(answer: Answer) -> None:
    assert seen("git", answer, "git --version").severity == "unknown"


def test_the_stand_in_of_macos_is_told_from_git() -> None:
    text = "xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)\n"
    system = fake_system(process=FakeProcess({"git --version": ended("", text, 1)}))

    finding = examined(CHECKS["git"], system, HERE, replace(LINUX, os="macos"))

    assert finding.severity == "failure"
    assert "xcode-select --install" in finding.remedies[0].summary


@pytest.mark.parametrize("check_id", CONFIGURED)
def test_without_git_its_configuration_is_not_looked_at(check_id: str) -> None:
    finding = seen(check_id, ABSENT)

    assert (finding.severity, finding.summary) == ("skipped", "`git` is not on PATH")


@pytest.mark.parametrize("check_id", CONFIGURED)
def test_a_configuration_that_git_refuses_is_unknown_and_shown_in_its_words(check_id: str) -> None:
    finding = seen(check_id, ended("", "fatal: bad config line 3 in file /home/me/.gitconfig\n", 128))

    assert finding.severity == "unknown"
    assert finding.evidence == ("fatal: bad config line 3 in file /home/me/.gitconfig",)


@pytest.mark.parametrize("check_id", CONFIGURED)
def test_a_git_that_hangs_is_unknown(check_id: str) -> None:
    finding = seen(check_id, HANGS)

    assert finding.severity == "unknown"
    assert "did not answer within 5 s" in finding.summary


def test_protection_that_is_on_is_ok() -> None:
    finding = seen("git-safe-directory", listed((PERSON, "safe.directory", "/mnt/checkout")))

    assert finding.severity == "ok"


def test_protection_switched_off_by_the_person_is_a_warning_that_one_command_cures() -> None:
    finding = seen("git-safe-directory", listed((PERSON, "safe.directory", "*")))

    assert finding.severity == "warning"
    assert finding.evidence == ("set in /home/me/.gitconfig",)
    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == r"git config --global --unset-all safe.directory '^\*$'"
    assert action.undo_argv == ("git", "config", "--global", "--add", "safe.directory", "*")


def test_protection_switched_off_for_the_machine_is_left_to_root() -> None:
    finding = seen("git-safe-directory", listed(("file:/etc/gitconfig", "safe.directory", "*")))

    assert finding.severity == "warning"
    assert finding.remedies[0].actions == ()
    assert "sudo git config --system" in finding.remedies[0].summary


def test_an_empty_entry_discards_those_before_it() -> None:
    finding = seen(
        "git-safe-directory",
        listed(("file:/etc/gitconfig", "safe.directory", "*"), (PERSON, "safe.directory", "")),
    )

    assert finding.severity == "ok"


REV_PARSE = "git rev-parse --git-dir"
DUBIOUS = """\
fatal: detected dubious ownership in repository at '/checkout'
To add an exception for this directory, call:

\tgit config --global --add safe.directory /checkout
"""


def test_a_checkout_that_git_accepts_is_ok() -> None:
    assert seen("git-ownership", ended(".git\n"), REV_PARSE).severity == "ok"


def test_a_checkout_of_somebody_else_is_a_failure_with_trust_for_it_alone() -> None:
    finding = seen("git-ownership", ended("", DUBIOUS, 128), REV_PARSE)

    assert finding.severity == "failure"
    assert finding.summary == "git refuses `/checkout`: it belongs to user 501, and you are user 1000"
    (action,) = finding.remedies[0].actions
    assert isinstance(action, SetGitKey)
    assert action.preview == "git config --global --add safe.directory /checkout"


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (ABSENT, "skipped"),
        (ended("", "fatal: not a git repository (or any of the parent directories): .git\n", 128), "skipped"),
        (ended("", "fatal: bad config line 1 in file .git/config\n", 128), "unknown"),
        (HANGS, "unknown"),
    ],
)
def test_what_git_says_otherwise_of_a_checkout(answer: Answer, severity: str) -> None:
    assert seen("git-ownership", answer, REV_PARSE).severity == severity


def test_without_a_checkout_nobody_can_own_it() -> None:
    assert not CHECKS["git-ownership"].applies(LINUX, Needs(None, None))


@pytest.mark.parametrize("value", [None, "1M", "1048576", "524288000", "500m", "1G"])
def test_a_buffer_of_gits_default_or_more_is_ok(value: str | None) -> None:
    settings = [] if value is None else [(PERSON, "http.postbuffer", value)]

    assert seen("git-post-buffer", listed(*settings)).severity == "ok"


@pytest.mark.parametrize("value", ["1", "512k", "65536"])
def test_a_smaller_buffer_is_a_warning_that_one_key_cures(value: str) -> None:
    finding = seen("git-post-buffer", listed((PERSON, "http.postbuffer", value)))

    assert finding.severity == "warning"
    assert finding.evidence == ("set in /home/me/.gitconfig",)
    (action,) = finding.remedies[0].actions
    assert isinstance(action, SetGitKey)
    assert (action.key, action.value) == ("http.postBuffer", "1048576")


@pytest.mark.parametrize("value", ["1MB", "", "large"])
def test_a_buffer_that_git_cannot_read_is_a_failure(value: str) -> None:
    finding = seen("git-post-buffer", listed((PERSON, "http.postbuffer", value)))

    assert finding.severity == "failure"
    assert "every clone, fetch and push over HTTP stops" in finding.summary


@pytest.mark.parametrize(
    "origin", ["file:.git/config", "file:/main/.git/config", "file:/m/.git/worktrees/w/config.worktree"]
)
def test_a_buffer_set_by_the_checkout_is_taken_out_there(origin: str) -> None:
    finding = seen(
        "git-post-buffer", listed((PERSON, "http.postbuffer", "1M"), (origin, "http.postbuffer", "1k"))
    )

    (action,) = finding.remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.preview == "git -C /checkout config --unset-all http.postBuffer"
    assert action.undo_argv == ("git", "-C", "/checkout", "config", "http.postBuffer", "1k")


@pytest.mark.parametrize(("text", "size"), [("1k", 1024), (" 2M", 2 * 1024**2), ("-1", -1), ("1 k", None)])
def test_sizes_are_read_as_git_reads_them(text: str, size: int | None) -> None:
    assert read_size(text) == size
