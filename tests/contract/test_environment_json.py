"""What editors and programs may rely on in `devtool env --shell json`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.fixtures.setenv import SCRIPTS

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "schemas/environment.json").read_text())


@pytest.mark.parametrize("era", [*SCRIPTS, "outside"])
def test_the_environment_of_every_era_keeps_its_schema(era: str, tmp_path: Path, home: str) -> None:
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    if era != "outside":
        (folder / "go.mod").write_text("module github.com/milvus-io/milvus\n\ngo 1.15\n")
        (folder / "scripts/setenv.sh").write_text(SCRIPTS[era])
    odd = b"/opt/\xe9"
    env = {b"HOME": home.encode(), b"PATH": b"/usr/bin:/bin:" + odd, b"PYTHONPATH": str(ROOT).encode()}

    answer = subprocess.run(
        [sys.executable, "-m", "devtool", "env", "--shell", "json"],
        cwd=folder, env=env, capture_output=True, check=True,
    )  # fmt: skip

    data = json.loads(answer.stdout)
    jsonschema.validate(data, SCHEMA)
    assert data["project"] == (None if era == "outside" else "milvus")
    for each in data["variables"]:
        assert data["changes"][each["name"]] == each["value"]
    assert data["changes"]["PATH"].encode(errors="surrogateescape").endswith(odd)
