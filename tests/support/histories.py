"""Histories in real repositories, byte by byte as a test wants them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from devtool.system import System, real_system
from tests.support.console import FakeConsole

ME = "Zoë O'Doe <zoe@example.org>"
OTHER = "Ann Other <ann@example.org>"


@dataclass
class History:
    """A repository of this person, whose commits are written as objects."""

    root: Path
    console: FakeConsole = field(default_factory=FakeConsole)
    extra: dict[str, str] = field(default_factory=dict)
    """More of the environment, such as a CI service's."""

    def __post_init__(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            self.git("init", "-q", "-b", "main")
        name, mail = ME.removesuffix(">").split(" <")
        self.git("config", "user.name", name)
        self.git("config", "user.email", mail)

    @property
    def env(self) -> dict[str, str]:
        return {
            "HOME": str(self.root.parent),
            "PATH": os.environ["PATH"],
            "EDITOR": "false",
            "LC_ALL": "C.UTF-8",
            **self.extra,
        }

    @property
    def system(self) -> System:
        system = real_system("/")
        process = type(system.process)(self.env)
        return replace(system, env=self.env, process=process, console=self.console, cwd=str(self.root))

    def git(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
        answer = subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.env, input=stdin, capture_output=True, check=False
        )
        assert not check or answer.returncode == 0, answer.stderr
        return answer.stdout.decode(errors="surrogateescape").strip()

    def shell(self, line: str) -> None:
        answer = subprocess.run(
            ["sh", "-c", line], cwd=self.root, env=self.env, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, f"{line}\n{answer.stdout}{answer.stderr}"

    def commit(
        self,
        message: str | bytes = "",
        *parents: str,
        author: str | bytes = ME,
        committer: str | bytes = "",
        encoding: str = "",
        files: dict[str, str] | None = None,
        branch: str = "main",
    ) -> str:
        """Write a commit on top of the branch (or of `parents`), and move the branch to it; its id."""
        tip = self.git("rev-parse", "-q", "--verify", f"refs/heads/{branch}", check=False)
        above = parents or ((tip,) if tip else ())
        entries = "".join(
            f"100644 blob {self.git('hash-object', '-w', '--stdin', stdin=text.encode())}\t{name}\n"
            for name, text in (files or {}).items()
            if "/" not in name
        )
        for name, text in (files or {}).items():
            if "/" in name:
                folder, base = name.split("/")
                blob = self.git("hash-object", "-w", "--stdin", stdin=text.encode())
                inner = self.git("mktree", stdin=f"100644 blob {blob}\t{base}\n".encode())
                entries += f"040000 tree {inner}\t{folder}\n"
        tree = self.git("mktree", stdin=entries.encode())
        who = [each if isinstance(each, bytes) else each.encode() for each in (author, committer or author)]
        lines = [f"tree {tree}".encode(), *(f"parent {each}".encode() for each in above)]
        lines += [b"author " + who[0] + b" 1700000000 +0000", b"committer " + who[1] + b" 1700000000 +0000"]
        lines += [f"encoding {encoding}".encode()] if encoding else []
        text = message if isinstance(message, bytes) else message.encode()
        raw = b"\n".join(lines) + b"\n\n" + text
        made = self.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw)
        self.git("update-ref", f"refs/heads/{branch}", made)
        return made

    def signed(self, subject: str = "good", *parents: str, by: str = ME, branch: str = "main") -> str:
        return self.commit(f"{subject}\n\nSigned-off-by: {by}\n", *parents, author=by, branch=branch)
