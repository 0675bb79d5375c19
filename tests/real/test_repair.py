"""Repair and undo with real git, real docker, a real Conan, and real full and read-only disks."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.errors import DevtoolError, InputError
from devtool.model.remedy import (
    Action,
    AppendLine,
    Plan,
    Remedy,
    RemoveJsonKey,
    SetGitKey,
    Step,
)
from devtool.model.report import Finding, Report
from devtool.model.requirement import Needs
from devtool.model.toolchain import MakeToolEnvironment
from devtool.remedies.application import apply
from devtool.workflows.repairing import plan_for, repair
from tests.conftest import require
from tests.support import tools
from tests.support.disks import small_disk
from tests.support.homes import CONFIG, Home
from tests.support.samples import host, report

pytestmark = [
    pytest.mark.real,
    # The child touches no thread that another test may have left.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture
def me(home: str) -> Home:
    return Home(Path(home))


def plan(*actions: Action) -> Plan:
    return Plan(tuple(Step(action, ("check",)) for action in actions))


def git(me: Home, *arguments: str) -> list[str]:
    command = ["git", "config", "--global", *arguments]
    answer = subprocess.run(command, env=me.system.env, capture_output=True, text=True, check=False, cwd="/")
    return answer.stdout.splitlines()


@pytest.mark.parametrize("content", [None, "", "[http]\n\tpostBuffer = 1", "[user]\n\tname = Me # it\n"])
def test_git_holds_the_value_and_undo_restores_the_file_byte_for_byte(me: Home, content: str | None) -> None:
    own = me.path / ".gitconfig"
    own.unlink()
    if content is not None:
        own.write_text(content)
    before = me.contents()

    apply(me.system, plan(SetGitKey("http.postBuffer", "1048576", "why")))

    assert git(me, "--get-all", "http.postBuffer") == ["1048576"]
    assert run(["undo"], me.system) == 0
    assert me.contents() == before


def test_git_replaces_all_values_or_adds_one_as_the_preview_does(me: Home) -> None:
    replaced = SetGitKey("http.postBuffer", "1048576", "why")
    added = SetGitKey("safe.directory", "/a b", "why", add=True)
    start = (me.path / ".gitconfig").read_bytes()
    assert git(me, "--get-all", "http.postBuffer") == ["1", "2"]

    apply(me.system, plan(replaced, added, SetGitKey("safe.directory", "/c", "why", add=True)))

    ours = (me.path / ".gitconfig").read_bytes()
    assert git(me, "--get-all", "http.postBuffer") == ["1048576"]
    assert git(me, "--get-all", "safe.directory") == ["/a b", "/c"]
    assert run(["undo"], me.system) == 0
    assert (me.path / ".gitconfig").read_bytes() == start
    for line in (replaced.preview, added.preview, "git config --global --add safe.directory /c"):
        subprocess.run(["sh", "-c", line], env=me.system.env, check=True, cwd="/")
    assert (me.path / ".gitconfig").read_bytes() == ours


def test_the_file_below_xdg_config_home_is_used_as_git_uses_it(me: Home) -> None:
    (me.path / ".gitconfig").unlink()
    shared = me.path / ".config/git/config"
    shared.parent.mkdir(parents=True)
    shared.write_text("[user]\n\tname = Me\n")

    apply(me.system, plan(SetGitKey("http.postBuffer", "1048576", "why")))

    assert "postBuffer" in shared.read_text()
    assert not (me.path / ".gitconfig").exists()
    assert run(["undo"], me.system) == 0
    assert shared.read_text() == "[user]\n\tname = Me\n"


def test_docker_reads_its_configuration_after_the_cut(me: Home) -> None:
    require(shutil.which("docker"), "no docker on this machine")
    config = me.path / ".docker/config.json"
    # docker 20.10 takes a relative link for one from the folder it was started in, and writes there.
    logout = ["docker", "--config", str(config.parent), "logout", "registry.example"]
    subprocess.run(logout, check=True, capture_output=True, cwd=config.parent)
    assert config.read_bytes() == CONFIG.encode()  # the absent helper keeps docker from its own entry

    apply(me.system, plan(RemoveJsonKey(str(config), "credsStore", "why")))
    subprocess.run(logout, check=True, capture_output=True, cwd=config.parent)

    assert "registry.example" not in config.read_text()
    assert run(["undo"], me.system) == 1  # docker has changed the file since


def fill(disk: Path, pages_left: int) -> Path:
    """A file that leaves the disk only that much room."""
    ballast = disk / ".ballast"
    room = os.statvfs(disk)
    ballast.write_bytes(b"x" * (room.f_bavail - pages_left) * room.f_frsize)
    return ballast


def test_on_a_full_disk_files_stay_as_they_were_and_undo_works(tmp_path: Path) -> None:
    refused: list[str] = []
    for pages_left in range(40):
        disk = tmp_path / str(pages_left)
        with small_disk(disk, "size=1m"):
            me = Home(disk)
            profile = me.path / ".bashrc"
            profile.write_text("# " + "x" * 20_000)
            before = me.contents()
            ballast = fill(disk, pages_left)
            cut = RemoveJsonKey(f"{disk}/.docker/config.json", "credsStore", "why")

            try:
                outcome = apply(me.system, plan(cut, AppendLine(str(profile), "export A=1", "why")))
                refused += [outcome.error.message] if outcome.error else []
            except DevtoolError as error:
                refused.append(error.message)

            ballast.unlink()
            assert run(["undo"], me.system) in (0, 1)
            assert me.contents() == before
    assert 10 < len(refused) < 40
    assert all("no space left on device" in message for message in refused)


def test_in_a_read_only_home_one_line_says_so_and_nothing_changes(tmp_path: Path) -> None:
    disk = tmp_path / "home"
    with small_disk(disk, "size=1m"):
        me = Home(disk)
        before = me.contents()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

        with pytest.raises(InputError) as refusal:
            apply(me.system, plan(RemoveJsonKey(f"{disk}/.docker/config.json", "credsStore", "why")))

        assert refusal.value.message == f"nothing was changed: cannot write to `{disk}`"
        assert me.contents() == before


def conan_action(me: Home) -> MakeToolEnvironment:
    data = me.system.directories.data
    return MakeToolEnvironment(
        "conan",
        "1.61.0",
        "<3.12",
        f"{data}/environments/conan-1.61.0",
        f"{data}/bin/conan",
        "this checkout needs conan 1.61.0",
    )


def with_python_311(me: Home) -> Home:
    folder = me.path.parent / "path"
    folder.mkdir()
    (folder / "python3.11").symlink_to(tools.python("3.11"))
    me.path_variable = f"{folder}:{os.environ['PATH']}"
    return me


def test_conan_1_is_made_apart_runs_through_its_shim_and_undo_removes_all_of_it(me: Home) -> None:
    me = with_python_311(me)
    before = me.contents()
    action = conan_action(me)
    finding = Finding("conan", "failure", "wrong", remedies=(Remedy("make one", (action,)),))
    first = Report(host(home=str(me.path)), Needs(None, None), (finding,))

    def examine() -> Report:
        seen = subprocess.run([action.shim, "--version"], capture_output=True, text=True, check=False)
        return report(Finding("conan", "ok", seen.stdout.strip()))

    after = repair(me.system, first, examine=examine, yes=True, dry_run=False)

    assert after.findings[0].summary == "Conan version 1.61.0"
    hostile = me.path.parent / "hostile"
    hostile.mkdir()
    (hostile / "conans.py").write_text("raise SystemExit('the caller leaked in')")
    foreign = {**os.environ, "PYTHONPATH": str(hostile), "PYTHONHOME": "/nowhere", "VIRTUAL_ENV": "/nowhere"}
    seen = subprocess.run(
        [action.shim, "--version"], env=foreign, capture_output=True, text=True, check=False
    )
    assert (seen.returncode, seen.stdout) == (0, "Conan version 1.61.0\n")
    assert (
        (me.path / ".bashrc").read_text().endswith('\nexport PATH="$HOME/.local/share/devtool/bin:$PATH"\n')
    )
    # A second repair finds everything so already.
    assert apply(me.system, plan_for(me.system, first)).fix is None
    assert run(["undo"], me.system) == 0
    assert settled(me) == before
    assert not Path(action.environment).exists()
    assert not Path(action.shim).parent.exists()


def test_the_pasted_preview_makes_the_same_shim_and_spares_a_foreign_one(me: Home) -> None:
    data = me.path / "it's data"
    action = MakeToolEnvironment(
        "distro",
        "1.9.0",
        ">=3.10",
        f"{data}/e",
        f"{data}/bin/distro",
        "why",
        interpreter=tools.python("3.11"),
    )
    env = {**me.system.env, "PYTHONPATH": "/nowhere"}

    for _ in range(2):
        subprocess.run(["sh", "-ec", action.preview], env=env, check=True, capture_output=True, cwd="/")

    shim = Path(action.shim)
    assert action.shim_texts == ((str(shim), shim.read_text()),)
    seen = subprocess.run([shim, "--json"], env=env, capture_output=True, text=True, check=True)
    assert '"id"' in seen.stdout
    shim.write_text("#!/bin/sh\necho mine\n")
    subprocess.run(["sh", "-ec", action.preview], env=env, check=True, capture_output=True, cwd="/")
    assert shim.read_text() == "#!/bin/sh\necho mine\n"


def test_a_killed_installation_is_taken_back_whole(me: Home) -> None:
    me = with_python_311(me)
    before = me.contents()
    action = conan_action(me)
    child = os.fork()
    if child == 0:
        try:
            apply(me.system, plan(action))
        finally:
            os._exit(9)
    deadline = time.monotonic() + 60
    while not list(me.path.rglob("pyvenv.cfg")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    wait_for_the_orphan(me.path)

    assert not Path(action.shim).exists()
    assert run(["undo"], me.system) == 0
    assert settled(me) == before
    assert not Path(action.environment).exists()


def test_a_foreign_file_in_the_place_of_the_shim_is_left_alone(me: Home) -> None:
    action = conan_action(me)
    shim = Path(action.shim)
    shim.parent.mkdir(parents=True)
    shim.write_text("#!/bin/sh\necho mine\n")
    before = me.contents()

    with pytest.raises(DevtoolError) as refusal:
        apply(me.system, plan(action))

    assert refusal.value.message == f"`{shim}` is in the way and was not made by devtool"
    assert me.contents() == before


def test_a_step_on_the_terminal_reads_the_persons_answer_and_keeps_stdout_clean(tmp_path: Path) -> None:
    program = (
        "from devtool.system import real_system;"
        "a = real_system().process.attach(['sh', '-c', 'read answer </dev/tty; echo heard $answer; exit 3']);"
        "print('status', a.status)"
    )
    out = tmp_path / "stdout"
    child, terminal = pty.fork()
    if child == 0:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, 1)
        os.execv(sys.executable, [sys.executable, "-c", program])
    os.write(terminal, b"secret\n")
    heard = b""
    while b"heard secret" not in heard:
        heard += os.read(terminal, 1024)
    os.waitpid(child, 0)
    os.close(terminal)

    assert out.read_text() == "status 3\n"


def settled(me: Home) -> dict[str, tuple[int, bytes | str]]:
    """What is there, but what rustup makes of itself where pip asks `rustc` for its version."""
    return {name: what for name, what in me.contents().items() if not name.startswith(".rustup")}


def wait_for_the_orphan(home: Path) -> None:
    """Until the installer that outlived its killed parent has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lines = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
        if not any(str(home).encode() in line for line in lines):
            return
        time.sleep(0.2)
