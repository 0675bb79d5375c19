"""The templates of editor settings and of a dev container: readable, and with no placeholder unexplained."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.jsonc import plain_json

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted([*ROOT.glob("vscode/*.json"), *ROOT.glob("devcontainer/*.json")])
COMMENT_LINE = re.compile(r"^\s*//.*$", re.MULTILINE)


def read(path: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads(plain_json(path.read_text()))
    return content


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_is_json_with_comments_and_explains_its_placeholders(path: Path) -> None:
    text = path.read_text()

    used = set(re.findall(r"\{\{\w+\}\}", COMMENT_LINE.sub("", text)))

    assert read(path)
    assert used == set(re.findall(r"\{\{\w+\}\}", "".join(COMMENT_LINE.findall(text))))


def test_go_tests_and_terminals_find_the_same_core() -> None:
    settings = read(ROOT / "vscode/settings.json")

    assert settings["go.toolsEnvVars"] == settings["go.testEnvVars"]
    assert settings["go.toolsEnvVars"] == settings["terminal.integrated.env.linux"]


@pytest.mark.parametrize(
    ("line", "captured"),
    [
        (
            "/go/src/core/src/a.cpp:12:5: error: use of undeclared identifier 'x'",
            ("/go/src/core/src/a.cpp", "12", "5", "error", "use of undeclared identifier 'x'"),
        ),
        (
            "/core/b.h:7:10: fatal error: 'c.h' file not found",
            ("/core/b.h", "7", "10", "error", "'c.h' file not found"),
        ),
        ("/core/b.h:7: warning: unused", ("/core/b.h", "7", None, "warning", "unused")),
        ("[ 12%] Building CXX object a.cpp.o", None),
    ],
)
def test_the_problem_matcher_reads_what_compilers_write(line: str, captured: tuple[str, ...] | None) -> None:
    tasks = read(ROOT / "vscode/tasks.json")["tasks"]
    assert isinstance(tasks, list)
    (core,) = (task for task in tasks if task["label"] == "{{project}}: build the core")

    match = re.search(core["problemMatcher"][0]["pattern"]["regexp"], line)

    assert (match.groups() if match else None) == captured
