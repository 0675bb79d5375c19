"""Reading revisions with a real git, from repositories that would run things if they could."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.errors import InputError
from devtool.requirements.needs import read_needs, read_needs_at
from devtool.system import real_system
from devtool.system.process import RealProcess
from tests.fixtures.eras import MASTER, Y2022, Files

pytestmark = pytest.mark.real

IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@x",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@x",
}


def git(folder: Path, *arguments: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {**IDENTITY, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    argv = ["git", "-C", str(folder), *arguments]
    return subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, files: Files, message: str) -> str:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def milvus(tmp_path: Path) -> Path:
    """Two eras, one commit each, in a folder whose name has a space."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "master")
    commit(folder, Y2022, "the old days")
    git(folder, "tag", "-a", "-m", "old", "v2.2.0")
    git(folder, "rm", "-q", "internal/core/conanfile.txt")
    commit(folder, MASTER, "raise everything")
    return folder


def shown(folder: Path, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = run(["-C", str(folder), "requirements", *arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_revision_reads_the_same_as_its_files(milvus: Path) -> None:
    system = real_system(str(milvus))

    assert read_needs_at(system, ".", "HEAD") == read_needs(system, ".")


@pytest.mark.parametrize("revision", ["HEAD~1", "v2.2.0", "master~1", ":/the old days"])
def test_any_name_of_a_revision_will_do_and_the_work_tree_is_left_alone(milvus: Path, revision: str) -> None:
    conan = read_needs_at(real_system(str(milvus)), "internal/core", revision).tool("conan")

    assert conan is not None
    assert (conan.specifier, conan.source) == ("<2", "internal/core/conanfile.txt:1")
    assert git(milvus, "status", "--porcelain") == ""


def test_a_bare_repository_can_be_asked(milvus: Path, tmp_path: Path) -> None:
    git(milvus, "clone", "-q", "--bare", str(milvus), str(tmp_path / "bare.git"))

    assert read_needs_at(real_system(str(tmp_path / "bare.git")), ".", "v2.2.0").project == "milvus"


def test_a_project_below_the_repository_s_root_reads_its_own_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"app/devtool.toml": '[needs]\ngo = ">=1.20"\n'}, "app")
    (tmp_path / "app/devtool.toml").write_text('[needs]\ngo = ">=1.30"\n')

    go = read_needs_at(real_system(str(tmp_path / "app")), ".", "HEAD").tool("go")

    assert go is not None
    assert (go.specifier, go.source) == (">=1.20", "devtool.toml:2")


@pytest.mark.parametrize("revision", ["nonesuch", "", "--help", "HEAD:go.mod", "a\nb", "HEAD~99"])
def test_a_revision_that_is_none_is_one_clear_line(milvus: Path, revision: str) -> None:
    with pytest.raises(InputError) as caught:
        read_needs_at(real_system(str(milvus)), ".", revision)

    assert "\n" not in caught.value.message


def test_a_branch_of_the_remote_is_suggested(milvus: Path, tmp_path: Path) -> None:
    git(milvus, "branch", "2.5")
    git(tmp_path, "clone", "-q", str(milvus), str(tmp_path / "clone"))

    with pytest.raises(InputError) as caught:
        read_needs_at(real_system(str(tmp_path / "clone")), ".", "2.5")

    assert caught.value.hint == "did you mean `origin/2.5`?"


def test_a_folder_without_git_has_no_revisions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "devtool.toml").write_text('[needs]\ngo = ">=1.20"\n')

    assert shown(tmp_path, capsys=capsys)[0] == 0
    for asked in (["--rev", "HEAD"], ["--why", "go"]):
        status, _, told = shown(tmp_path, *asked, capsys=capsys)
        assert status == 2
        assert "is in no git repository" in told


def test_a_link_in_a_commit_is_not_followed(milvus: Path) -> None:
    (milvus / "Makefile").unlink()
    (milvus / "Makefile").symlink_to("/etc/passwd")
    commit(milvus, {}, "a link")

    make = read_needs_at(real_system(str(milvus)), ".", "HEAD").tool("make")

    assert make is not None
    assert make.confidence == "unknown"
    assert make.notes == ("Makefile: is a link",)


def test_a_fifo_in_the_work_tree_does_not_hold_the_reading(milvus: Path) -> None:
    (milvus / "build/README.md").unlink()
    os.mkfifo(milvus / "build/README.md")

    docker = read_needs(real_system(str(milvus)), ".").tool("docker")

    assert docker is not None
    assert docker.confidence == "unknown"
    assert "not a plain file" in docker.notes[0]


