"""What programs may rely on in `devtool container config --format json`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.fixtures.container_projects import MILVUS, OTHERS

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "schemas/container-config.json").read_text())
PROJECTS = {**MILVUS, **OTHERS}
del PROJECTS["several"]


@pytest.mark.parametrize("name", PROJECTS)
def test_the_config_of_every_kind_keeps_its_schema(name: str, tmp_path: Path, home: str) -> None:
    folder = tmp_path / "milvus"
    for path, text in PROJECTS[name].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".git").mkdir()
    before = sorted(folder.rglob("*"))
    # Neither Docker nor Compose: there is no PATH that leads to one.
    env = {"HOME": home, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}

    answer = subprocess.run(
        [sys.executable, "-m", "devtool", "container", "config", "--format", "json"],
        cwd=folder, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip

    data = json.loads(answer.stdout)
    jsonschema.validate(data, SCHEMA)
    assert data["checkout"] == str(folder)
    assert data["compose"]["installed"] == []
    assert "c2VjcmV0" not in answer.stdout, "a secret is shown"
    assert sorted(folder.rglob("*")) == before
    assert answer.stderr == ""
