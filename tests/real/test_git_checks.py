"""The checks of git against a real git, real configurations and a checkout of another user."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from devtool.checks.git import GIT_CHECKS, IDENTITY_CHECKS
from devtool.model.remedy import RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System, real_system
from devtool.system.process import RealProcess
from tests.conftest import require
from tests.support.examining import examined

pytestmark = pytest.mark.real
CHECKS = {check.id: check for check in (*GIT_CHECKS, *IDENTITY_CHECKS)}


class Git:
    """A home folder with a configuration of its own, and a checkout."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "check out"
        self.configuration = folder / "gitconfig"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": str(self.configuration),
            "GIT_CONFIG_SYSTEM": "/dev/null",
        }
        self("init", "-q", str(self.checkout))

    def __call__(self, *words: str) -> str:
        answer = subprocess.run(
            ["git", *words], env=self.env, cwd="/", capture_output=True, text=True, check=True
        )
        return answer.stdout

    @property
    def system(self) -> System:
        return replace(real_system("/"), env=self.env, process=RealProcess(self.env))

    def examine(self, check_id: str) -> Finding:
        return examined(CHECKS[check_id], self.system, Needs("milvus", str(self.checkout)))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)


def test_an_empty_home_has_no_identity_and_nothing_else_wrong(git: Git) -> None:
    found = {check_id: git.examine(check_id).severity for check_id in CHECKS}

    assert found == {
        "git": "ok",
        "git-identity": "failure",
        "git-ownership": "ok",
        "git-safe-directory": "ok",
        "git-post-buffer": "ok",
    }


def test_an_identity_is_read_from_a_conditional_file_of_the_checkout(git: Git, tmp_path: Path) -> None:
    work = tmp_path / "work.gitconfig"
    git("config", "--file", str(work), "user.name", "Ada Lovelace")
    git("config", "--file", str(work), "user.email", "ada@analytical.engine")
    git("config", "--global", f"includeIf.gitdir:{git.checkout}/.path", str(work))

    assert git.examine("git-identity").summary == "commits are by Ada Lovelace <ada@analytical.engine>"


def test_the_repair_of_safe_directory_cures_and_its_undo_brings_it_back(git: Git) -> None:
    git("config", "--global", "--add", "safe.directory", "*")
    git("config", "--global", "--add", "safe.directory", "/mnt/x")
    (action,) = git.examine("git-safe-directory").remedies[0].actions
    assert isinstance(action, RunCommand)
    assert action.undo_argv is not None

    git(*action.argv[1:])
    after = git.examine("git-safe-directory").severity
    git(*action.undo_argv[1:])
    undone = git.examine("git-safe-directory").severity

    assert (after, undone) == ("ok", "warning")
    assert "/mnt/x" in git("config", "--global", "--get-all", "safe.directory")


@pytest.mark.parametrize(("value", "severity"), [("1M", "ok"), ("512k", "warning"), ("1MB", "failure")])
def test_a_buffer_is_read_as_git_reads_it(git: Git, value: str, severity: str) -> None:
    git("config", "--global", "http.postBuffer", value)

    found = git.examine("git-post-buffer")
    own_word = subprocess.run(
        ["git", "config", "--type=int", "http.postBuffer"],
        env=git.env,
        cwd="/",
        capture_output=True,
        check=False,
    )

    assert found.severity == severity
    assert (own_word.returncode == 0) == (severity != "failure")


def test_a_buffer_of_the_checkout_is_taken_out_there(git: Git) -> None:
    git("-C", str(git.checkout), "config", "http.postBuffer", "1k")
    (action,) = git.examine("git-post-buffer").remedies[0].actions
    assert isinstance(action, RunCommand)

    git(*action.argv[1:])

    assert git.examine("git-post-buffer").summary.startswith("`http.postBuffer` is not set")


@pytest.mark.parametrize("content", ["[user\n", "no section = here\n"])
def test_a_broken_configuration_is_unknown_in_gits_words(git: Git, content: str) -> None:
    git.configuration.write_text(content)

    found = git.examine("git-identity")

    assert found.severity == "unknown"
    assert str(git.configuration) in " ".join(found.evidence)


def test_a_checkout_of_another_user_is_refused_until_it_is_trusted(git: Git) -> None:
    require(os.geteuid() == 0, "only root can give a folder away")
    os.chown(git.checkout, 1234, 1234)

    refused = git.examine("git-ownership")
    (action,) = refused.remedies[0].actions
    subprocess.run(["sh", "-c", action.preview], env=git.env, cwd="/", check=True)

    assert refused.severity == "failure"
    assert refused.summary == (f"git refuses `{git.checkout}`: it belongs to user 1234, and you are user 0")
    assert git.examine("git-ownership").severity == "ok"


def test_nothing_of_the_checkouts_configuration_is_run(git: Git, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "filter.x.process"):
        git("-C", str(git.checkout), "config", key, str(trap))

    for check_id in CHECKS:
        git.examine(check_id)

    assert not (tmp_path / "sprung").exists()
