"""The sign-off hook in real repositories, with real git, real pre-commit and hooks of others."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.errors import DevtoolError, InputError
from devtool.model.remedy import Plan
from devtool.remedies.application import apply
from devtool.remedies.journal import Journal
from devtool.remedies.undoing import way_back
from devtool.system import System, real_system
from devtool.workflows.hooking import install_hooks, prepare_hooks
from tests.conftest import require
from tests.support.console import FakeConsole

pytestmark = pytest.mark.real

ME = "Zoë O'Doe <zoe@example.org>"
OTHER = "Ann Other <ann@example.org>"
SIGNED = f"a\n\nSigned-off-by: {ME}\n"
REFUSAL = (
    f"devtool: nothing was committed: the message lacks the line `Signed-off-by: {ME}`\n"
    "devtool: sign off with `git commit -s`, or `git commit --amend -s --no-edit` if you were amending\n"
)


@dataclass
class Checkout:
    """A person's repository, and devtool in it."""

    home: Path
    name: str = "repository"
    console: FakeConsole = field(default_factory=FakeConsole)

    @property
    def root(self) -> Path:
        return self.home / self.name

    @property
    def hooks(self) -> Path:
        return self.root / ".git/hooks"

    @property
    def env(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "EDITOR": "false", "LC_ALL": "C.UTF-8"}

    @property
    def system(self) -> System:
        system = real_system("/")
        process = type(system.process)(self.env)
        return replace(system, env=self.env, process=process, console=self.console, cwd=str(self.root))

    def try_git(
        self, *arguments: str, at: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=at or self.root, env={**self.env, **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def git(self, *arguments: str, at: Path | None = None, **env: str) -> str:
        answer = self.try_git(*arguments, at=at, **env)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()

    def commit(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return self.try_git("commit", "-q", "--allow-empty", *arguments, **env)

    def editor(self, script: str) -> str:
        """An editor that does to the message what the shell line says."""
        path = self.home / "editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def foreign(self, text: str, folder: Path | None = None, mode: int = 0o755) -> Path:
        path = (folder or self.hooks) / "commit-msg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def install(self) -> bool:
        return install_hooks(self.system, prepare_hooks(self.system), yes=True)

    def steps(self) -> list[str]:
        return [type(action).__name__ for action in prepare_hooks(self.system).plan.actions]

    def undo(self) -> int:
        return run(["undo"], self.system)

    def contents(self) -> dict[str, tuple[int, bytes]]:
        """Every file of the home but devtool's own."""
        found: dict[str, tuple[int, bytes]] = {}
        for path in self.home.rglob("*"):
            if ".local" in path.parts or (path.is_dir() and not path.is_symlink()):
                continue
            held = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            found[str(path)] = (path.lstat().st_mode, held)
        return found


@pytest.fixture
def checkout(home: str) -> Checkout:
    made = Checkout(Path(home))
    name, mail = ME.removesuffix(">").split(" <")
    made.root.mkdir()
    made.git("init", "-q", "-b", "main")
    made.git("config", "--global", "user.name", name)
    made.git("config", "--global", "user.email", mail)
    made.git("config", "--global", "advice.detachedHead", "false")
    return made


@pytest.fixture
def hooked(checkout: Checkout) -> Checkout:
    assert checkout.install()
    return checkout


def test_an_unsigned_commit_is_refused_with_its_cure_and_a_signed_one_passes(hooked: Checkout) -> None:
    refused, signed = hooked.commit("-m", "a"), hooked.commit("-s", "-m", "a")

    assert (refused.returncode, refused.stderr) == (1, REFUSAL)
    assert (signed.returncode, signed.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (f"Signed-off-by: {ME}", True),
        (f"signed-OFF-by: {ME.replace('zoe@', 'Zoe@')}", True),
        (f"Signed-off-by: {ME}  \r", True),
        (f"Signed-off-by: {OTHER}", False),
        (f"Signed-off-by:  {ME}", False),
        (f" Signed-off-by: {ME}", False),
        (f"Signed-off-by: {ME}.", False),
        (f"Signed-off-by: {ME.replace('<', '').replace('>', '')}", False),
        (f"Co-authored-by: {ME}", False),
    ],
)
def test_a_line_counts_as_the_check_of_pull_requests_counts_it(
    hooked: Checkout, line: str, passes: bool
) -> None:
    message = hooked.home / "message"
    message.write_bytes(f"a\n\n{line}\n".encode())

    answer = hooked.commit("-F", str(message))

    assert (answer.returncode == 0) is passes
    if not passes and line.lower().startswith("signed-off-by"):
        assert f"devtool: what it has instead is `{line}`" in answer.stderr


@pytest.mark.parametrize("name", ["Back\\nslash", "a&b", "x=y", 'q"uote', "per%cent", "st*r [1]"])
def test_any_name_is_taken_as_it_is(hooked: Checkout, name: str) -> None:
    hooked.git("config", "user.name", name)

    assert hooked.commit("-m", "a").returncode == 1
    assert hooked.commit("-s", "-m", "a").returncode == 0


def test_the_author_or_the_committer_may_have_signed(hooked: Checkout) -> None:
    by_author = hooked.commit("--author", OTHER, "-m", f"a\n\nSigned-off-by: {OTHER}")
    by_committer = hooked.commit("--author", OTHER, "-s", "-m", "a")
    by_neither = hooked.commit("--author", OTHER, "-m", "a\n\nSigned-off-by: Third <third@example.org>")

    assert [by_author.returncode, by_committer.returncode, by_neither.returncode] == [0, 0, 1]
    assert f"lacks the line `Signed-off-by: {OTHER}`" in by_neither.stderr


def test_an_amended_commit_needs_it_too_and_no_verify_passes_by(hooked: Checkout) -> None:
    assert hooked.commit("--no-verify", "-m", "a").returncode == 0

    assert hooked.commit("--amend", "--no-edit").returncode == 1
    assert hooked.commit("--amend", "-s", "--no-edit").returncode == 0
    assert hooked.git("log", "--format=%B") == SIGNED.strip()
    assert hooked.commit("-C", "HEAD").returncode == 0


def test_what_the_editor_shows_and_git_cuts_is_not_taken_for_the_message(hooked: Checkout) -> None:
    sign = hooked.editor(
        f"printf '%s\\n' '# note' 'a' '' >\"$1\"; printf 'Signed-off-by: %s\\n' \"{ME}\" >>\"$1\""
    )
    assert hooked.commit("-v", EDITOR=sign).returncode == 0
    below = "# ------------------------ >8 ------------------------"
    hooked.git("config", "core.commentChar", ";")
    cut = hooked.editor(
        f"printf '%s\\n' a '; {below[2:]}' >\"$1\"; printf 'Signed-off-by: %s\\n' \"{ME}\" >>\"$1\""
    )

    assert hooked.commit("-v", EDITOR=cut).returncode == 1


def test_a_message_emptied_in_the_editor_is_left_to_git(hooked: Checkout) -> None:
    answer = hooked.commit(EDITOR=hooked.editor(': >"$1"'))

    assert answer.returncode == 1
    assert answer.stderr == "Aborting commit due to empty commit message.\n"


def test_a_merge_needs_none(hooked: Checkout) -> None:
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "a")
    hooked.git("checkout", "-q", "-b", "side")
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "b")
    hooked.git("checkout", "-q", "main")

    hooked.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")

    assert "Merge side" in hooked.git("log", "-1", "--format=%B")


