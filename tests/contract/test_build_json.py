"""What programs may rely on in `devtool build --list` and `--dry-run` as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devtool import cli
from devtool.model.build import BuildPlan, Jobs, Place, Target
from devtool.render.build import render_plan
from tests.support import FakeConsole, FakeFiles, fake_system
from tests.support.samples import CONAN_WRONG, report

SCHEMAS = Path(__file__).parent / "schemas"
FILES = {
    "/checkout/Makefile": "all:\n\techo\nrest:\n",
    "/checkout/devtool.toml": '[commands]\nbuild = "make"\n\n[build.targets]\ndocs = "make docs"\n',
}


def held(name: str, document: str) -> Any:
    data = json.loads(document)
    jsonschema.validate(data, json.loads((SCHEMAS / f"{name}.json").read_text()))
    return data


def test_the_targets_keep_their_schema() -> None:
    console = FakeConsole()
    files = FakeFiles(FILES, folders=("/checkout/.git",))

    assert cli.run(["build", "--list", "--format", "json"], fake_system(files=files, console=console)) == 0

    data = held("build-targets", console.results[0])
    assert [each["name"] for each in data["targets"]] == ["build", "docs", "all", "rest"]


def test_a_dry_run_keeps_its_schema_and_runs_nothing() -> None:
    console = FakeConsole()
    files = FakeFiles(FILES, folders=("/checkout/.git",))
    words = ["build", "docs", "--in", "local", "--dry-run", "--format", "json", "--", "-k"]

    assert cli.run(words, fake_system(files=files, console=console)) == 0

    data = held("build-plan", console.results[0])
    assert (data["argv"], data["folder"], data["place"]["name"]) == (
        ["make", "docs", "-k"],
        "/checkout",
        "local",
    )


@pytest.mark.parametrize("container", [None, "milvus_builder_1"])
def test_text_and_json_say_the_same(container: str | None) -> None:
    plan = BuildPlan(
        Target("milvus", "make milvus", "the server"),
        Place("devcontainer", "it is up"),
        Jobs(4, "8 GiB of the engine's memory, 2 GiB for each"),
        ("make", "milvus"),
        "/go/src/github.com/milvus-io/milvus",
        {"jobs": "4"},
        report(CONAN_WRONG),
        container,
        "milvusdb/milvus-env:ubuntu22.04-20260714-c135601",
        "redis://cache",
    )

    data = held("build-plan", render_plan(plan, "json", colour=False, width=80))
    text = render_plan(plan, "text", colour=False, width=80)

    assert data["ready"] is False
    for said in (
        data["place"]["reason"],
        data["jobs"]["reason"],
        data["folder"],
        data["image"],
        data["cache"],
    ):
        assert said in text
    assert "jobs=4 make milvus" in text
    assert (container in text) if container else ("\ncontainer:" not in text)
    assert data["gates"][0]["summary"].split(";")[0] in " ".join(text.split())
