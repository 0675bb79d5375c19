"""Where each shell learns of the shims."""

from __future__ import annotations

import pytest

from devtool.remedies.profile import path_action
from tests.support import fake_system
from tests.support.samples import host

LINE = 'export PATH="$HOME/.local/share/devtool/bin:$PATH"'


@pytest.mark.parametrize(
    ("shell", "os", "env", "file", "line"),
    [
        ("bash", "linux", {}, "/home/me/.bashrc", LINE),
        ("bash", "macos", {}, "/home/me/.bash_profile", LINE),
        ("zsh", "macos", {}, "/home/me/.zshrc", LINE),
        ("zsh", "linux", {"ZDOTDIR": "/home/me/.zsh"}, "/home/me/.zsh/.zshrc", LINE),
        (
            "fish",
            "linux",
            {},
            "/home/me/.config/fish/conf.d/devtool.fish",
            'fish_add_path --global --prepend --move "$HOME/.local/share/devtool/bin"',
        ),
        ("dash", "linux", {}, "/home/me/.profile", LINE),
        (None, "linux", {}, "/home/me/.profile", LINE),
        (
            "bash",
            "linux",
            {"XDG_DATA_HOME": '/data/$x "y"'},
            "/home/me/.bashrc",
            'export PATH="/data/\\$x \\"y\\"/devtool/bin:$PATH"',
        ),
    ],
)
def test_each_shell_gets_its_own_line_in_its_own_file(
    shell: str | None, os: str, env: dict[str, str], file: str, line: str
) -> None:
    system = fake_system(env={"HOME": "/home/me", "PATH": "/usr/bin", **env})

    action = path_action(system, host(shell=shell, os=os))

    assert action is not None
    assert (action.path, action.line) == (file, line)


def test_a_path_that_has_the_shims_needs_no_line() -> None:
    system = fake_system(env={"HOME": "/home/me", "PATH": "/usr/bin:/home/me/.local/share/devtool/bin"})

    assert path_action(system, host()) is None
