"""`devtool container init --format json` keeps its schema, with and without anything to write."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from devtool.render.initialisation import render_json
from devtool.system import real_system
from devtool.workflows.containers.initialising import plan
from tests.fixtures.small_project import small_project

SCHEMA = json.loads((Path(__file__).parent / "schemas/container-init.json").read_text())


@pytest.mark.parametrize("states", [False, True])
def test_what_would_be_written_keeps_its_schema(states: bool, tmp_path: Path) -> None:
    if states:
        small_project(tmp_path, conan="2.25.1")
    initialisation = plan(real_system(str(tmp_path)))

    data = json.loads(render_json(initialisation))

    jsonschema.validate(data, SCHEMA)
    assert (data["changes"], data["fix"]) == (True, None)
    assert {file["state"] for file in data["files"]} == {"new"}
    assert bool(data["tools"]) == states
