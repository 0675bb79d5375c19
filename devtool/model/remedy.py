"""Cures as values: what to change, why, how it is shown, and whether it can be taken back.

Nothing here changes anything; `devtool.remedies` applies and undoes.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from devtool.model.moved_branch import MoveBranch
from devtool.model.packages import InstallPackages
from devtool.model.text_change import MoveFile, RemoveFile, WriteText
from devtool.model.toolchain import Toolchain
from devtool.model.wrapping import plain

# Runs anywhere with a Python and changes nothing it has not proved: it finds the key in the text, cuts
# as devtool cuts, and stops unless the rest still reads as the same document without the key.
_CUT_KEY = r"""import json, re, sys
path, key = sys.argv[1:]
text = open(path, encoding="utf-8", newline="").read()
found = re.search(r"(,?\s*)" + re.escape(json.dumps(key)) + r"\s*:\s*", text)
start, end = found.start(), json.JSONDecoder().raw_decode(text, found.end())[1]
comma = re.match(r"\s*,\s*", text[end:])
if comma and found[1][:1] != ",":
    start, end = found.end(1), end + comma.end()
wanted = json.loads(text)
del wanted[key]
assert json.loads(text[:start] + text[end:]) == wanted
open(path, "w", encoding="utf-8", newline="").write(text[:start] + text[end:])
"""


@dataclass(frozen=True)
class RunCommand:
    """Run a program, as it stands, in the person's own environment."""

    argv: tuple[str, ...]
    reason: str
    needs_root: bool = False
    undo_argv: tuple[str, ...] | None = None
    """The command that takes it back; None when it cannot be taken back."""

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def command(self) -> str:
        """The command as root would type it."""
        return shlex.join(self.argv)

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return f"sudo {self.command}" if self.needs_root else self.command


@dataclass(frozen=True)
class RemoveJsonKey:
    """Take one key out of a JSON file, leaving every other byte as it was."""

    path: str
    key: str
    """A top-level key."""
    reason: str
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return f"take `{self.key}` out of `{self.path}` and leave every other byte"

    @property
    def command(self) -> str:
        """The shell lines as the file's owner would type them."""
        path = shlex.quote(self.path)
        backup = shlex.quote(f"{self.path}.before-devtool")
        return f"cp -p {path} {backup}\npython3 -c {shlex.quote(_CUT_KEY)} {path} {shlex.quote(self.key)}"

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return _through_sudo(self.command, self.needs_root)


@dataclass(frozen=True)
class SetGitKey:
    """Set one key of the person's global git configuration, in place of all its values there."""

    key: str
    value: str
    reason: str
    needs_root: bool = False
    add: bool = False
    """Keep the values that are there, for a key that may have several (`safe.directory`)."""

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What to tell `git config` after naming the file."""
        # Without --replace-all git refuses a key that has several values.
        return ("--add" if self.add else "--replace-all", self.key, self.value)

    @property
    def command(self) -> str:
        """The shell line as the file's owner would type it."""
        return shlex.join(["git", "config", "--global", *self.arguments])

    @property
    def preview(self) -> str:
        """The shell line a person could run by hand."""
        return _through_sudo(self.command, self.needs_root)


@dataclass(frozen=True)
class AppendLine:
    """Add one line to the end of a text file (a shell profile), once."""

    path: str
    line: str
    reason: str
    needs_root: bool = False

    @property
    def what(self) -> str:
        """In words what the command does; empty where the command says it."""
        return f"add `{self.line}` to `{self.path}`, once"

    @property
    def command(self) -> str:
        """The shell lines as the file's owner would type them."""
        path, wanted = shlex.quote(self.path), shlex.quote(self.line)
        folder = shlex.quote(posixpath.dirname(self.path))
        return (
            f"mkdir -p {folder}\n"
            f"grep -qsxF -e {wanted} {path} || "
            f"{{ test -z \"$(tail -c 1 {path})\" || echo; printf '%s\\n' {wanted}; }} >> {path}"
        )

    @property
    def preview(self) -> str:
        """The shell lines a person could run by hand."""
        return _through_sudo(self.command, self.needs_root)


