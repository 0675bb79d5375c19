"""`devtool dco install`, `uninstall` and `pre-push` in real repositories, with real git."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from devtool.cli import run
from tests.support.histories import ME, OTHER, History

pytestmark = pytest.mark.real

LINE = f"Signed-off-by: {ME}"
AI = "Co-authored-by: AI <ai@example.org>"
NAMES = ("commit-msg", "prepare-commit-msg", "pre-push")


@pytest.fixture
def history(home: str) -> History:
    history = History(Path(home) / "repository")
    history.git("config", "--global", "init.defaultBranch", "main")
    return history


def devtool(history: History, *words: str, expected: int = 0) -> str:
    """What the command printed."""
    before = len(history.console.results)
    assert run(["dco", *words], history.system) == expected, history.console.notes
    return "\n".join(history.console.results[before:])


def commit(
    history: History, *words: str, editor: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    env = dict(history.env)
    if editor:
        script = history.root.parent / "editor"
        script.write_text(f"#!/bin/sh\n{editor}\n")
        script.chmod(0o755)
        env["EDITOR"] = str(script)
    argv = ["git", "commit", "-q", "--allow-empty", *words]
    return subprocess.run(argv, cwd=cwd or history.root, env=env, capture_output=True, text=True, check=False)


def message(history: History) -> str:
    return history.git("log", "-1", "--format=%B")


def hooks(history: History) -> dict[str, tuple[int, str]]:
    """Mode and content of every hook."""
    folder = history.root / ".git/hooks"
    return {
        path.name: (stat.S_IMODE(path.stat().st_mode), path.read_text())
        for path in sorted(folder.iterdir())
        if not path.name.endswith(".sample")
    }


def test_each_hook_is_installed_on_request_and_a_second_time_nothing_is_to_be_done(history: History) -> None:
    devtool(history, "install", "--yes")
    assert list(hooks(history)) == ["commit-msg"]
    devtool(history, "install", "--yes", "--prepare", "--pre-push")
    assert sorted(hooks(history)) == sorted(NAMES)
    first = hooks(history)

    assert devtool(history, "install", "--prepare", "--pre-push").endswith("are installed")

    assert hooks(history) == first


def test_uninstalled_the_hooks_from_before_serve_again_and_undo_brings_ours_back(history: History) -> None:
    foreign = history.root / ".git/hooks/pre-push"
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("#!/bin/sh\nexit 0\n")
    foreign.chmod(0o755)
    before = hooks(history)
    devtool(history, "install", "--yes", "--prepare", "--pre-push")
    installed = hooks(history)

    devtool(history, "uninstall", "--yes")
    assert hooks(history) == before
    assert run(["undo"], history.system) == 0
    assert hooks(history) == installed
    assert run(["undo"], history.system) == 0

    assert hooks(history) == before


def test_one_hook_alone_is_uninstalled_by_its_name_and_where_there_is_none_that_is_said(
    history: History,
) -> None:
    devtool(history, "install", "--yes", "--prepare", "--pre-push")

    devtool(history, "uninstall", "--yes", "--prepare")

    assert tuple(hooks(history)) == ("commit-msg", "pre-push")
    devtool(history, "uninstall", "--yes")
    assert devtool(history, "uninstall") == "there was none of these hooks"


def test_a_dry_run_and_a_missing_consent_change_nothing(history: History) -> None:
    assert "commit-msg" in devtool(history, "install", "--dry-run")
    devtool(history, "install", expected=1)

    assert hooks(history) == {}


@pytest.mark.parametrize("place", [".husky", "../shared"])
def test_the_folder_that_git_is_told_of_is_the_one(history: History, place: str) -> None:
    history.git("config", "core.hooksPath", place)
    devtool(history, "install", "--yes", "--prepare")

    assert (history.root / place / "prepare-commit-msg").exists()
    assert commit(history, "-m", "a").returncode == 0
    assert message(history) == f"a\n\n{LINE}"

    devtool(history, "uninstall", "--yes")
    assert commit(history, "-m", "b").returncode == 0
    assert message(history) == "b"


def test_a_submodule_and_a_work_tree_have_them_too(history: History) -> None:
    history.signed()
    inner = History(history.root.parent / "inner")
    inner.signed()
    allowed = ("-c", "protocol.file.allow=always")
    history.git("reset", "-q", "--hard")
    history.git(*allowed, "submodule", "add", "-q", str(inner.root), "module")
    module = History(history.root / "module")
    devtool(module, "install", "--yes", "--prepare")
    history.git("worktree", "add", "-q", "../second")
    devtool(History(history.root.parent / "second"), "install", "--yes")

    assert commit(module, "-m", "a").returncode == 0
    assert message(module) == f"a\n\n{LINE}"
    assert commit(history, "-m", "a").returncode == 1
    assert commit(history, "-m", "a", cwd=history.root.parent / "second").returncode == 1


@pytest.fixture
def prepared(history: History) -> History:
    devtool(history, "install", "--yes", "--prepare")
    return history


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("a", f"a\n\n{LINE}"),
        ("a\n\nbody", f"a\n\nbody\n\n{LINE}"),
        (f"a\n\n{AI}", f"a\n\n{AI}\n{LINE}"),
        (f"a\n\n{LINE}\n{AI}", f"a\n\n{AI}\n{LINE}"),
        (f"a\n\n{LINE}", f"a\n\n{LINE}"),
        (f"a\n\nSigned-off-by: {OTHER}", f"a\n\nSigned-off-by: {OTHER}\n{LINE}"),
        (f"a\n\n{LINE}\n\nlast words", f"a\n\n{LINE}\n\nlast words\n\n{LINE}"),
    ],
)
def test_the_persons_sign_off_is_added_and_stands_last(prepared: History, given: str, made: str) -> None:
    assert commit(prepared, "-m", given).returncode == 0

    assert message(prepared) == made


def test_what_git_adds_itself_is_not_added_again(prepared: History) -> None:
    assert commit(prepared, "-s", "-m", f"a\n\n{AI}").returncode == 0
    assert message(prepared) == f"a\n\n{AI}\n{LINE}"

    assert commit(prepared, "--amend", "--no-edit").returncode == 0

    assert message(prepared) == f"a\n\n{AI}\n{LINE}"


def test_in_the_editor_the_line_stands_below_what_is_to_be_written(prepared: History) -> None:
    typing = 'printf "%s\\n" "written" >"$1.new"; tail -n +2 "$1" >>"$1.new"; mv "$1.new" "$1"'

    assert commit(prepared, "-v", editor=typing).returncode == 0
    assert message(prepared) == f"written\n\n{LINE}"

    prepared.git("config", "core.commentChar", ";")
    assert commit(prepared, editor=typing.replace("written", "again")).returncode == 0
    assert message(prepared) == f"again\n\n{LINE}"
    # Nothing written: git makes no commit of a sign-off alone.
    assert commit(prepared, editor=":").returncode == 1


def test_nobody_signs_for_somebody_else(prepared: History) -> None:
    refused = commit(prepared, "--author", OTHER, "-m", "theirs")
    assert "nothing was committed" in refused.stderr
    commit(prepared, "--no-verify", "--author", OTHER, "-m", "theirs")
    # Only commit-msg heeds it.
    assert message(prepared) == "theirs"

    assert commit(prepared, "--amend", "-m", "theirs, amended").returncode == 1


def test_a_rebase_a_cherry_pick_and_a_merge_sign_nothing(prepared: History) -> None:
    prepared.signed("base")
    prepared.git("reset", "-q", "--hard")
    prepared.git("checkout", "-q", "-b", "side")
    for name in ("one", "two"):
        (prepared.root / name).write_text(name)
        prepared.git("add", name)
        commit(prepared, "--no-verify", "--author", OTHER, "-m", name)
    prepared.git("checkout", "-q", "main")
    commit(prepared, "-m", "main")

    prepared.git("cherry-pick", "side")
    assert message(prepared) == "two"
    prepared.git("reset", "-q", "--hard", "HEAD~1")
    prepared.git("merge", "-q", "--no-ff", "-m", "merged", "side")
    assert message(prepared) == "merged"
    prepared.git("checkout", "-q", "side")
    prepared.git("rebase", "-q", "--force-rebase", "main~1")

    assert prepared.git("log", "--format=%B", "-2").split() == ["two", "one"]


@pytest.fixture
def pushing(history: History) -> History:
    """A checkout with a remote, whose pre-push hook looks."""
    remote = history.root.parent / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True)
    history.git("remote", "add", "origin", str(remote))
    history.signed()
    history.git("push", "-q", "-u", "origin", "main")
    history.git("remote", "set-head", "origin", "main")
    devtool(history, "install", "--yes", "--pre-push")
    return history


def test_what_a_checkout_holds_is_not_taken_for_devtool(pushing: History) -> None:
    (pushing.root / "devtool").mkdir()
    (pushing.root / "devtool/__init__.py").write_text("raise SystemExit(0)\n")
    pushing.commit("lacking\n")

    assert push(pushing, "origin", "main").returncode == 1


def push(history: History, *words: str) -> subprocess.CompletedProcess[str]:
    argv = ["git", "push", "-q", *words]
    return subprocess.run(
        argv, cwd=history.root, env=history.env, capture_output=True, text=True, check=False
    )


def test_a_push_is_refused_where_a_new_commit_lacks_its_sign_off(pushing: History) -> None:
    lacking = pushing.commit("lacking\n")

    answer = push(pushing, "origin", "main")

    assert answer.returncode == 1
    assert f"FAIL  {lacking[:10]} it has no sign-off" in answer.stdout + answer.stderr
    devtool(pushing, "repair", "--yes", "--force")
    assert push(pushing, "origin", "main").returncode == 0


def test_a_new_branch_is_held_to_its_own_commits_alone(pushing: History) -> None:
    # Merged upstream by others' rules, and fetched.
    published = pushing.commit("squashed\n", author=OTHER, branch="published")
    pushing.git("update-ref", "refs/remotes/origin/main", published)
    pushing.git("update-ref", "-d", "refs/heads/published")
    pushing.commit(f"mine\n\n{LINE}\n", pushing.git("rev-parse", "main"), published, branch="topic")
    pushing.signed("more", branch="topic")

    assert push(pushing, "origin", "topic").returncode == 0
    pushing.commit("lacking\n", branch="topic")

    assert push(pushing, "origin", "topic", "main").returncode == 1
    assert push(pushing, "--no-verify", "origin", "topic").returncode == 0
    assert push(pushing, "origin", ":topic").returncode == 0


def test_the_hook_that_was_there_before_reads_what_is_pushed_too(pushing: History) -> None:
    seen = pushing.root.parent / "seen"
    kept = pushing.root / ".git/hooks/pre-push.before-devtool"
    kept.write_text(f'#!/bin/sh\n{{ echo "$@"; cat; }} >{seen}\n')
    kept.chmod(0o755)
    head = pushing.signed()

    assert push(pushing, "origin", "main").returncode == 0

    first, second = seen.read_text().splitlines()
    assert first.startswith("origin /")
    assert second.startswith(f"refs/heads/main {head} refs/heads/main ")


def test_where_devtool_is_gone_the_one_on_path_looks_and_without_one_the_hook_says_so(
    pushing: History, tmp_path: Path
) -> None:
    hook = pushing.root / ".git/hooks/pre-push"
    hook.write_text(hook.read_text().replace(sys.executable, "/nonexistent/python"))
    pushing.signed()

    answer = push(pushing, "origin", "main")
    assert answer.returncode == 1
    assert "this hook asks a devtool that is gone" in answer.stderr

    (tmp_path / "devtool").write_text(f'#!/bin/sh\nexec {sys.executable} -m devtool "$@"\n')
    (tmp_path / "devtool").chmod(0o755)
    pushing.extra["PATH"] = f"{tmp_path}:{pushing.env['PATH']}"
    assert push(pushing, "origin", "main").returncode == 0
