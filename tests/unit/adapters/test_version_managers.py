from __future__ import annotations

import pytest

from devtool.adapters.version_managers import behind, choices
from devtool.model.shim import SHIM_MARK
from tests.support import FakeFiles, fake_system

PYENV = "/home/me/.pyenv"


def test_a_plain_program_has_nothing_behind_it() -> None:
    assert behind(fake_system(), "/usr/bin/conan") == ()


def test_behind_a_pyenv_shim_stand_the_chosen_version_and_each_installed_program() -> None:
    files = FakeFiles(folders=(f"{PYENV}/versions/3.11.7", f"{PYENV}/versions/3.12.1"))

    decided_by = behind(fake_system(files=files), f"{PYENV}/shims/conan")

    assert f"{PYENV}/version" in decided_by
    assert "/home/me/.tool-versions" in decided_by
    assert decided_by[-2:] == (
        f"{PYENV}/versions/3.11.7/bin/conan",
        f"{PYENV}/versions/3.12.1/bin/conan",
    )


def test_behind_a_mise_shim_stand_the_installs_of_every_tool() -> None:
    root = "/home/me/.local/share/mise"
    files = FakeFiles(folders=(f"{root}/installs/go/1.26.5",))

    decided_by = behind(fake_system(files=files), f"{root}/shims/go")

    assert decided_by[-1] == f"{root}/installs/go/1.26.5/bin/go"
    assert "/home/me/.config/mise/config.toml" in decided_by


@pytest.mark.parametrize(
    ("variable", "folder", "settings"),
    [
        ("XDG_CONFIG_HOME", "/settings", "/settings/mise/config.toml"),
        ("MISE_CONFIG_DIR", "/settings", "/settings/config.toml"),
    ],
)
def test_the_settings_of_mise_are_looked_for_where_a_variable_puts_them(
    variable: str, folder: str, settings: str
) -> None:
    system = fake_system(env={"HOME": "/home/me", variable: folder})

    assert settings in behind(system, "/home/me/.local/share/mise/shims/go")


def test_behind_a_shim_of_ours_that_somebody_edited_nothing_is_known() -> None:
    shim = "/home/me/.local/share/devtool/bin/cmake"
    files = FakeFiles({shim: f"#!/bin/sh\n{SHIM_MARK}\nexec 'half"})

    assert behind(fake_system(files=files), shim) == ()


def test_the_variables_of_version_managers_choose_too() -> None:
    env = {"HOME": "/home/me", "PYENV_VERSION": "3.11.7", "ASDF_GOLANG_VERSION": "1.26", "EDITOR": "vi"}

    assert choices(fake_system(env=env)) == ("ASDF_GOLANG_VERSION=1.26", "PYENV_VERSION=3.11.7")
