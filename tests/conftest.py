"""What every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.support.engine"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write golden files instead of comparing")


@pytest.fixture(autouse=True)
def _environment_is_left_as_it_was() -> Iterator[None]:
    """Fail a test that changes this process's environment."""
    before = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    yield
    after = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    assert after == before, "the test changed os.environ"


@pytest.fixture
def home(tmp_path: os.PathLike[str]) -> str:
    """An empty home folder."""
    path = os.path.join(tmp_path, "home")
    os.mkdir(path)
    return path


def require(condition: object, reason: str) -> None:
    """Skip on a laptop that lacks a real tool; fail for the same in CI."""
    if condition:
        return
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
