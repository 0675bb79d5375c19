"""What we read in a `devcontainer.json`, held against what the reference command reads there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devtool.adapters.devcontainer import find, mount, read
from devtool.system import real_system
from tests.fixtures.container_projects import MILVUS, OTHERS
from tests.support.engine import Command

pytestmark = pytest.mark.real
_MINE = {"image": OTHERS["image"], "dockerfile": OTHERS["dockerfile"], "compose": OTHERS["compose"]}


@pytest.mark.parametrize("name", [*_MINE, "milvus"])
def test_the_reference_reads_the_same(name: str, tmp_path: Path, devcontainer: Command) -> None:
    folder = tmp_path / "tool"
    for path, text in {**_MINE, "milvus": MILVUS["2026"]}[name].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".git").mkdir()

    said = json.loads(devcontainer("read-configuration", "--workspace-folder", str(folder)).stdout)

    theirs: dict[str, Any] = said["configuration"]
    system = real_system(str(folder))
    (path,) = find(system, str(folder))
    ours = read(system, path, str(folder))
    assert ours.path == theirs["configFilePath"]["fsPath"]
    assert ours.image == theirs.get("image")
    assert ours.service == theirs.get("service")
    assert ours.workspace == said["workspace"]["workspaceFolder"]
    assert ours.environment == theirs.get("containerEnv", {})
    assert ours.remote_environment == {k: v for k, v in theirs.get("remoteEnv", {}).items() if v is not None}
    assert ours.run_arguments == tuple(theirs.get("runArgs", ()))
    assert ours.build_args == theirs.get("build", {}).get("args", {})
    assert set(ours.hooks) == {key for key in theirs if key.endswith("Command")}
    if whole := said["workspace"].get("workspaceMount"):
        assert ours.mounts[0] == mount(whole)
