"""What the checkout's own script would export on this machine; the script is read, never run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from devtool.adapters.homebrew import other_prefix, prefix_for
from devtool.adapters.script import Replay, ScriptError, UnfollowedError, expand, replay
from devtool.errors import InputError

if TYPE_CHECKING:
    from devtool.model.host import Host
    from devtool.model.requirement import Needs
    from devtool.requirements.profile import Surroundings
    from devtool.requirements.tree import Tree
    from devtool.system import System

_FORMULA = re.compile(r"[a-z0-9][a-z0-9@.+-]*")
_KERNELS = {"linux": "Linux", "macos": "Darwin"}
_SDK_SECONDS = 4.0
_LLVM = "llvm_prefix"
"""What the settings of a profile call the folder of the LLVM that the build takes."""


class Exports:
    """The script of one checkout, followed on one machine."""

    def __init__(self, system: System, host: Host, needs: Needs, surroundings: Surroundings) -> None:
        self._system, self._host, self._needs, self._surroundings = system, host, needs, surroundings
        self.prefix = homebrew_prefix(system, host)
        self._asked: dict[tuple[str, ...], str] = {}
        self.made = Replay()

    def follow(self, tree: Tree, env: Mapping[str, str], root: str) -> Replay:
        """What the script exports for somebody with this environment. Raises InputError."""
        path = self._surroundings.script
        text = tree.read(path) if path else None
        # Without the person's own lists: theirs are joined to what the script adds, not mixed with it.
        own = {name: value for name, value in env.items() if name not in self._surroundings.lists}
        variables = {**own, **dict.fromkeys(self._surroundings.root_variables, root)}
        try:
            self.made = replay(
                text or "",
                variables,
                self._ask,
                fixed=self._surroundings.root_variables,
                lists=self._surroundings.lists,
            )
        except ScriptError as error:
            raise InputError(f"{path} cannot be read: {error}") from None
        if path and path in tree.problems:
            raise InputError(f"{path}: {tree.problems[path]}")
        if _LLVM not in self.made.variables and self._host.os == "macos":
            self.made.variables.update(self._llvm())
        return self.made

    def value(self, template: str) -> str | None:
        """A setting's value, after the script; None where there is nothing to make it of."""
        if _LLVM in template and not self.made.variables.get(_LLVM):
            return None
        try:
            return expand(f'"{template}"', self.made.variables, self._ask)
        except UnfollowedError:
            return None

    def _llvm(self) -> dict[str, str]:
        """The LLVM of a checkout whose script chooses none: the best that it accepts elsewhere."""
        need = self._needs.tool("llvm")
        if need is None or self.made.stopped is not None:
            return {}
        formulae = [f"llvm@{major}" for major in need.accepted or ()] or ["llvm"]
        chosen = next((formula for formula in formulae if self._installed(formula)), None)
        return {_LLVM: f"{self.prefix}/opt/{chosen}"} if chosen else {}

    def _ask(self, argv: tuple[str, ...]) -> str | None:
        if argv == ("uname", "-s") and self._host.os in _KERNELS:
            return _KERNELS[self._host.os]
        if argv[:3] == ("brew", "ls", "--versions") and len(argv) == 4:
            return argv[3] if self._installed(argv[3]) else None
        if argv == ("brew", "--prefix"):
            return self.prefix
        if argv[:2] == ("brew", "--prefix") and len(argv) == 3 and _FORMULA.fullmatch(argv[2]):
            return f"{self.prefix}/opt/{argv[2]}"
        if argv == ("sw_vers", "-productVersion") and self._host.version:
            return self._host.version
        if argv in (("xcrun", "--show-sdk-path"), ("xcrun", "--show-sdk-version")):
            return self._run(argv)
        raise UnfollowedError(f"what `{' '.join(argv)}` says is not known")

    def _run(self, argv: tuple[str, ...]) -> str:
        if argv not in self._asked:
            answer = self._system.process.run(argv, timeout_seconds=_SDK_SECONDS, cwd="/")
            if not answer.ok:
                raise UnfollowedError(f"`{answer.line}` {answer.describe()}")
            self._asked[argv] = answer.stdout.strip()
        return self._asked[argv]

    def _installed(self, formula: str) -> bool:
        return self._system.files.kind(f"{self.prefix}/opt/{formula}") == "folder"


def homebrew_prefix(system: System, host: Host) -> str:
    """Where the Homebrew for this processor is; the person's own place, where they moved it."""
    told = system.env.get("HOMEBREW_PREFIX", "").rstrip("/")
    moved = told.startswith("/") and told != other_prefix(host)
    return told if moved else prefix_for(host)
