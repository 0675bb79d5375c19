"""`devtool vscode` on real folders: what is written, what stays, what is refused, and the way back."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devtool.cli import run
from devtool.errors import DevtoolError
from devtool.model.remedy import Plan, Step
from devtool.model.text_change import WriteText, unified
from devtool.remedies.application import apply
from devtool.system import System, resources
from devtool.system.disk import RealFiles
from devtool.workflows.editing import FILES
from tests.fixtures.eras import ERAS
from tests.support import FakeFiles, fake_system
from tests.support.homes import Home
from tests.support.jsonc import plain_json
from tests.support.machine import FakeMachine

CHECKOUT = {
    "go.mod": "module github.com/milvus-io/milvus\n\ngo 1.26.5\n",
    "Makefile": (
        'INSTALL_PATH := $(PWD)/bin\nMILVUS_GO_BUILD_TAGS := "dynamic,sonic"\n'
        "GOLANGCI_LINT_VERSION := 2.11.3\nGOFUMPT_VERSION := 0.5.0\n"
        "milvus: build-cpp\n\t$(INSTALL_PATH)/golangci-lint && $(INSTALL_PATH)/gofumpt\n"
        "build-cpp:\ntest-go:\ntest-cpp:\n"
    ),
    "scripts/run_go_unittest.sh": 'go test -race -cover -tags dynamic,test "${MILVUS_DIR}/proxy/..."\n',
    "scripts/core_build.sh": 'BUILD_OUTPUT_DIR="${ROOT_DIR}/cmake_build"\n',
    "scripts/setenv.sh": (
        'case "$(uname -s)" in\n    Linux*)\n'
        '      export PKG_CONFIG_PATH="${PKG_CONFIG_PATH}:$ROOT_DIR/internal/core/output/lib/pkgconfig"\n'
        '      export LD_LIBRARY_PATH="${LD_LIBRARY_PATH}:$ROOT_DIR/internal/core/output/lib:'
        '$ROOT_DIR/x/lib"\n'
        "      export RPATH=$LD_LIBRARY_PATH;;\nesac\n"
    ),
    "internal/core/CMakeLists.txt": "cmake_minimum_required(VERSION 3.18)\n",
    "internal/core/run_clang_format.sh": "CLANG_FORMAT=${CLANG_FORMAT:-clang-format-15}\n",
}
SCHEMA = json.loads((Path(__file__).parents[2] / "contract/schemas/vscode.json").read_text())


@pytest.fixture
def me(home: str) -> Home:
    return Home(Path(home))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in the shape of Milvus, in a folder with a space in its name."""
    root = tmp_path / "my checkout"
    for path, text in CHECKOUT.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / ".git").mkdir()
    return root


def vscode(me: Home, checkout: Path, *arguments: str) -> tuple[int, str]:
    me.console.results.clear()
    status = run(["vscode", *arguments], replace(me.system, cwd=str(checkout)))
    return status, "\n".join(me.console.results)


def settings_of(folder: Path, name: str = "settings.json") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plain_json((folder / name).read_text()))
    return content


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_checkout_gets_settings_with_what_it_states_and_a_second_run_does_nothing(
    me: Home, checkout: Path
) -> None:
    first = vscode(me, checkout)
    written = everything(checkout / ".vscode")
    second = vscode(me, checkout)

    assert first[0] == second[0] == 0
    assert sorted(written) == sorted(FILES)
    assert second[1].count("nothing to change") == 4
    assert everything(checkout / ".vscode") == written
    settings = settings_of(checkout / ".vscode")
    core = "${workspaceFolder}/internal/core/output"
    assert settings["go.testTags"] == settings["go.buildTags"] == "dynamic,test"
    assert settings["go.lintTool"] == "golangci-lint-v2"
    assert settings["go.formatTool"] == "gofumpt"
    assert settings["clang-format.executable"] == "clang-format-15"
    assert settings["go.toolsEnvVars"] == {
        "PKG_CONFIG_PATH": f"{core}/lib/pkgconfig",
        "LD_LIBRARY_PATH": f"{core}/lib:${{workspaceFolder}}/x/lib",
        "RPATH": f"{core}/lib:${{workspaceFolder}}/x/lib",
    }
    assert "{{" not in b"".join(written.values()).decode()
    debugged = settings_of(checkout / ".vscode", "launch.json")["configurations"][0]
    assert debugged["buildFlags"].startswith("-tags=dynamic,sonic -ldflags=")


