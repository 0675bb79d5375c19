"""Applying and undoing on a real home, and what makes undo refuse."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.errors import DevtoolError, InputError
from devtool.model.remedy import AppendLine, Plan, RemoveJsonKey, RunCommand, SetGitKey, Step
from devtool.remedies.application import apply
from tests.support.homes import CONFIG, STATE, Home


@pytest.fixture
def me(home: str, capfd: pytest.CaptureFixture[str]) -> Home:
    return Home(Path(home))


def cut(me: Home) -> RemoveJsonKey:
    return RemoveJsonKey(f"{me.path}/.docker/config.json", "credsStore", "the helper is absent")


def plan(*actions: object) -> Plan:
    return Plan(tuple(Step(action, ("check",)) for action in actions))


def undo(me: Home, *arguments: str) -> int:
    me.console.results.clear()
    me.console.notes.clear()
    return run(["undo", *arguments], me.system)


def test_the_key_goes_and_the_link_the_mode_and_every_other_byte_stay(me: Home) -> None:
    apply(me.system, plan(cut(me)))

    config = me.path / ".docker/config.json"
    assert config.read_bytes() == CONFIG.replace(',\r\n\t"credsStore": "desktop"', "").encode()
    assert config.is_symlink()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_undo_restores_every_byte_and_forgets_the_copy_with_the_secret(me: Home) -> None:
    before = me.contents()
    apply(me.system, plan(cut(me), SetGitKey("http.postBuffer", "1048576", "why")))
    kept = list((me.path / STATE / "journal").rglob("*"))
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept if p.is_file() and p.name != "lock"} == {0o600}
    assert me.holders_of_the_secret() > {"dotfiles/docker.json"}

    status = undo(me)

    assert (status, me.console.results) == (0, ["fix 1 is taken back"])
    assert me.contents() == before
    assert me.holders_of_the_secret() == {"dotfiles/docker.json"}


def test_undo_takes_the_newest_that_still_stands(me: Home) -> None:
    before = me.contents()
    apply(me.system, plan(cut(me)))
    apply(me.system, plan(AppendLine(f"{me.path}/.bashrc", "export A=1", "why")))

    assert [undo(me), me.console.results] == [0, ["fix 2 is taken back"]]
    assert [undo(me), me.console.results] == [0, ["fix 1 is taken back"]]
    assert undo(me) == 1
    assert me.contents() == before


@pytest.mark.parametrize("change", ["edit", "remove", "folder"])
def test_undo_refuses_where_a_file_has_changed_since_and_touches_nothing(
    me: Home, change: str, capfd: pytest.CaptureFixture[str]
) -> None:
    profile = me.path / ".bashrc"
    apply(me.system, plan(cut(me), AppendLine(str(profile), "export A=1", "why")))
    if change == "edit":
        profile.write_text("export B=1\n")
    else:
        profile.unlink()
    if change == "folder":
        profile.mkdir()
    before = me.contents()

    status = undo(me)

    assert status == 1
    assert me.contents() == before
    gone = "was removed" if change == "remove" else "has changed"
    assert f"devtool: `{profile}` {gone} since fix 1: nothing was undone" in capfd.readouterr().err


def test_undoing_an_older_fix_names_the_newer_one_that_changed_the_same_file(
    me: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    for line in ("export A=1", "export B=1"):
        apply(me.system, plan(AppendLine(f"{me.path}/.bashrc", line, "why")))

    status = undo(me, "1")

    assert status == 1
    assert "fix 2 changed it too: run `devtool undo 2` first" in capfd.readouterr().err


def test_a_dry_run_says_what_it_would_do_and_does_nothing(me: Home) -> None:
    apply(me.system, plan(cut(me), RunCommand(("true",), "why", undo_argv=("false",))))
    before = me.contents()

    status = undo(me, "--dry-run")

    assert status == 0
    assert me.console.results == [
        "would take back fix 1: run `false`",
        f"would take back fix 1: restore `{me.path}/dotfiles/docker.json`",
    ]
    assert me.contents() == before


def test_the_list_says_what_was_done_why_and_whether_it_stands(me: Home) -> None:
    apply(me.system, plan(RunCommand(("true", "--token", "abcdef123456"), "why")))
    apply(me.system, plan(cut(me)))
    undo(me)

    assert undo(me, "--list", "--format", "json") == 0

    listed = json.loads("\n".join(me.console.results))
    assert listed["schema"] == 1
    assert [(f["id"], f["state"], f["undoable"]) for f in listed["fixes"]] == [
        (2, "undone", False),
        (1, "done", False),
    ]
    assert listed["fixes"][1]["actions"][0]["changes"] == ["true --token [redacted]"]
    assert undo(me, "--list") == 0
    lines = "\n".join(me.console.results).splitlines()
    assert lines[0].startswith("fix 2  20")
    assert lines[0].endswith("Z  taken back")
    assert lines[1] == "  check: the helper is absent"
    assert lines[2].endswith("done, cannot be taken back")


def test_a_command_that_nothing_undoes_is_named_and_the_rest_is_taken_back(me: Home) -> None:
    before = me.contents()
    apply(me.system, plan(cut(me), RunCommand(("true",), "why")))

    status = undo(me)

    assert status == 0
    assert "this stays: `true`" in me.console.notes
    assert me.contents() == before


def test_a_fix_of_commands_that_nothing_undoes_points_to_the_one_before(
    me: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    apply(me.system, plan(cut(me)))
    apply(me.system, plan(RunCommand(("true",), "why")))

    assert undo(me) == 1
    assert "nothing undoes `true`\n  `devtool undo 1` takes back the one before it" in capfd.readouterr().err


def test_a_command_is_undone_by_its_own_command(me: Home) -> None:
    mark = me.path / "mark"
    apply(me.system, plan(RunCommand(("touch", str(mark)), "why", undo_argv=("rm", str(mark)))))
    assert mark.exists()

    assert undo(me) == 0
    assert not mark.exists()


def test_a_program_that_changes_a_file_changed_before_is_part_of_the_fix(me: Home) -> None:
    before = me.contents()
    rename = RunCommand(
        ("git", "config", "--file", f"{me.path}/.gitconfig", "user.name", "You"),
        "why",
        undo_argv=("git", "config", "--file", f"{me.path}/.gitconfig", "user.name", "Me"),
    )
    buffer = SetGitKey("http.postBuffer", "1048576", "why")

    apply(me.system, plan(buffer, rename, SetGitKey("user.email", "me@example.com", "why")))

    assert "You" in (me.path / ".gitconfig").read_text()
    assert undo(me) == 0
    assert me.contents() == before


def test_a_program_that_changes_such_a_file_and_fails_is_taken_back_too(me: Home) -> None:
    before = me.contents()
    half = RunCommand(("sh", "-c", f"echo '# half' >> {me.path}/.gitconfig; exit 3"), "why")

    outcome = apply(me.system, plan(SetGitKey("http.postBuffer", "1048576", "why"), half))

    assert outcome.error is not None
    assert undo(me) == 0
    assert me.contents() == before


def test_a_failed_step_stops_the_rest_and_what_was_done_can_be_taken_back(me: Home) -> None:
    before = me.contents()

    outcome = apply(
        me.system, plan(cut(me), RunCommand(("false",), "why"), AppendLine(f"{me.path}/.bashrc", "x", "why"))
    )

    assert outcome.error is not None
    assert outcome.error.message == "`false` exited with status 1"
    assert outcome.done == 1
    assert (me.path / ".bashrc").read_text() == "alias ll='ls -l'"
    undo(me)
    assert me.contents() == before


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"credsStore": 1, "credsStore": 2}', None])
def test_a_first_step_that_must_not_be_done_raises_and_leaves_no_trace(
    me: Home, content: bytes | None
) -> None:
    config = me.path / "dotfiles/docker.json"
    if content is None:
        config.unlink()
        config.mkdir()
    else:
        config.write_bytes(content)
    before = me.contents()

    with pytest.raises(InputError):
        apply(me.system, plan(cut(me)))

    assert me.contents() == before
    assert list((me.path / STATE / "journal").glob("*.json")) == []
    assert list((me.path / STATE / "journal").glob("*.copies")) == []


def test_what_is_so_already_is_not_a_fix(me: Home) -> None:
    apply(me.system, plan(AppendLine(f"{me.path}/.bashrc", "alias ll='ls -l'", "why")))

    assert undo(me, "--list") == 0
    assert me.console.results == ["no fixes"]


@pytest.mark.parametrize("arguments", [("7",), ("zero",), ("0",), ("1", "--list"), ("--format", "json")])
def test_bad_input_is_one_line_and_status_two(me: Home, arguments: tuple[str, ...]) -> None:
    assert undo(me, *arguments) == 2


def test_an_entry_that_cannot_be_read_is_named_and_keeps_no_other_from_being_taken_back(
    me: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    profile = me.path / ".zprofile"
    apply(me.system, plan(AppendLine(str(profile), "alias la='ls -la'", "why")))
    broken = me.path / STATE / "journal" / "2.json"
    broken.write_text("{}")

    by_number = undo(me, "2")
    told = capfd.readouterr().err
    newest = undo(me)

    said = f"`{broken}` is not a fix as this devtool writes it"
    assert (by_number, told) == (2, f"devtool: {said}\n")
    assert newest == 0
    assert me.console.notes.count(f"passed over: {said}") >= 1
    assert not profile.exists()
    assert broken.read_text() == "{}"


def test_two_devtools_do_not_interleave(me: Home) -> None:
    with me.system.files.lock(f"{me.path}/{STATE}/journal/lock", 1), pytest.raises(DevtoolError) as refusal:
        apply(me.system, plan(cut(me)))

    assert "another devtool has held" in refusal.value.message
    assert (me.path / "dotfiles/docker.json").read_bytes() == CONFIG.encode()


def test_lines_of_a_file_without_an_end_stay_apart_and_the_preview_does_the_same(me: Home) -> None:
    profile, other = me.path / ".bashrc", me.path / "new folder" / "profile"
    for path in (profile, other):
        action = AppendLine(str(path), 'export PATH="$HOME/a b:$PATH"  # it\'s', "why")
        by_hand = me.path / "by-hand"
        if path.exists():
            by_hand.write_bytes(path.read_bytes())

        for _ in range(2):
            apply(me.system, plan(action))
            os.system(AppendLine(str(by_hand), action.line, "why").preview)

        assert path.read_bytes() == by_hand.read_bytes()
        assert path.read_text().splitlines()[-1] == action.line
        by_hand.unlink()
    assert profile.read_text().count("\n") == 2