def test_why_names_the_line_and_the_commit_that_changed_it(
    milvus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text, _ = shown(milvus, "--why", "conan", capsys=capsys)

    assert status == 0
    assert 'REQUIRED_CONAN_VERSION="2.25.1"' in text
    assert "(A)\n      raise everything" in text


def test_why_at_a_revision_asks_that_revision(milvus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, text, _ = shown(milvus, "--rev", "HEAD~1", "--why", "go", "--format", "json", capsys=capsys)

    told = json.loads(text)
    assert status == 0
    assert told["requirement"]["specifier"] == ">=1.18"
    assert told["line"] == "go 1.18"
    assert told["change"]["summary"] == "the old days"


def test_why_says_that_a_line_is_not_committed_yet(milvus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (milvus / "go.mod").write_text("module github.com/milvus-io/milvus\n\ngo 1.99\n")

    _, text, _ = shown(milvus, "--why", "go", capsys=capsys)

    assert "go: 1.99 or newer (declared)" in text
    assert "this line is not committed yet" in text


def test_why_finds_a_committed_line_that_moved(milvus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = milvus / "go.mod"
    path.write_text("// new\n// lines\n" + path.read_text())

    _, text, _ = shown(milvus, "--why", "go", capsys=capsys)

    assert "go.mod:5" in text
    assert "raise everything" in text


def test_why_of_an_unknown_tool_suggests_the_nearest(
    milvus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, told = shown(milvus, "--why", "conann", capsys=capsys)

    assert status == 2
    assert "did you mean `conan`?" in told


@pytest.mark.parametrize("content", [None, "no commit\n"])
def test_a_setting_that_breaks_git_blame_does_not_break_the_reason(
    content: str | None, milvus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["requirements", "--why", "go"], real_system(str(milvus)))
    told = capsys.readouterr().out
    if content is not None:
        (tmp_path / "revisions").write_text(content)
    git(milvus, "config", "blame.ignoreRevsFile", str(tmp_path / "revisions"))

    run(["requirements", "--why", "go"], real_system(str(milvus)))

    assert "last changed by" in told
    assert capsys.readouterr().out == told


def test_nothing_of_a_hostile_repository_runs(
    milvus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> "{tmp_path}/sprung"\ncat\n')
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.blame",
        "core.editor",
        "core.sshCommand",
        "core.gitProxy",
        "diff.evil.textconv",
        "diff.evil.command",
        "diff.external",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "credential.helper",
        "alias.cat-file",
        "alias.blame",
        "uploadpack.packObjectsHook",
    ):
        git(milvus, "config", key, str(trap))
    git(milvus, "config", "log.showSignature", "true")
    git(milvus, "config", "core.hooksPath", str(tmp_path))
    git(milvus, "config", "remote.origin.url", f"ext::{trap} %S")
    git(milvus, "config", "remote.origin.promisor", "true")
    git(milvus, "config", "extensions.partialClone", "origin")
    (tmp_path / "post-index-change").symlink_to(trap)
    (milvus / ".gitattributes").write_text("* diff=evil filter=evil\n")
    (milvus / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    blob = subprocess.run(
        ["git", "-C", str(milvus), "rev-parse", "HEAD:Makefile"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (milvus / ".git/objects" / blob[:2] / blob[2:]).unlink()
    (tmp_path / "sprung").unlink(missing_ok=True)
    env = {
        **os.environ,
        "GIT_EXTERNAL_DIFF": str(trap),
        "GIT_PAGER": str(trap),
        "GIT_DIR": "/nonexistent",
        "GIT_TRACE2_EVENT": str(tmp_path / "trace"),
    }
    for asked in (
        [],
        ["--rev", "HEAD"],
        ["--rev", "nonesuch"],
        ["--why", "conan"],
        ["--rev", "HEAD", "--why", "go"],
    ):
        # One that has ended starts nothing more.
        system = dataclasses.replace(real_system(str(milvus)), process=RealProcess(env), env=env)
        run(["requirements", *asked], system)

    assert "last changed by" in capsys.readouterr().out
    assert not (tmp_path / "sprung").exists(), (tmp_path / "sprung").read_text()
    assert not (tmp_path / "trace").exists()
    lint = read_needs_at(real_system(str(milvus)), ".", "HEAD").tool("golangci-lint")
    assert lint is not None
    assert lint.confidence == "unknown"


def test_a_repository_without_a_commit_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "devtool.toml").write_text('[needs]\ngo = ">=1.20"\n')

    status, _, told = shown(tmp_path, "--why", "go", capsys=capsys)

    assert status == 2
    assert "has no commit yet" in told


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_explained(
    milvus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.chown(milvus, 12345, 12345)
    os.chown(milvus / ".git", 12345, 12345)
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    system = dataclasses.replace(real_system(str(milvus)), process=RealProcess(env), env=env)

    status = run(["requirements", "--rev", "HEAD"], system)

    told = capsys.readouterr().err
    assert status == 2
    assert "belongs to another user" in told
    assert f"git config --global --add safe.directory '{milvus}'" in told