def test_a_conflicting_merge_ends_without_one(hooked: Checkout) -> None:
    for branch, content in (("main", "a"), ("side", "b"), ("main", "c")):
        hooked.try_git("checkout", "-q", "-B" if branch == "side" else "-q", branch)
        (hooked.root / "file").write_text(content)
        hooked.git("add", "file")
        hooked.git("commit", "-q", "-s", "-m", content)
    assert hooked.try_git("merge", "side").returncode == 1
    hooked.git("add", "file")

    hooked.git("commit", "-q", "--no-edit")

    assert len(hooked.git("log", "-1", "--format=%P").split()) == 2


def test_a_rebase_picks_rewords_and_melts_what_is_signed_in_its_parts(hooked: Checkout) -> None:
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "root")
    for name in ("one", "two"):
        (hooked.root / name).write_text(name)
        hooked.git("add", name)
        hooked.git("commit", "-q", "-s", "-m", name)
    (hooked.root / "one").write_text("more")
    hooked.git("add", "one")
    hooked.git("commit", "-q", "--no-verify", "--squash", "HEAD~1", "-m", "squashed")
    (hooked.root / "two").write_text("more")
    hooked.git("add", "two")
    hooked.git("commit", "-q", "--no-verify", "--fixup", "HEAD~1")

    hooked.git("rebase", "-q", "-i", "--autosquash", "HEAD~4", GIT_SEQUENCE_EDITOR="true", EDITOR="true")

    assert hooked.git("log", "--format=%s").split() == ["two", "one", "root"]


