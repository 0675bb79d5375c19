"""What `[editor]` of a `devtool.toml` looks like is said where somebody needs it, and works as it is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from devtool.cli import run
from devtool.requirements.editor_keys import EDITOR_KEYS
from devtool.requirements.parsing import parse_profile
from devtool.system.resources import template
from devtool.workflows.editing import FILES
from tests.support import FakeConsole, FakeFiles, FakeProcess, fake_system

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
NAMED = 'name = "small"\n[needs]\nmake = ""\n'


def vscode(stated: str) -> tuple[int, list[str]]:
    console = FakeConsole()
    content = {
        "/checkout/devtool.toml": stated,
        "/checkout/Makefile": "all:\n",
        "/checkout/go.mod": "module a\n",
    }
    files = FakeFiles(content, folders=("/home/me", "/checkout"))
    status = run(["vscode", "--check"], fake_system(files=files, console=console, process=FakeProcess()))
    return status, console.results


def test_a_checkout_that_states_nothing_is_shown_lines_that_work_as_pasted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    status, _ = vscode(NAMED)
    said = capfd.readouterr().err
    pasted = "\n".join(line for line in said.splitlines() if line.startswith("    "))

    again, results = vscode(f"{NAMED}{pasted}\n")

    assert status == 2
    assert max(map(len, said.splitlines())) <= 80
    assert again == 1
    assert any("tasks.json" in line for line in "\n".join(results).splitlines())


def test_a_bare_value_is_answered_with_the_form_it_takes(capfd: pytest.CaptureFixture[str]) -> None:
    status, _ = vscode(f'{NAMED}[editor]\nbuild_target = "all"\n')

    assert status == 2
    assert capfd.readouterr().err == (
        "devtool: devtool.toml:5: `editor.build_target` must be a table or a list of tables,"
        " such as `{ path = \"Makefile\", pattern = '^(all):' }`\n"
    )


@pytest.mark.parametrize(
    ("key", "hint"), [("build_targets", "did you mean `build_target`?"), ("x", "the keys are core, ")]
)
def test_a_key_that_no_template_has_a_place_for_is_refused(
    key: str, hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, _ = vscode(f"{NAMED}[editor]\n{key} = {{ path = 'Makefile', value = 'all' }}\n")

    said = capfd.readouterr().err
    assert status == 2
    assert said.startswith(f"devtool: devtool.toml: `editor.{key}` is not a key of devtool's\n  {hint}")


def test_every_key_is_a_place_in_a_template_and_stands_in_the_help_and_the_readme() -> None:
    texts = "".join(template(f"vscode/{name}") for name in FILES)

    places = set(re.findall(r"\{\{(\w+)\}\}", texts))
    help_text = (ROOT / "devtool/commands/vscode.py").read_text()

    derived = {"project", "devtool", "gofumpt", "go_formatter", "go_linter", "cpp_formatter"}
    assert set(EDITOR_KEYS) == places - derived
    for key, what in EDITOR_KEYS.items():
        assert f"| `{key}` | {what} |" in README
        assert re.search(rf"\b{key}\b", help_text)


def test_every_key_of_the_readmes_table_is_one_that_is_read() -> None:
    table = README.partition("## What a `devtool.toml` says")[2].partition("\n\nEach key")[0]
    tables = re.findall(r"^\| `\[(\w+)\]`", table, re.MULTILINE)

    profile = parse_profile("".join(f"[{each}]\n" for each in tables), "devtool.toml", "small")

    assert len(tables) > 10
    assert profile.name == "small"


def test_the_readmes_example_for_editors_is_one_that_is_read() -> None:
    example = README.partition("```toml\n[editor]\n")[2].partition("```")[0]

    profile = parse_profile(f"[editor]\n{example}", "devtool.toml", "small")

    assert set(profile.editor) == {"build_target", "test_tags"}
