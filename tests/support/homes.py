"""Real home folders for tests that repair and undo, compared byte for byte."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

from devtool.system import System, real_system
from tests.support.console import FakeConsole

SECRET = "c2VjcmV0OnBhc3N3b3Jk"
CONFIG = (
    f'{{\r\n\t"auths": {{"registry.example": {{"auth": "{SECRET}"}}}},\r\n\t"credsStore": "desktop"\r\n}}'
)
STATE = ".local/state/devtool"


@dataclass
class Home:
    """A home with a symlinked private docker configuration, a git configuration and a profile."""

    path: Path
    console: FakeConsole = field(default_factory=FakeConsole)
    path_variable: str = field(default_factory=lambda: os.environ["PATH"])

    def __post_init__(self) -> None:
        if list(self.path.iterdir()):
            return
        config = self.path / "dotfiles" / "docker.json"
        config.parent.mkdir()
        config.write_bytes(CONFIG.encode())
        config.chmod(0o600)
        (self.path / ".docker").mkdir()
        (self.path / ".docker/config.json").symlink_to("../dotfiles/docker.json")
        (self.path / ".gitconfig").write_text(
            "[http]\n\tpostBuffer = 1\n\tpostBuffer = 2 ; two\n[user]\n\tname = Me\n"
        )
        (self.path / ".bashrc").write_text("alias ll='ls -l'")  # no line end

    @property
    def system(self) -> System:
        """The real doors, with this home and a console that remembers."""
        env = {"HOME": str(self.path), "PATH": self.path_variable}
        system = real_system("/")
        return replace(system, env=env, process=type(system.process)(env), console=self.console)

    def contents(self) -> dict[str, tuple[int, bytes | str]]:
        """Everything in it but the journal and locks: mode, and bytes or where a link points."""
        found: dict[str, tuple[int, bytes | str]] = {}
        for path in sorted(self.path.rglob("*")):
            name = str(path.relative_to(self.path))
            if name.startswith(STATE) or STATE.startswith(name) or name.endswith(".lock"):
                continue
            mode = stat.S_IMODE(path.lstat().st_mode)
            if path.is_symlink():
                found[name] = (0, os.readlink(path))
            else:
                found[name] = (mode, b"" if path.is_dir() else path.read_bytes())
        return found

    def holders_of_the_secret(self) -> set[str]:
        """Which files hold it."""
        return {
            str(path.relative_to(self.path))
            for path in self.path.rglob("*")
            if path.is_file() and not path.is_symlink() and SECRET.encode() in path.read_bytes()
        }