def test_a_commit_that_a_rebase_rewords_is_looked_at(hooked: Checkout) -> None:
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "root")
    (hooked.root / "one").touch()
    hooked.git("add", "one")
    hooked.git("commit", "-q", "-s", "-m", "one")
    todo = hooked.home / "todo"
    todo.write_text('#!/bin/sh\nsed -i s/^pick/reword/ "$1"\n')
    todo.chmod(0o755)
    editor = hooked.editor('echo new >"$1"')

    answer = hooked.try_git("rebase", "-i", "HEAD~1", GIT_SEQUENCE_EDITOR=str(todo), EDITOR=editor)

    assert answer.returncode == 1
    assert REFUSAL in answer.stderr
    hooked.git("commit", "-q", "--amend", "-s", "--no-edit")
    hooked.git("rebase", "--continue", EDITOR="true")


def test_git_asks_no_hook_for_a_cherry_pick_or_a_revert_unless_they_conflict(hooked: Checkout) -> None:
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "root")
    hooked.git("checkout", "-q", "-b", "side")
    (hooked.root / "file").write_text("a")
    hooked.git("add", "file")
    hooked.git("commit", "-q", "-s", "-m", "picked")
    hooked.git("checkout", "-q", "main")

    hooked.git("cherry-pick", "side")
    hooked.git("revert", "--edit", "HEAD", EDITOR="true")
    (hooked.root / "file").write_text("b")
    hooked.git("add", "file")
    hooked.git("commit", "-q", "-s", "-m", "b")
    conflicting = hooked.try_git("cherry-pick", "--no-commit", "side")
    hooked.git("add", "file")

    assert conflicting.returncode == 1
    assert hooked.commit("-m", "picked").stderr == REFUSAL
    assert hooked.commit("-s", "-m", "picked").returncode == 0


def test_every_work_tree_of_the_repository_has_it(hooked: Checkout) -> None:
    hooked.git("commit", "-q", "--allow-empty", "-s", "-m", "root")
    hooked.git("worktree", "add", "-q", "../other")
    other = hooked.home / "other"

    assert hooked.try_git("commit", "-q", "--allow-empty", "-m", "a", at=other).stderr == REFUSAL
    assert replace(hooked, name="other").steps() == []


@pytest.mark.parametrize("place", [".git/own", "../shared", "~/shared"])
def test_the_folder_that_git_names_is_the_one(checkout: Checkout, place: str) -> None:
    checkout.git("config", "--global", "core.hooksPath", place)
    other = replace(checkout, name="second")
    other.root.mkdir()
    other.git("init", "-q")

    assert checkout.install()

    assert checkout.steps() == []
    assert not (checkout.hooks / "commit-msg").exists()
    assert checkout.commit("-m", "a").stderr == REFUSAL
    assert other.commit("-m", "a").returncode == 0


def test_the_second_checkout_of_a_shared_folder_joins_the_first(checkout: Checkout) -> None:
    checkout.git("config", "--global", "core.hooksPath", "~/shared")
    other = replace(checkout, name="second")
    other.root.mkdir()
    other.git("init", "-q")

    assert checkout.install()
    assert other.steps() == ["WriteText"]
    assert other.install()

    assert other.commit("-m", "a").stderr == REFUSAL


def test_hooks_among_the_files_of_the_checkout_stay_out_of_its_commits(checkout: Checkout) -> None:
    checkout.git("config", "core.hooksPath", ".husky")
    exclude = checkout.root / ".git/info/exclude"
    before = exclude.read_bytes()

    assert checkout.install()

    assert checkout.commit("-m", "a").stderr == REFUSAL
    assert checkout.git("status", "--porcelain") == ""
    assert checkout.undo() == 0
    assert exclude.read_bytes() == before
    assert not (checkout.root / ".husky").exists()


def test_a_hook_that_the_checkout_has_as_its_own_is_not_touched(checkout: Checkout) -> None:
    own = checkout.foreign("#!/bin/sh\n", checkout.root / ".husky")
    checkout.git("config", "core.hooksPath", ".husky")
    checkout.git("add", ".husky")

    with pytest.raises(DevtoolError, match=r"the checkout's own .* part of the next commit"):
        checkout.steps()

    assert own.read_text() == "#!/bin/sh\n"


