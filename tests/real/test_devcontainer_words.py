"""`scripts/devcontainer` in a checkout in Milvus's shape, on a real engine: up, build, down, and failure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.engine import Compose, Shaped, docker

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
Words = Callable[..., str]


@pytest.fixture
def script(tmp_path: Path, compose_v5: Compose) -> Words:
    """Runs it with the environment that these tests run in, as if that were the checkout's own."""
    programs = tmp_path / "environment/bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python").chmod(0o755)
    (programs / "devtool").write_text("from devtool.cli import main\n\nmain()\n")
    (programs.parent / "ready").write_text(f"{ROOT}\n{programs.parent}\n")
    state = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("STATE", "DATA", "CACHE")}
    env = {**os.environ, **compose_v5.env, **state, "DEVTOOL_ENVIRONMENT": str(programs.parent)}

    def run(*words: str, cwd: Path, status: int = 0) -> str:
        answer = subprocess.run(
            [str(ROOT / "scripts/devcontainer"), *words],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == status, answer.stdout + answer.stderr
        return answer.stdout + answer.stderr

    return run


def services(checkout: Path) -> set[str]:
    label = f"label=com.docker.compose.project={checkout.name}"
    return {
        *docker("ps", "--filter", label, "--format", '{{.Label "com.docker.compose.service"}}').splitlines()
    }


def test_up_starts_everything_but_the_gpu_builder_and_down_leaves_nothing(
    script: Words, shaped: Shaped
) -> None:
    checkout = shaped()
    before = subprocess.run(["git", "status", "--porcelain"], cwd=checkout, capture_output=True, check=False)

    script("up", cwd=checkout)
    up = services(checkout)
    script("down", cwd=checkout)

    assert {"builder", "etcd", "minio", "pulsar"} <= up
    assert "gpubuilder" not in up
    assert services(checkout) == set()
    after = subprocess.run(["git", "status", "--porcelain"], cwd=checkout, capture_output=True, check=False)
    assert after.stdout == before.stdout


def test_what_fails_leaves_with_its_own_status(script: Words, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    said = script("up", cwd=empty, status=2)

    assert "describes no dev container" in said