def test_a_checkout_that_has_no_gofumpt_and_no_test_tag_is_asked_for_neither(
    me: Home, checkout: Path
) -> None:
    makefile = checkout / "Makefile"
    makefile.write_text(
        re.sub("(?m)^GOFUMPT.*\n| && .*", "", makefile.read_text()).replace("2.11.3", "1.55.2")
    )
    (checkout / "scripts/run_go_unittest.sh").write_text('go test -tags dynamic "${DIR}/..."\n')

    vscode(me, checkout)

    settings = settings_of(checkout / ".vscode")
    assert (settings["go.testTags"], settings["go.formatTool"]) == ("dynamic", "gofmt")
    assert settings["go.lintTool"] == "golangci-lint"
    assert "gopls" not in settings
    assert "gofumpt" not in settings["go.alternateTools"]


@pytest.mark.parametrize(
    ("typed", "command"), [("", "devtool"), ("../my tools/devtool", "/home/me/my tools/devtool")]
)
def test_tasks_call_devtool_as_the_person_did_from_wherever_the_editor_starts_them(
    me: Home, checkout: Path, typed: str, command: str
) -> None:
    system = replace(me.system, cwd=str(checkout))
    env = {"HOME": str(me.path), "PATH": "/nowhere", "PWD": "/home/me/src", "DEVTOOL_TYPED": typed}

    run(["vscode"], replace(system, env=env))

    tasks = settings_of(checkout / ".vscode", "tasks.json")["tasks"]
    assert {task["command"] for task in tasks} == {command, "go"}


def test_check_and_diff_write_nothing_and_the_diff_is_one_that_patch_takes(me: Home, checkout: Path) -> None:
    theirs = '{\r\n\t// mine\r\n\t"go.testTags": "dynamic" // old\r\n}'
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/settings.json").write_bytes(theirs.encode())
    before = everything(checkout)

    checked, diffed = vscode(me, checkout, "--check"), vscode(me, checkout, "--diff")

    assert everything(checkout) == before
    assert (checked[0], diffed[0]) == (1, 0)
    assert '  settings.json: go.testTags\n    yours    "dynamic"\n    devtool  "dynamic,test"\n' in checked[1]
    vscode(me, checkout)
    patched = checkout / "copy.json"
    patched.write_bytes(theirs.encode())
    hunks = diffed[1].split("--- /dev/null")[0]
    subprocess.run(["patch", "--binary", "-s", patched.name], cwd=checkout, input=hunks.encode(), check=True)
    assert patched.read_bytes() == (checkout / ".vscode/settings.json").read_bytes()
    assert vscode(me, checkout, "--check")[0] == 0


def test_undo_gives_back_every_byte_and_removes_what_was_made(me: Home, checkout: Path) -> None:
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/tasks.json").write_bytes(b'\xef\xbb\xbf{"version": "2.0.0",\r\n"tasks": [ ],}')
    before, at_home = everything(checkout), me.contents()
    vscode(me, checkout)
    assert everything(checkout) != before

    status = run(["undo"], me.system)

    assert status == 0
    assert everything(checkout) == before
    assert me.contents() == at_home


def test_undo_of_a_first_run_leaves_no_folder(me: Home, checkout: Path) -> None:
    vscode(me, checkout)

    run(["undo"], me.system)

    assert not (checkout / ".vscode").exists()


def test_a_forced_key_is_replaced_and_the_comment_beside_it_stays(me: Home, checkout: Path) -> None:
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/settings.json").write_text('{\n  "go.testTags": "x", // why\n}\n')

    status, said = vscode(me, checkout, "--force", "go.testTags")

    assert status == 0
    assert "1 key replaced" in said
    text = (checkout / ".vscode/settings.json").read_text()
    assert text.startswith('{\n  "go.testTags": "dynamic,test", // why\n')
    assert vscode(me, checkout, "--force", "go.testTags")[1].count("nothing to change") == 4


def test_the_default_build_task_of_the_person_stays_the_only_one(me: Home, checkout: Path) -> None:
    (checkout / ".vscode").mkdir()
    mine = {"label": "mine", "type": "shell", "command": "x", "group": {"kind": "build", "isDefault": True}}
    (checkout / ".vscode/tasks.json").write_text(json.dumps({"version": "2.0.0", "tasks": [mine]}, indent=2))

    vscode(me, checkout)

    tasks = settings_of(checkout / ".vscode", "tasks.json")["tasks"]
    defaults = [t["label"] for t in tasks if isinstance(t.get("group"), dict) and t["group"].get("isDefault")]
    assert tasks[0] == mine
    assert defaults == ["mine", "milvus: unit tests of this Go folder"]
    assert vscode(me, checkout)[1].count("nothing to change") == 4


def test_json_holds_the_same_and_keeps_its_schema(me: Home, checkout: Path) -> None:
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/settings.json").write_text('{"go.testTags": "x", "api_token": "hunter2hunter2"}')

    for arguments in (["--check"], [], []):
        data = json.loads(vscode(me, checkout, *arguments, "--format", "json")[1])

        jsonschema.validate(data, SCHEMA)
        assert data["files"][0]["conflicts"] == [
            {"key": "go.testTags", "theirs": '"x"', "ours": '"dynamic,test"'}
        ]