Action = (
    RunCommand
    | RemoveJsonKey
    | SetGitKey
    | AppendLine
    | Toolchain
    | InstallPackages
    | WriteText
    | MoveFile
    | RemoveFile
    | MoveBranch
)


@dataclass(frozen=True)
class Remedy:
    """One way to cure a finding: words for a person, and actions where we can act."""

    summary: str
    """One line: what to do. Commands in it run as pasted."""
    actions: tuple[Action, ...] = ()
    """Empty when only a person can do it."""


@dataclass(frozen=True)
class Step:
    """One action of a plan, and the checks that asked for it."""

    action: Action
    asked_by: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    """What those checks found, what is needed and where that is stated; empty where the reason says it."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is done, one line for each check, each beginning with whose it is."""
        asked_by = f"{', '.join(self.asked_by)}: " if self.asked_by else ""
        return self.found or (f"{asked_by}{self.action.reason}",)

    @property
    def download_bytes(self) -> int | None:
        """What comes over the network, where the package manager tells."""
        return self.action.download_bytes if isinstance(self.action, InstallPackages) else None

    @property
    def download(self) -> str | None:
        """The same in words."""
        size = self.download_bytes
        if size is None:
            return None
        return f"{size / 1024**2:.0f} MiB" if size >= 1024**2 else "less than 1 MiB"

    @property
    def undoable(self) -> bool:
        """Whether devtool can take it back."""
        return not isinstance(self.action, RunCommand | InstallPackages) or self.action.undo_argv is not None

    def transcript(self, is_root: bool = False, *, stops: bool = False) -> str:
        """The shell lines, below comments that say who asked and why.

        With `stops` a shell that runs them under `set -e` goes no further where any of them fails.
        """
        comments = [_comment(each) for each in self.reasons]
        if self.action.what:
            comments.append(_comment(self.action.what))
        if self.download:
            comments.append(f"# downloads {self.download}")
        if self.action.needs_root and not is_root:
            comments.append("# needs root")
        if not self.undoable:
            comments.append("# `devtool undo` cannot take this back")
        lines = self.action.command if is_root else self.action.preview
        if stops and isinstance(self.action, Toolchain | InstallPackages) and " &&" in lines:
            # `set -e` passes over all but the last of a list, and over none of a subshell.
            lines = f"(\n{lines}\n)"
        return "\n".join([*comments, lines])


@dataclass(frozen=True)
class Plan:
    """Steps in order, without repeats."""

    steps: tuple[Step, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the steps do."""
        return tuple(step.action for step in self.steps)

    def transcript(self, is_root: bool = False, *, stops: bool = False) -> str:
        """All steps as a shell transcript that a person could run by hand; `stops` as of a step."""
        return "\n\n".join(step.transcript(is_root, stops=stops) for step in self.steps)

    @staticmethod
    def of(remedies: Iterable[Remedy]) -> Plan:
        """The plan that carries out `remedies` in their order, each action once."""
        return Plan.asked(("", remedy) for remedy in remedies)

    @staticmethod
    def asked(remedies: Iterable[tuple[str, Remedy]]) -> Plan:
        """As `of`, each remedy with the id of the check that asks for it."""
        steps: dict[object, Step] = {}
        for check, remedy in remedies:
            for action in remedy.actions:
                # All packages of one manager are one call of it, and of `sudo`.
                key = (InstallPackages, action.manager) if isinstance(action, InstallPackages) else action
                known = steps.get(key, Step(action))
                if isinstance(known.action, InstallPackages) and isinstance(action, InstallPackages):
                    action = known.action.joined(action)
                ids = (*known.asked_by, *([check] if check else []))
                steps[key] = Step(action, tuple(dict.fromkeys(ids)))
        return Plan(tuple(steps.values()))


def _comment(text: str) -> str:
    # A shell would run what follows a line end in it: a path may hold one.
    return f"# {plain(text)}"


def _through_sudo(command: str, needs_root: bool) -> str:
    return f"sudo sh -c {shlex.quote(command)}" if needs_root else command