def test_where_git_runs_no_hooks_or_nothing_is_a_checkout_that_is_said(checkout: Checkout) -> None:
    with pytest.raises(InputError, match="is in no work tree of git"):
        prepare_hooks(replace(checkout.system, cwd=str(checkout.home)))
    checkout.git("config", "core.hooksPath", "/dev/null")

    with pytest.raises(DevtoolError, match="git runs no hooks here"):
        checkout.steps()


def test_a_foreign_hook_runs_first_with_the_same_arguments_and_may_change_the_message(
    checkout: Checkout,
) -> None:
    checkout.foreign(
        f'#!/bin/sh\necho "$# $1 $(cat | wc -c)" >seen\nprintf "\\nSigned-off-by: {ME}\\n" >>"$1"\n'
    )

    assert checkout.install()

    assert checkout.commit("-m", "a").returncode == 0
    assert (checkout.root / "seen").read_text().split() == ["1", ".git/COMMIT_EDITMSG", "0"]
    assert checkout.git("log", "--format=%B") == SIGNED.strip()


def test_the_foreign_hook_reads_what_comes_in(hooked: Checkout) -> None:
    kept = hooked.foreign("#!/bin/sh\ncat\n").rename(hooked.hooks / "commit-msg.before-devtool")
    assert kept.exists()
    assert hooked.install()
    message = hooked.home / "message"
    message.write_text(SIGNED)

    answer = subprocess.run(
        [hooked.hooks / "commit-msg", message],
        cwd=hooked.root, env=hooked.env, input="to be read", capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (answer.returncode, answer.stdout) == (0, "to be read")


def test_the_status_of_a_foreign_hook_is_kept_and_one_switched_off_stays_off(checkout: Checkout) -> None:
    checkout.foreign("#!/bin/sh\nexit 7\n")
    assert checkout.install()
    message = checkout.home / "message"
    message.write_text(SIGNED)

    def status() -> int:
        argv = [str(checkout.hooks / "commit-msg"), str(message)]
        return subprocess.run(argv, cwd=checkout.root, env=checkout.env, check=False).returncode

    assert status() == 7
    (checkout.hooks / "commit-msg.before-devtool").chmod(0o644)
    assert status() == 0


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644])
def test_undo_brings_the_foreign_hook_back_as_it_was(checkout: Checkout, linked: bool, mode: int) -> None:
    hook = checkout.foreign(
        "#!/bin/sh\nprintf '\\377' | cat\n", checkout.home / "own" if linked else None, mode
    )
    if linked:
        (checkout.hooks / "commit-msg").symlink_to(f"{os.path.relpath(hook, checkout.hooks)}")
    before = checkout.contents()

    assert checkout.install()
    assert checkout.steps() == []
    assert checkout.install()
    assert checkout.undo() == 0

    assert checkout.contents() == before


@pytest.mark.parametrize("goes_on", [True, False])
def test_cut_off_half_way_it_goes_on_or_back(checkout: Checkout, goes_on: bool) -> None:
    checkout.foreign("#!/bin/sh\n")
    before = checkout.contents()
    apply(checkout.system, Plan(prepare_hooks(checkout.system).plan.steps[:1]))

    if goes_on:
        assert checkout.steps() == ["WriteText"]
        assert checkout.install()
        assert checkout.undo() == 0
    assert checkout.undo() == 0

    assert checkout.contents() == before


def test_undo_refuses_where_the_hook_was_changed_since(hooked: Checkout) -> None:
    hook = hooked.hooks / "commit-msg"
    hook.write_text("#!/bin/sh\n")

    assert hooked.undo() == 1
    assert hook.read_text() == "#!/bin/sh\n"


def test_undo_names_the_foreign_hook_that_it_kept_where_another_took_the_place(checkout: Checkout) -> None:
    hook = checkout.foreign("#!/bin/sh\n")
    assert checkout.install()
    hook.write_text("#!/bin/sh\nexit 0\n")

    with pytest.raises(DevtoolError, match="has changed since fix 1") as refusal:
        way_back(checkout.system, journal := Journal(checkout.system), journal.load(1))

    assert refusal.value.hint == (
        f"the file from before is kept; compare with `diff {hook}.before-devtool {hook}`"
    )


