"""The one line for the person's own shell: which file it belongs in, and how it is spelled there.

The files are those that pipx, uv and rustup write to. A login shell on macOS
reads no `.bashrc`: https://www.gnu.org/software/bash/manual/bash.html#Bash-Startup-Files
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from devtool.errors import UnreadableError
from devtool.model.host import Host
from devtool.model.remedy import AppendLine, Remedy
from devtool.system import System

SHIMS_REASON = "puts the commands that devtool makes on PATH in new shells"


@dataclass(frozen=True)
class Profile:
    """The file that a new terminal reads."""

    path: str
    shell: str
    home: str

    def on_path(self, folder: str) -> str:
        """The line that puts `folder` first on PATH."""
        below = folder.removeprefix(f"{self.home}/")
        quoted = re.sub(r'([\\"$`])', r"\\\1", below)
        spelled = f"$HOME/{quoted}" if below != folder else quoted
        if self.shell == "fish":
            return f'fish_add_path --global --prepend --move "{spelled}"'
        return f'export PATH="{spelled}:$PATH"'

    def evaluated(self, argv: tuple[str, ...]) -> str:
        """The line that runs a command and takes over what it prints."""
        return f"{shlex.join(argv)} | source" if self.shell == "fish" else f'eval "$({shlex.join(argv)})"'

    def prefixed(self, variable: str, value: str) -> str:
        """The line that puts `value` before what the comma-separated variable holds."""
        if self.shell == "fish":
            return f"set -gx {variable} (string join , {value} ${variable})"
        return f'export {variable}="{value}${{{variable}:+,${variable}}}"'

    def holds(self, system: System, line: str) -> bool:
        """Whether the file has the line already, so that only a new terminal is missing."""
        try:
            text = system.files.read_text(self.path) or ""
        except UnreadableError:
            return False
        return line in (each.strip() for each in text.splitlines())

    def append(self, line: str, reason: str) -> Remedy:
        """The remedy that adds the line."""
        return Remedy(
            f"add `{line}` to `{self.path}` and open a new terminal", (AppendLine(self.path, line, reason),)
        )


def find_profile(system: System, host: Host) -> Profile | None:
    """The file that the person's shell reads; None without a home."""
    if host.home is None:
        return None
    shell = host.shell or "sh"
    if shell == "fish":
        path = f"{system.env.get('XDG_CONFIG_HOME') or f'{host.home}/.config'}/fish/conf.d/devtool.fish"
    elif shell == "zsh":
        path = f"{system.env.get('ZDOTDIR') or host.home}/.zshrc"
    elif shell == "bash":
        path = f"{host.home}/{'.bash_profile' if host.os == 'macos' else '.bashrc'}"
    else:
        path = f"{host.home}/.profile"
    return Profile(path, shell, host.home)
