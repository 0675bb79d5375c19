"""Where a person's shell learns its PATH, and the one line that puts the shims there.

The files are those that pipx, uv and rustup write to. A login shell on macOS
reads no `.bashrc`: https://www.gnu.org/software/bash/manual/bash.html#Bash-Startup-Files
"""

from __future__ import annotations

from devtool.model.host import Host
from devtool.model.remedy import AppendLine
from devtool.system import System


def path_action(system: System, host: Host) -> AppendLine | None:
    """What puts the shims' folder on PATH in new shells; None where it is there or no home is known."""
    shims, home = system.directories.shims, system.machine.home(system.env)
    if shims in system.env.get("PATH", "").split(":") or home is None:
        return None
    file = _profile(system, host, home)
    line = _line(host.shell, _spelled(shims, home))
    return AppendLine(file, line, "puts the commands that devtool makes on PATH in new shells")


def _profile(system: System, host: Host, home: str) -> str:
    if host.shell == "fish":
        config = system.env.get("XDG_CONFIG_HOME") or f"{home}/.config"
        return f"{config}/fish/conf.d/devtool.fish"
    if host.shell == "zsh":
        return f"{system.env.get('ZDOTDIR') or home}/.zshrc"
    if host.shell == "bash":
        return f"{home}/.bash_profile" if host.os == "macos" else f"{home}/.bashrc"
    return f"{home}/.profile"


def _line(shell: str | None, folder: str) -> str:
    if shell == "fish":
        return f'fish_add_path --global --prepend --move "{folder}"'
    return f'export PATH="{folder}:$PATH"'


def _spelled(folder: str, home: str) -> str:
    """`folder` as it stands between double quotes, below `$HOME` where it is."""
    below = folder.removeprefix(f"{home}/")
    quoted = "".join(f"\\{c}" if c in '\\"$`' else c for c in below)
    return f"$HOME/{quoted}" if below != folder else quoted
