"""Killed at any moment, every file is old or new, and undo finds its way back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.model.remedy import AppendLine, Plan, RemoveJsonKey, SetGitKey, Step
from devtool.remedies.application import apply
from tests.support.homes import STATE, Home
from tests.support.killing import killed_at

# The child touches no thread that another test may have left.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def plan(home: Path) -> Plan:
    actions = (
        RemoveJsonKey(f"{home}/.docker/config.json", "credsStore", "the helper is absent"),
        SetGitKey("http.postBuffer", "1048576", "large pushes break"),
        SetGitKey("safe.directory", "/checkout", "git refuses it", add=True),
        AppendLine(f"{home}/.bashrc", "export A=1", "why"),
        AppendLine(f"{home}/.config/fish/conf.d/devtool.fish", "set A 1", "why"),
    )
    return Plan(tuple(Step(action, ("check",)) for action in actions))


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Home]:
    def fresh() -> Iterator[Home]:
        for number in count():
            path = tmp_path / str(number)
            path.mkdir()
            yield Home(path)

    return fresh()


def test_a_repair_killed_before_any_write_leaves_files_old_or_new_and_undo_restores_them(
    homes: Iterator[Home],
) -> None:
    whole = next(homes)
    old = whole.contents()
    apply(whole.system, plan(whole.path))
    new = whole.contents()
    assert {name for name in new if new[name] != old.get(name)} >= {
        "dotfiles/docker.json",
        ".gitconfig",
        ".bashrc",
    }

    for moment in count(1):
        home = next(homes)
        if not killed_at(moment, lambda home=home: apply(home.system, plan(home.path))):
            break
        _assert_old_or_new(home, old, new)
        status = run(["undo"], home.system)

        assert home.contents() == old, f"killed before change {moment}"
        assert status == (0 if home.console.results else 1)
        assert home.holders_of_the_secret() == {"dotfiles/docker.json"}
    assert moment > 60


def test_an_undo_killed_before_any_write_is_finished_by_the_next(homes: Iterator[Home]) -> None:
    for moment in count(1):
        home = next(homes)
        old = home.contents()
        apply(home.system, plan(home.path))
        new = home.contents()
        if not killed_at(moment, lambda home=home: run(["undo"], home.system)):
            break
        _assert_old_or_new(home, old, new)
        run(["undo"], home.system)

        assert {n: c for n, c in home.contents().items() if ".devtool-" not in n} == old
        copies = list((home.path / STATE / "journal").glob("*.copies"))
        assert copies == [], f"killed before change {moment}"
    assert moment > 20


def _assert_old_or_new(home: Home, old: dict[str, object], new: dict[str, object]) -> None:
    folders = [".config", ".config/fish", ".config/fish/conf.d"]
    between = _git_states(home) | {None}
    for name, now in home.contents().items():
        if ".devtool-" in name or name in folders:
            continue
        allowed = [old.get(name), new.get(name)]
        assert now in allowed or (name == ".gitconfig" and now[1] in between), (name, now)


def _git_states(home: Home) -> set[bytes | None]:
    """The git configuration is changed twice: what it is in between is whole as well."""
    return {b"[http]\n\tpostBuffer = 1048576\n[user]\n\tname = Me\n"}