def test_no_secret_of_the_file_reaches_what_is_said_or_the_journal(me: Home, checkout: Path) -> None:
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/settings.json").write_text('{\n  "x.apiToken": "hunter2hunter2"\n}\n')

    said = vscode(me, checkout, "--diff")[1] + vscode(me, checkout)[1]

    assert "hunter2" not in said
    journals = list(me.path.rglob("journal/*.json"))
    assert journals
    assert all("hunter2" not in path.read_text() for path in journals)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1,, }', "is not JSON with comments: no key in double quotes in line 1"),
        (b'{"a": \xff}', "is not UTF-8 at byte 6"),
        (b"\xff\xfe{\x00}\x00", "is not UTF-8 at byte 0"),
        (b"[]", "is not JSON with comments: it does not hold an object"),
        (b'{"a": "' + b"x" * 10 * 1024**2 + b'"}', "is larger than 8 MiB"),
    ],
    ids=["broken", "latin", "utf-16", "list", "10-mb"],
)
def test_one_file_that_cannot_be_read_stops_everything_in_one_line(
    me: Home, checkout: Path, capfd: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/launch.json").write_bytes(content)
    before = everything(checkout)

    status, _ = vscode(me, checkout)

    message = capfd.readouterr().err.splitlines()
    assert status == 2
    assert said in message[0]
    assert len(message) <= 2
    assert everything(checkout) == before


def test_a_folder_that_is_a_file_or_leads_out_of_the_checkout_is_refused(
    me: Home, checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (checkout / ".vscode").write_text("mine")
    assert vscode(me, checkout)[0] == 2
    assert "is a file, not a folder" in capfd.readouterr().err

    (checkout / ".vscode").unlink()
    (me.path / "dotfiles/vscode").mkdir()
    (checkout / ".vscode").symlink_to(me.path / "dotfiles/vscode")
    assert vscode(me, checkout)[0] == 2
    assert "leads out of the checkout" in capfd.readouterr().err
    assert list((me.path / "dotfiles/vscode").iterdir()) == []

    (checkout / ".vscode").unlink()
    (checkout / ".vscode").mkdir()
    (checkout / ".vscode/settings.json").symlink_to(me.path / ".bashrc")
    assert vscode(me, checkout)[0] == 2
    assert "leads out of the checkout" in capfd.readouterr().err

    (checkout / ".vscode/settings.json").unlink()
    (checkout / ".vscode/settings.json").symlink_to("settings.json")
    assert vscode(me, checkout)[0] == 2
    assert len(capfd.readouterr().err.splitlines()) <= 2


def test_a_link_that_stays_in_the_checkout_is_followed_and_kept(me: Home, checkout: Path) -> None:
    (checkout / "editor").mkdir()
    (checkout / ".vscode").symlink_to("editor")

    status, _ = vscode(me, checkout)

    assert status == 0
    assert (checkout / ".vscode").is_symlink()
    assert sorted(os.listdir(checkout / "editor")) == sorted(FILES)


def test_a_folder_that_may_not_be_written_is_told_before_anything_happens() -> None:
    files = FakeFiles(
        {f"/checkout/{path}": text for path, text in CHECKOUT.items()},
        folders=("/checkout/.git", "/checkout/.vscode"),
        broken=("/checkout/.vscode",),
    )
    files.kind = lambda path: "folder" if path == "/checkout/.vscode" else FakeFiles.kind(files, path)
    before = dict(files.content)

    status = run(["vscode"], fake_system(files=files))

    assert status == 1
    assert files.content == before


@pytest.mark.parametrize(
    ("kernel", "base"),
    [("Linux", ".config"), ("Darwin", "Library/Application Support")],
    ids=["linux", "macos"],
)
def test_the_persons_own_settings_are_merged_in_every_editor_that_is_there(
    me: Home, kernel: str, base: str
) -> None:
    for name in ("Code", "VSCodium"):
        (me.path / base / name).mkdir(parents=True)
    mine = me.path / base / "Code/User/settings.json"
    mine.parent.mkdir()
    mine.write_text('{\n    "editor.fontSize": 13, // mine\n}\n')
    before = me.contents()
    system: System = replace(me.system, cwd="/", machine=FakeMachine(uname=(kernel, "1", "arm64")))
    system = replace(system, env={**system.env, "XDG_STATE_HOME": f"{me.path}/.local/state"})

    status = run(["vscode", "--user"], system)

    assert status == 0
    assert mine.read_text().startswith(
        '{\n    "editor.fontSize": 13, // mine\n    "go.useLanguageServer": true,'
    )
    assert settings_of(me.path / base / "VSCodium/User")["go.testTimeout"] == "10m"
    assert not any("workspaceFolder" in p.read_text() for p in me.path.rglob("settings.json"))
    assert run(["undo"], system) == 0
    assert me.contents() == before


def test_a_person_without_such_an_editor_is_told_where_it_was_looked_for(
    me: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    assert vscode(me, Path("/"), "--user")[0] == 1
    assert "none of their folders is in" in capfd.readouterr().err


def test_a_folder_that_is_no_checkout_and_a_key_that_is_none_are_refused(
    me: Home, checkout: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert vscode(me, tmp_path)[0] == 2
    assert "is no checkout that devtool knows" in capfd.readouterr().err
    assert vscode(me, checkout, "--force", "go.testTag")[0] == 2
    assert "did you mean `go.testTags`?" in capfd.readouterr().err


BEFORES = {
    "new": None,
    "changed": '{\n  "a": 1\n}\n',
    "crlf": '{\r\n  "a": 1\r\n}',
    "no-end": '{"a": 1}',
    "end-in-text": '{\n// END\n"a": 1}\n',
}


@pytest.mark.parametrize("before", BEFORES.values(), ids=BEFORES)
def test_the_preview_pasted_into_a_shell_writes_the_same(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "it's" / "a file.json"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before.encode())
    after = '{\n  "b": "$HOME `x`", // END\n  "a": 1\n}\n' if before is None else before.replace("1", "1, 2")

    subprocess.run(["sh", "-c", WriteText(str(path), before, after, "why").preview], check=True)

    assert path.read_bytes() == after.encode()


def test_a_file_that_changed_since_it_was_looked_at_is_left_alone(me: Home) -> None:
    path = me.path / "settings.json"
    path.write_text("{}")
    step = Step(WriteText(str(path), '{"a": 1}', "{}\n", "why"))

    with pytest.raises(DevtoolError, match="changed while"):
        apply(me.system, Plan((step,)))

    assert path.read_text() == "{}"


def test_a_change_is_shown_as_a_unified_diff() -> None:
    assert unified("a\nb", "a\nc", "x") == (
        "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
        "\\ No newline at end of file\n"
    )
    assert unified("a\n", "a\n", "x") == ""


def test_templates_are_found_in_a_source_tree_and_in_a_built_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "devtool"
    shutil.copytree(Path(resources.__file__).parents[2] / "vscode", package / "templates/vscode")
    beside = resources.template("vscode/tasks.json")

    monkeypatch.setattr(resources, "_PACKAGE", str(package))

    assert resources.template("vscode/tasks.json") == beside


@pytest.mark.parametrize("era", sorted(ERAS))
def test_a_checkout_of_every_era_gets_settings_without_a_hole(me: Home, tmp_path: Path, era: str) -> None:
    for path, text in ERAS[era].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / ".git").mkdir(exist_ok=True)

    status, _ = vscode(me, tmp_path)

    assert status == 0
    for name in FILES:
        text = (tmp_path / ".vscode" / name).read_text()
        assert "{{" not in text
        assert settings_of(tmp_path / ".vscode", name)
    assert vscode(me, tmp_path, "--check")[0] == 0


def test_a_project_of_its_own_gets_what_its_devtool_toml_states(me: Home, tmp_path: Path) -> None:
    (tmp_path / "devtool.toml").write_text(
        'name = "small"\n[needs]\ngo = ">=1.19"\n[editor]\n'
        "test_tags = { path = \"tags.txt\", pattern = '^(\\w+)' }\n"
        'build_target = { path = "tags.txt", value = "all" }\n'
    )
    (tmp_path / "tags.txt").write_text("unit\n")

    status, _ = vscode(me, tmp_path)

    settings = settings_of(tmp_path / ".vscode")
    tasks = settings_of(tmp_path / ".vscode", "tasks.json")["tasks"]
    assert status == 0
    assert settings["go.testTags"] == "unit"
    assert "go.toolsEnvVars" not in settings
    assert ["run", "--", "make", "all"] in [task["args"] for task in tasks]
    assert not any("core" in task["label"] for task in tasks)


class _FullDisk(RealFiles):
    """A disk on which nothing called `tasks.json` finds room."""

    def write(self, path: str, content: bytes, mode: int | None = None) -> None:
        if path.endswith("tasks.json"):
            raise DevtoolError(f"cannot write `{path}`: no space left on device")
        super().write(path, content, mode)


def test_what_was_written_before_the_disk_was_full_is_told_with_the_way_back(
    me: Home, checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything(checkout)

    status = run(["vscode"], replace(me.system, cwd=str(checkout), files=_FullDisk()))

    said = capfd.readouterr().err.splitlines()
    assert status == 1
    assert said[1:] == ["  2 files were written before that; `devtool undo` takes back fix 1"]
    assert run(["undo"], me.system) == 0
    assert everything(checkout) == before
