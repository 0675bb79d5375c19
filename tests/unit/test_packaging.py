"""What the project's files promise to installers, checked without installing anything."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([0-9][\w.!+]*)(?: ; ([^\\]+))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def distribution(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


def pins(lock: Path) -> dict[tuple[str, str], str]:
    """Version by name and marker."""
    found = filter(None, map(PIN.match, lock.read_text().splitlines()))
    return {(match[1], match[3] or ""): match[2] for match in found}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_holds_pins_and_hashes_and_names_no_host(lock: Path) -> None:
    lines = lock.read_text().splitlines()

    strange = [line for line in lines if not PIN.match(line) and not HASH.match(line)]

    assert lines
    assert strange == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-build.lock", PROJECT["dependency-groups"]["build"]),
        (
            "requirements-dev.lock",
            [
                *PROJECT["project"]["dependencies"],
                *PROJECT["dependency-groups"]["build"],
                *(wish for wish in PROJECT["dependency-groups"]["dev"] if isinstance(wish, str)),
            ],
        ),
    ],
)
def test_every_declared_dependency_is_locked(lock: str, wanted: list[str]) -> None:
    locked = {name for name, _ in pins(ROOT / lock)}

    assert set(map(distribution, wanted)) - locked == set()


def test_the_locks_agree_with_one_another() -> None:
    development = {(name, version) for (name, _), version in pins(ROOT / "requirements-dev.lock").items()}

    others = {**pins(ROOT / "requirements.lock"), **pins(ROOT / "requirements-build.lock")}

    assert {(name, version) for (name, _), version in others.items()} - development == set()


def test_the_build_backend_is_the_locked_one() -> None:
    locked = {name for name, _ in pins(ROOT / "requirements-build.lock")}

    assert set(map(distribution, PROJECT["build-system"]["requires"])) <= locked


def test_the_readme_says_what_each_dependency_is_for() -> None:
    text = (ROOT / "README.md").read_text()

    names = [distribution(wish) for wish in PROJECT["project"]["dependencies"]]

    assert [name for name in names if not re.search(rf"^\| {name} \| .+ \|$", text, re.MULTILINE)] == []


@pytest.mark.parametrize(
    "path", sorted((*ROOT.glob("scripts/*"), *ROOT.glob("devtool/hooks/*"))), ids=lambda p: p.name
)
def test_a_script_is_executable_or_says_that_it_is_sourced(path: Path) -> None:
    first = path.read_text().splitlines()[0]

    expected = "#!/bin/sh" if path.stat().st_mode & 0o111 else "# shellcheck shell=sh"

    assert first == expected
