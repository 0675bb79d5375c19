"""The templates of editor settings and of a dev container: readable, and with no placeholder unexplained."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from devtool.render.diagnosis import render as render_diagnosis
from tests.support.diagnoses import CONAN, EVERYTHING, UNRECOGNISED
from tests.support.jsonc import plain_json
from tests.support.samples import CONAN_WRONG, EVERY_KIND, GIT_BUFFER, GO_HUNG, report

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted([*ROOT.glob("vscode/*.json"), ROOT / ".devcontainer/devcontainer.json"])
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


def matched(label: str, text: str, number: int | None = None) -> list[tuple[str | None, ...]]:
    """What the problem matcher of a task captures of each line."""
    tasks = read(ROOT / "vscode/tasks.json")["tasks"]
    assert isinstance(tasks, list)
    (task,) = (task for task in tasks if task["label"] == label)
    matcher = task["problemMatcher"] if number is None else task["problemMatcher"][number]
    patterns = matcher["pattern"] if isinstance(matcher["pattern"], list) else [matcher["pattern"]]
    lines, found = text.splitlines(), []
    for at in range(len(lines) - len(patterns) + 1):
        matches = [re.search(p["regexp"], lines[at + n]) for n, p in enumerate(patterns)]
        if all(matches):
            found.append(tuple(group for match in matches if match for group in match.groups()))
    return found


def test_the_problem_matcher_of_doctor_reads_every_finding_that_needs_attention() -> None:
    text = import_module("devtool.render.lines").render(report(*EVERY_KIND))

    assert matched("devtool: doctor", text) == [
        ("scripts/3rdparty_build.sh", "94", "error", CONAN_WRONG.summary, "conan"),
        ("this machine", "1", "warning", GO_HUNG.summary, "go"),
        ("this machine", "1", "warning", GIT_BUFFER.summary, "git-post-buffer"),
    ]
    assert text.splitlines()[-1] == "devtool doctor: not ready"


def test_the_problem_matcher_of_diagnose_reads_its_annotations() -> None:
    text = render_diagnosis(EVERYTHING, "github")

    found = matched("devtool: diagnose this log", text)

    assert found[0][:4] == (
        "error",
        "build.log",
        "412",
        "conan-not-found",
    )
    assert len(found) == len(EVERYTHING.findings)
    assert not any("%0A" in (each[4] or "") for each in found)
    unknown = matched("devtool: diagnose this log", render_diagnosis(UNRECOGNISED, "github"))
    assert [each[3] for each in unknown] == ["unknown error"]


def test_the_problem_matcher_of_the_build_reads_the_cause_at_its_end() -> None:
    text = render_diagnosis(EVERYTHING, "text", width=120)

    found = matched("{{project}}: build", text, 2)

    assert found[0] == ("conan-not-found", CONAN.summary, "build.log", "412")
