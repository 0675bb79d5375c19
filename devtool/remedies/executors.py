"""One executor a type of action, in a table.

An executor looks and computes, and changes nothing: it gives the changes that
the journal writes down first, and a function that then makes them.
"""

from __future__ import annotations

import posixpath
import shlex

from devtool.adapters.mirrors import told
from devtool.errors import DevtoolError, InputError
from devtool.model.fix import CommandRun, FileChange, FileMoved
from devtool.model.moved_branch import MoveBranch
from devtool.model.packages import InstallPackages
from devtool.model.redaction import redact
from devtool.model.remedy import AppendLine, RemoveJsonKey, RunCommand, SetGitKey
from devtool.model.text_change import MoveFile, RemoveFile, WriteText
from devtool.model.toolchain import InstallArchive, InstallRustup, MakeToolEnvironment
from devtool.remedies.bench import (
    Executor,
    Prepared,
    Workbench,
    change,
    must,
    require_unchanged,
    there,
)
from devtool.remedies.branches import move_branch
from devtool.remedies.journal import digest
from devtool.remedies.json_key import without_key
from devtool.remedies.packages import install_packages
from devtool.remedies.rooting import require_begun
from devtool.remedies.toolchains import install_toolchain, make_tool_environment
from devtool.system import System


def run_command(bench: Workbench, action: RunCommand) -> Prepared:
    """Run the program, as root through `sudo` on the person's terminal."""
    system = bench.system
    through_sudo = action.needs_root and not system.machine.is_root()
    line = redact(action.command)
    # A command that carries a secret is not written down, and so cannot be run to undo.
    undo = action.undo_argv
    if undo is not None and redact(shlex.join(undo)) != shlex.join(undo):
        undo = None

    def carry_out() -> None:
        if through_sudo:
            answer = system.process.attach(("sudo", *action.argv))
            require_begun(system, answer, action.argv, line)
        else:
            answer = system.process.run(
                action.argv,
                timeout_seconds=None,
                cwd="/",
                env=told(system.env),
                on_line=system.console.note,
            )
        must(answer, line)

    return Prepared((CommandRun(line, undo, action.needs_root),), carry_out)


def remove_json_key(bench: Workbench, action: RemoveJsonKey) -> Prepared | None:
    """Cut the key out of the text and replace the file at once."""
    before = bench.system.files.read_bytes(action.path)
    after = None if before is None else without_key(before, action.key, action.path)
    return None if after is None else _rewritten(bench, action.path, before, after)


def append_line(bench: Workbench, action: AppendLine) -> Prepared | None:
    """Add the line unless it is there, on a line of its own."""
    before = bench.system.files.read_bytes(action.path)
    wanted = action.line.encode()
    if wanted in (before or b"").splitlines():
        return None
    whole = not before or before.endswith(b"\n")
    after = (before or b"") + (b"" if whole else b"\n") + wanted + b"\n"
    return _rewritten(bench, action.path, before, after)


def write_text(bench: Workbench, action: WriteText) -> Prepared | None:
    """Replace the file at once, where it still is what the plan was made for."""
    expected = None if action.before is None else action.before.encode()
    require_unchanged(bench.system, action.path, expected)
    after = action.after.encode()
    return None if after == expected else _rewritten(bench, action.path, expected, after, action.mode)


def move_file(bench: Workbench, action: MoveFile) -> Prepared:
    """Rename it, never over something else."""
    files = bench.system.files

    def carry_out() -> None:
        if not there(files, action.path):
            raise DevtoolError(f"`{action.path}` is gone", "try again")
        if there(files, action.to):
            raise DevtoolError(f"`{action.to}` is in the way", "move it elsewhere, then try again")
        files.move(action.path, action.to)

    return Prepared((FileMoved(action.path, action.to),), carry_out)


def remove_file(bench: Workbench, action: RemoveFile) -> Prepared | None:
    """Keep its bytes, then remove it, where it still is what the plan was made for."""
    files, before = bench.system.files, action.before.encode()
    if not there(files, action.path):
        return None
    require_unchanged(bench.system, action.path, before)

    def carry_out() -> None:
        require_unchanged(bench.system, action.path, before)
        files.remove(action.path)

    real = files.real(action.path)
    return Prepared(
        (FileChange(real, digest(before), None, bench.keep(before), mode=action.mode),), carry_out
    )


def set_git_key(bench: Workbench, action: SetGitKey) -> Prepared | None:
    """Have git set the key, having had it do so to a copy to know what will come out."""
    system = bench.system
    path, env = _git_file(system)
    before = system.files.read_bytes(path)
    if before is not None:
        system.files.write(bench.scratch, before, 0o600)
    system.files.make_folder(posixpath.dirname(bench.scratch))
    _git(system, ("config", "--file", bench.scratch, *action.arguments), env)
    after = system.files.read_bytes(bench.scratch)
    system.files.remove(bench.scratch)
    if after == before or after is None:
        return None

    def carry_out() -> None:
        require_unchanged(system, path, before)
        # GIT_CONFIG_GLOBAL may name a file in a folder that git would not make.
        system.files.make_folder(posixpath.dirname(path))
        _git(system, ("config", "--global", *action.arguments), env)

    return Prepared((change(bench, path, before, after),), carry_out)


EXECUTORS: dict[type, Executor] = {
    RunCommand: run_command,
    RemoveJsonKey: remove_json_key,
    SetGitKey: set_git_key,
    AppendLine: append_line,
    MakeToolEnvironment: make_tool_environment,
    InstallArchive: install_toolchain,
    InstallRustup: install_toolchain,
    InstallPackages: install_packages,
    WriteText: write_text,
    MoveFile: move_file,
    RemoveFile: remove_file,
    MoveBranch: move_branch,
}


def _rewritten(
    bench: Workbench, path: str, before: bytes | None, after: bytes, mode: int | None = None
) -> Prepared:
    def carry_out() -> None:
        require_unchanged(bench.system, path, before)
        bench.system.files.write(path, after, mode)

    return Prepared((change(bench, path, before, after),), carry_out)


def _git_file(system: System) -> tuple[str, dict[str, str | None]]:
    """The file that `git config --global` writes to, and the environment that makes it so.

    https://git-scm.com/docs/git-config#FILES
    """
    home = system.machine.home(system.env)
    env: dict[str, str | None] = {"HOME": home}
    if named := system.env.get("GIT_CONFIG_GLOBAL"):
        return named, env
    if home is None:
        raise InputError("this user has no home folder", "set HOME")
    own = f"{home}/.gitconfig"
    shared = f"{system.env.get('XDG_CONFIG_HOME') or f'{home}/.config'}/git/config"
    use_shared = system.files.kind(own) is None and system.files.kind(shared) == "file"
    return (shared if use_shared else own), env


def _git(system: System, arguments: tuple[str, ...], env: dict[str, str | None]) -> None:
    answer = system.process.run(("git", *arguments), cwd="/", env=env)
    if not answer.ok:
        said = answer.stderr.strip().splitlines()
        raise DevtoolError(f"`git config` {answer.describe()}", said[-1] if said else None)