def test_the_script_makes_the_same_hook_however_devtool_was_typed(checkout: Checkout) -> None:
    argv = [sys.executable, "-m", "devtool", "-C", str(checkout.root), "setup", "--hooks", "--dry-run"]
    typed = {**checkout.env, "PATH": os.defpath, "DEVTOOL_TYPED": "scripts/devtool"}

    script = subprocess.run([*argv, "--format", "shell"], env=typed, check=True, stdout=subprocess.PIPE)
    subprocess.run(["sh"], input=script.stdout, env=typed, check=True)

    assert checkout.steps() == []


def test_an_older_hook_of_ours_is_replaced_and_nothing_kept(hooked: Checkout) -> None:
    hook = hooked.hooks / "commit-msg"
    hook.write_text("\n".join(hook.read_text().split("\n")[:2]) + "\nexit 0\n")

    assert hooked.install()

    assert hooked.commit("-m", "a").stderr == REFUSAL
    assert not (hooked.hooks / "commit-msg.before-devtool").exists()


def test_a_hook_that_lost_its_permission_gets_it_again(hooked: Checkout) -> None:
    (hooked.hooks / "commit-msg").chmod(0o644)

    assert hooked.install()

    assert hooked.commit("-m", "a").stderr == REFUSAL


def test_a_second_foreign_hook_is_not_put_over_the_first(checkout: Checkout) -> None:
    checkout.foreign("#!/bin/sh\n")
    assert checkout.install()
    checkout.foreign("#!/bin/sh\nexit 0\n")

    with pytest.raises(DevtoolError, match="is a hook of somebody else's, and"):
        checkout.steps()


def test_husky_finds_its_hook_by_name_and_may_write_its_own_anew(checkout: Checkout) -> None:
    # As husky 9 writes them.
    folder = checkout.root / ".husky/_"
    text = '#!/usr/bin/env sh\n. "$(dirname "$0")/h"'
    checkout.foreign(text, folder)
    (folder / ".gitignore").write_text("*")
    (folder / "h").write_text(
        'n=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n'
        '[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\nexit $?\n'
    )
    (checkout.root / ".husky/commit-msg").write_text('grep -q husky "$1" || exit 9\n')
    checkout.git("config", "core.hooksPath", ".husky/_")

    assert checkout.install()
    assert checkout.commit("-s", "-m", "a").returncode == 1
    assert checkout.commit("-m", "husky").stderr == REFUSAL
    assert checkout.commit("-s", "-m", "husky").returncode == 0
    checkout.foreign(text, folder)
    assert checkout.install()
    assert checkout.commit("-m", "husky").stderr == REFUSAL


@pytest.mark.parametrize("order", ["before", "after", "both"])
def test_pre_commit_and_the_hook_both_run_whoever_came_first(checkout: Checkout, order: str) -> None:
    program = Path(sys.executable).with_name("pre-commit")
    require(program.exists(), "pre-commit is not installed")
    (checkout.root / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n  - {id: word, name: word, language: system, entry: grep -q word,"
        " stages: [commit-msg]}\n"
    )
    checkout.git("add", ".")

    def install_theirs() -> None:
        argv = [str(program), "install", "-t", "commit-msg"]
        subprocess.run(argv, cwd=checkout.root, env=checkout.env, check=True, capture_output=True)

    if order != "after":
        install_theirs()
    assert checkout.install()
    if order != "before":
        install_theirs()

    assert checkout.steps() == []
    unsigned, without, whole = (checkout.commit(*a) for a in (("-m", "word"), ("-sm", "a"), ("-sm", "word")))
    assert (unsigned.returncode, REFUSAL in unsigned.stderr) == (1, True)
    assert (without.returncode, "word" in without.stderr) == (1, True)
    assert whole.returncode == 0, whole.stderr


def test_the_command_shows_asks_installs_and_does_nothing_the_second_time(checkout: Checkout) -> None:
    assert run(["setup", "--hooks", "--dry-run", "--detailed-exitcode"], checkout.system) == 2
    assert checkout.steps() == ["WriteText"]
    assert run(["setup", "--hooks"], checkout.system) == 1
    assert run(["setup", "--hooks", "--yes"], checkout.system) == 0
    assert run(["setup", "--hooks", "--dry-run", "--detailed-exitcode"], checkout.system) == 0
    assert run(["setup", "--hooks", "--only", "go"], checkout.system) == 2
    assert run(["setup", "--hooks"], checkout.system) == 0
    assert checkout.console.results[-1] == "the sign-off hook is installed"
