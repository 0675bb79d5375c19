"""`devtool dco commit-msg` under real git, beside the shell hook that `setup --hooks` puts in place."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.histories import ME, OTHER, History

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
SIGNED = f"a\n\nSigned-off-by: {ME}\n"


@dataclass
class Both:
    """A repository whose commit-msg hook asks the shell hook and ours, and writes down what they answer."""

    history: History

    @property
    def answers(self) -> list[str]:
        path = self.history.root.parent / "answers"
        return path.read_text().split("\n")[:-1] if path.exists() else []

    @property
    def said(self) -> str:
        return (self.history.root.parent / "said").read_text()

    def git(self, *arguments: str, editor: str = "") -> int:
        env = {**self.history.env, "PYTHONPATH": str(ROOT)}
        if editor:
            script = self.history.root.parent / "editor"
            script.write_text(f"#!/bin/sh\n{editor}\n")
            script.chmod(0o755)
            env["GIT_EDITOR"] = str(script)
        return subprocess.run(
            ["git", *arguments], cwd=self.history.root, env=env, capture_output=True, check=False
        ).returncode

    def commit(self, *arguments: str, editor: str = "") -> int:
        return self.git("commit", "-q", "--allow-empty", *arguments, editor=editor)


@pytest.fixture
def both(home: str) -> Both:
    history = History(Path(home) / "repository")
    python, shell = shlex.quote(sys.executable), ROOT / "devtool/hooks/commit-msg"
    hook = history.root / ".git/hooks/commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\n"
        f'sh {shlex.quote(str(shell))} "$@" 2>/dev/null; shell=$?\n'
        f'{python} -P -m devtool dco commit-msg "$@" 2>>{shlex.quote(home)}/said; ours=$?\n'
        f"echo $shell $ours >>{shlex.quote(home)}/answers\n"
        "exit $ours\n"
    )
    hook.chmod(0o755)
    return Both(history)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (SIGNED, "0 0"),
        ("a\n", "1 1"),
        (f"a\n\nSigned-off-by: {OTHER}\n", "1 1"),
        (f"a\n\nSigned-off-by: {OTHER}\nSigned-off-by: {ME}\n", "0 0"),
        (f"a\r\n\r\nSIGNED-off-by: {ME} \t\r\n", "0 0"),
        (f"a\n\n Signed-off-by: {ME}\n", "1 1"),
        (f"a\n\n# Signed-off-by: {ME}\n", "1 1"),
        (f"a\n\nSigned-off-by:{ME}\n", "1 1"),
        (f"a\n\nSigned-off-by:  {ME}\n", "1 1"),
        (f"a\n\nSigned-off-by: {ME}.\n", "1 1"),
        (f"Signed-off-by: {ME}\n\nCo-authored-by: A Machine <m@example.org>\n", "0 0"),
        (f"fixup! a\n\nSigned-off-by: {ME}\n", "0 0"),
        ("squash! a\n", "1 1"),
        (f"a\n# ------------------------ >8 ------------------------\n\nSigned-off-by: {ME}\n", "0 0"),
    ],
)  # fmt: skip
def test_a_message_given_at_once_is_judged_alike(both: Both, message: str, answer: str) -> None:
    path = both.history.root.parent / "message"
    path.write_bytes(message.encode())

    both.commit("--cleanup=verbatim", "-F", str(path))

    assert both.answers == [answer]


def edited(text: str, *options: str) -> Callable[[Both], object]:
    """A commit whose message is written in an editor, above what git put there."""
    # The editor gets the file as $1, with git's own lines in it.
    script = f'{{ printf %s {shlex.quote(text)}; cat "$1"; }} >"$1.new" && mv "$1.new" "$1"'
    return lambda both: both.commit(*options, editor=script)


def configured(key: str, value: str, then: Callable[[Both], object]) -> Callable[[Both], object]:
    def act(both: Both) -> object:
        both.history.git("config", key, value)
        return then(both)

    return act


def merged(both: Both, *options: str, then: tuple[str, ...] = ()) -> None:
    history = both.history
    history.signed("base")
    history.signed("side", branch="side")
    history.git("reset", "-q", "--hard")
    side = history.commit("side", history.git("rev-parse", "main"), files={"a": "1"}, branch="side")
    history.signed("main")
    history.git("reset", "-q", "--hard")
    both.git("merge", "-q", *options, side)
    if then:
        both.commit(*then)


def amended(both: Both) -> None:
    both.history.commit(SIGNED)
    both.commit("--amend", "-m", "other")
    both.commit("--amend", "--no-edit")


@pytest.mark.parametrize(
    ("act", "answers"),
    [
        pytest.param(edited(SIGNED), ["0 0"], id="editor"),
        pytest.param(edited("a\n"), ["1 1"], id="editor, unsigned"),
        pytest.param(edited(""), ["0 0"], id="editor, emptied"),
        pytest.param(edited(SIGNED, "-v"), ["0 0"], id="verbose"),
        pytest.param(edited("a\n", "-v"), ["1 1"], id="verbose, unsigned"),
        pytest.param(
            edited(f"a\n# ------------------------ >8 ------------------------\nSigned-off-by: {ME}\n"),
            ["1 1"],
            id="below the scissors",
        ),
        pytest.param(configured("core.commentChar", ";", edited(SIGNED, "-v")), ["0 0"], id="comment char"),
        pytest.param(configured("core.commentChar", ";", edited("")), ["0 0"], id="comment char, emptied"),
        pytest.param(configured("core.commentChar", "S", edited(SIGNED)), ["1 1"], id="hidden by it"),
        pytest.param(configured("core.commentChar", "auto", edited(SIGNED, "-v")), ["0 0"], id="auto"),
        pytest.param(configured("core.commentChar", "auto", edited("a\n")), ["1 1"], id="auto, unsigned"),
        pytest.param(lambda both: both.commit("-s", "-m", "a"), ["0 0"], id="-s"),
        pytest.param(lambda both: both.commit("-sm", "a", f"--author={OTHER}"), ["0 0"], id="for another"),
        pytest.param(
            lambda both: both.commit("-m", f"a\n\nSigned-off-by: {OTHER}", f"--author={OTHER}"),
            ["0 0"],
            id="by author",
        ),
        pytest.param(
            lambda both: both.git("-c", "user.email=x@example.org", "commit", "--allow-empty", "-m", SIGNED),
            ["1 1"],
            id="another address by -c",
        ),
        pytest.param(amended, ["1 1", "0 0"], id="amend"),
        pytest.param(lambda both: merged(both, "--no-ff", "-m", "merge"), ["0 0"], id="merge"),
        pytest.param(lambda both: merged(both, "--squash", then=("-m", "squashed")), ["1 1"], id="squash"),
        pytest.param(lambda both: merged(both, "--squash", then=("-sm", "a")), ["0 0"], id="squash -s"),
    ],
)  # fmt: skip
def test_a_commit_is_judged_alike_however_it_is_made(
    both: Both, act: Callable[[Both], object], answers: list[str]
) -> None:
    act(both)

    assert both.answers == answers


def test_what_a_rebase_melts_together_passes_both(both: Both) -> None:
    base = both.history.signed("base")
    for subject, number in (("one", "1"), ("fixup! one", "2"), ("squash! one", "3")):
        both.history.commit(f"{subject}\n\nSigned-off-by: {ME}\n", files={"a": number})
    both.history.git("reset", "-q", "--hard")

    both.git("-c", "sequence.editor=:", "rebase", "-q", "-i", "--autosquash", base, editor=":")

    assert set(both.answers) <= {"0 0"}  # not every git asks the hook here
    assert both.history.git("rev-list", "--count", "main") == "2"


def test_the_refusal_names_the_line_and_what_stands_instead(both: Both) -> None:
    both.commit("-m", f"a\n\nSigned-off-by: {OTHER}")

    assert both.said == (
        f"devtool: nothing was committed: the message lacks the line `Signed-off-by: {ME}`;"
        f" what it has instead is `Signed-off-by: {OTHER}`\n"
        "  sign off with `git commit -s`, or `git commit --amend -s --no-edit` if you were amending\n"
    )


def test_an_address_that_the_check_refuses_is_refused_before_the_commit(both: Both) -> None:
    both.history.git("config", "user.email", "zoe@laptop")

    assert both.commit("-s", "-m", "a") == 1
    assert "`zoe@laptop` is not a valid mail address" in both.said


def test_a_file_that_is_not_there_is_bad_input(both: Both) -> None:
    argv = [sys.executable, "-P", "-m", "devtool", "dco", "commit-msg", "nowhere"]
    env = {**both.history.env, "PYTHONPATH": str(ROOT)}

    answer = subprocess.run(argv, cwd=both.history.root, env=env, capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert "`nowhere` is not there" in answer.stderr
