"""`devtool env` and `devtool shell` with the real shells: bash, zsh, fish, dash."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import require
from tests.fixtures.setenv import SCRIPTS
from tests.support.screen import Screen

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
DEVTOOL = shlex.join([sys.executable, "-m", "devtool"])
SHELLS = ("bash", "zsh", "fish", "dash")
# Blanks, quotes of both kinds, what shells expand, a line end, a backslash, bytes that are no UTF-8.
NASTY = "a b'c\"d$HOME`id`\ne\\f\udce9!*=~#"
PLAIN_START = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"], "dash": []}
BY_SHELLS = {"_", "SHLVL", "PWD", "OLDPWD", "LOGNAME", "USER"}


def checkout(folder: Path, era: str) -> Path:
    (folder / "scripts").mkdir(parents=True)
    (folder / "go.mod").write_text("module github.com/milvus-io/milvus\n\ngo 1.15\n")
    (folder / "scripts/setenv.sh").write_text(SCRIPTS[era])
    return folder


def person(home: str, **more: str) -> dict[str, str]:
    """A bare environment; the tools that devtool asks are those of the system."""
    return {
        "HOME": home,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def evaluating(shell: str, options: str = "") -> str:
    if shell == "fish":
        return f"{DEVTOOL} env {options} 2>/dev/null | source"
    return f'eval "$({DEVTOOL} env {options} 2>/dev/null)"'


def environments(shell: str, cwd: Path, env: dict[str, str], *lines: str) -> list[dict[str, str]]:
    """The environment that programs see after each of the lines."""
    require(shutil.which(shell), f"no {shell} on this machine")
    script = "\n".join(f"{line}\nenv -0\nprintf '\\0'" for line in lines)
    argv = [shell, *PLAIN_START[shell], "-c", script]
    answer = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, check=True, timeout=60)
    assert answer.stderr == b""
    blocks = answer.stdout.split(b"\0\0")[:-1]
    pairs = [[os.fsdecode(each).partition("=") for each in block.split(b"\0")] for block in blocks]
    return [{name: value for name, _, value in block if name not in BY_SHELLS} for block in pairs]


@pytest.mark.parametrize("shell", SHELLS)
def test_evaluated_twice_it_changes_nothing_and_taken_back_all_is_as_before(
    shell: str, tmp_path: Path, home: str
) -> None:
    root = checkout(tmp_path / NASTY, "2026")
    before = person(home, PATH=f"/usr/bin:/bin:/opt/{NASTY}", LD_LIBRARY_PATH=f"/opt/{NASTY}", CFLAGS=NASTY)

    start, once, twice, back = environments(
        shell, root, before, "true", evaluating(shell), evaluating(shell), evaluating(shell, "--unset")
    )

    assert start == before
    assert twice == once
    assert back == start
    core = f"{root}/internal/core/output"
    assert once["MILVUS_WORK_DIR"] == str(root)
    assert once["PATH"] == f"{home}/.local/share/devtool/bin:/usr/bin:/bin:/opt/{NASTY}"
    assert once["LD_LIBRARY_PATH"] == f"{core}/lib:{core}/lib64:{root}/cmake_build/lib:/opt/{NASTY}"
    assert "LD_PRELOAD" not in once


@pytest.mark.parametrize("shell", SHELLS)
def test_in_the_next_checkout_nothing_of_the_first_stays(shell: str, tmp_path: Path, home: str) -> None:
    first, second = checkout(tmp_path / "first", "2026"), checkout(tmp_path / "second", "2024")
    before = person(home)

    _, moved = environments(
        shell, first, before, evaluating(shell), f"cd {shlex.quote(str(second))}; {evaluating(shell)}"
    )
    (fresh,) = environments(shell, second, before, evaluating(shell))

    assert moved == fresh
    assert str(first) not in repr(moved)


@pytest.mark.parametrize("era", SCRIPTS)
@pytest.mark.parametrize("lists", [{}, {"LD_LIBRARY_PATH": "/mine/lib", "PKG_CONFIG_PATH": "/mine/pc"}])
def test_it_sets_what_the_script_would_set_where_it_is_sourced(
    era: str, lists: dict[str, str], tmp_path: Path, home: str
) -> None:
    root = checkout(tmp_path / "a b", era)
    jemalloc = root / "internal/core/output/lib/libjemalloc.so"
    jemalloc.parent.mkdir(parents=True)
    jemalloc.write_bytes(b"")
    before = person(home, **lists)
    # The script of 2026 leaves out the quotes where it asks for the sanitizer, and complains of the blank.
    sourced = "source scripts/setenv.sh >/dev/null 2>&1; unset LD_PRELOAD"

    (theirs,) = environments("bash", root, before, sourced)
    (ours,) = environments("bash", root, before, evaluating("bash"))

    parts = ("PATH", "PKG_CONFIG_PATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "RPATH")
    names = {name for name in theirs if theirs[name] != before.get(name)}
    assert names <= set(ours)
    for name in names:
        if name not in parts:
            assert ours[name] == theirs[name]
            continue
        own = [each for each in ours[name].split(":") if each not in lists.values()]
        assert own == [each for each in theirs[name].split(":") if each and each not in lists.values()]


RC = {
    "bash": (".bashrc", "export LD_LIBRARY_PATH=/rc/lib PATH=/rc/bin:$PATH\nPS1='re''ady> '\n"),
    "zsh": (".zshrc", "export LD_LIBRARY_PATH=/rc/lib PATH=/rc/bin:$PATH\nPS1='re''ady> '\n"),
    "dash": (".shrc", "export LD_LIBRARY_PATH=/rc/lib PATH=/rc/bin:$PATH\nPS1='re''ady> '\n"),
    "fish": (
        ".config/fish/config.fish",
        "set -gx LD_LIBRARY_PATH /rc/lib\nset -gx PATH /rc/bin $PATH\n"
        "function fish_prompt; echo 're''ady> '; end\n",
    ),
}


def opened(shell: str, root: Path, home: str, **more: str) -> Screen:
    path = shutil.which(shell)
    require(path, f"no {shell} on this machine")
    file, text = RC[shell]
    (Path(home) / file).parent.mkdir(parents=True, exist_ok=True)
    (Path(home) / file).write_text(text)
    env = person(home, SHELL=str(path), ENV="$HOME/.shrc" if shell == "dash" else "", **more)
    return Screen([*shlex.split(DEVTOOL), "shell"], env=env, cwd=str(root), columns=400)


@pytest.mark.parametrize("shell", SHELLS)
def test_in_the_shell_our_environment_stands_over_the_persons_files_which_have_run(
    shell: str, tmp_path: Path, home: str
) -> None:
    root = checkout(tmp_path / "a b", "2024")
    seen = tmp_path / "seen"

    with opened(shell, root, home) as screen:
        screen.expect("`exit` leaves it")
        screen.expect("ready> ")
        screen.type(f"env > {seen}\r")
        screen.expect("ready> ")
        screen.type("exit 7\r")

        assert screen.leave() == 7
    made = dict(line.partition("=")[::2] for line in seen.read_text().splitlines())
    core = f"{root}/internal/core/output"
    assert made["LD_LIBRARY_PATH"] == f"{core}/lib:{core}/lib64:/rc/lib"
    assert made["PATH"] == f"{home}/.local/share/devtool/bin:/rc/bin:/usr/bin:/bin"
    assert made["DEVTOOL_SHELL"] == str(root)
    assert made["PWD"] == str(root)
    left = {name for name in made if name.startswith("DEVTOOL_")} - {"DEVTOOL_SHELL", "DEVTOOL_ENV_CHANGES"}
    assert left == set()
    assert "ZDOTDIR" not in made
    assert made.get("ENV", "") == ("$HOME/.shrc" if shell == "dash" else "")


@pytest.mark.parametrize("place", ["environment", ".zshenv"])
def test_zsh_finds_its_files_where_the_person_keeps_them(place: str, tmp_path: Path, home: str) -> None:
    require(shutil.which("zsh"), "no zsh on this machine")
    root = checkout(tmp_path / "project", "2024")
    kept = Path(home, "z files")
    kept.mkdir()
    (kept / ".zshrc").write_text("PS1='mo''ved> '\n")
    told = {"ZDOTDIR": str(kept)} if place == "environment" else {}
    if not told:
        Path(home, ".zshenv").write_text("ZDOTDIR='" + str(kept) + "'\n")

    with opened("zsh", root, home, **told) as screen:
        screen.expect("moved> ")
        screen.type('echo "core in ${RPATH%%:*}"\r')
        screen.expect(f"core in {root}/internal/core/output/lib")
        screen.type("exit\r")

        assert screen.leave() == 0


def test_jobs_and_keys_are_the_shells_own(tmp_path: Path, home: str) -> None:
    root = checkout(tmp_path / "project", "2024")

    with opened("bash", root, home) as screen:
        screen.expect("ready> ")
        screen.type("sleep 71.5\r")
        screen.expect("sleep 71.5\r\n")
        screen.expect_in_front("sleep")
        screen.type("\x1a")
        screen.expect("Stopped")
        screen.type("fg\r")
        screen.expect("fg\r\nsleep 71.5\r\n")
        screen.expect_in_front("sleep")
        screen.type("\x03")
        screen.expect("ready> ")
        screen.type("echo status $?\r")
        screen.expect("status 130")
        screen.type("exit\r")
        screen.leave()


def test_a_shell_in_a_shell_is_refused_and_a_command_is_not(tmp_path: Path, home: str) -> None:
    root = checkout(tmp_path / "project", "2024")
    env = person(home, DEVTOOL_SHELL="/other")
    argv = [*shlex.split(DEVTOOL), "shell"]

    refused = subprocess.run(argv, cwd=root, env=env, capture_output=True, text=True, check=False)
    command = subprocess.run(
        [*argv, "--", "sh", "-c", "echo $RPATH; exit 3"],
        cwd=root, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "this is a shell of `devtool shell` already, for `/other`" in refused.stderr
    core = f"{root}/internal/core/output"
    assert (command.returncode, command.stdout) == (3, f"{core}/lib:{core}/lib64\n")


@pytest.mark.parametrize(("line", "status"), [("kill -TERM $$", -signal.SIGTERM), ("yes | head -1", 0)])
def test_a_command_ends_as_it_would_alone(line: str, status: int, tmp_path: Path, home: str) -> None:
    argv = [*shlex.split(DEVTOOL), "shell", "--", "bash", "-o", "pipefail", "-c", f"{line}; echo $?"]

    answer = subprocess.run(argv, cwd=tmp_path, env=person(home), capture_output=True, check=False)

    assert answer.returncode == status
    if status == 0:
        assert answer.stdout == b"y\n141\n", "a broken pipe must end programs as it does in any shell"


@pytest.mark.parametrize("shell", SHELLS)
def test_without_a_terminal_the_shell_reads_its_commands_from_the_pipe(
    shell: str, tmp_path: Path, home: str
) -> None:
    require(shutil.which(shell), f"no {shell} on this machine")
    root = checkout(tmp_path / "project", "2024")
    argv = [*shlex.split(DEVTOOL), "shell"]
    env = person(home, SHELL=str(shutil.which(shell)))

    answer = subprocess.run(
        argv,
        cwd=root,
        env=env,
        input="printenv MILVUS_WORK_DIR RPATH; exit 4\n",
        capture_output=True,
        text=True,
        check=False,
    )

    core = f"{root}/internal/core/output"
    assert (answer.returncode, answer.stdout) == (4, f"{core}/lib:{core}/lib64\n")


def test_what_lies_in_the_checkout_is_not_taken_for_ours(tmp_path: Path, home: str) -> None:
    root = checkout(tmp_path / "project", "2024")
    (root / "click.py").write_text("raise SystemExit('the checkout was run')\n")
    (root / "sitecustomize.py").write_text("print('the checkout was run')\n")

    with opened("bash", root, home, PYTHONSAFEPATH="1") as screen:
        screen.expect("ready> ")
        screen.type('echo "first ${LD_LIBRARY_PATH##*:}"\r')
        screen.expect("first /rc/lib")
        screen.type("exit\r")
        screen.leave()

    assert b"the checkout was run" not in screen.shown
