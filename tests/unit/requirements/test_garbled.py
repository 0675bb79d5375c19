"""Whatever stands in a checkout, reading it ends in an answer or in one clear line."""

from __future__ import annotations

import pkgutil
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtool.errors import InputError
from devtool.requirements.needs import read_needs
from devtool.requirements.parsing import parse_profile
from devtool.requirements.patterns import objection
from tests.fixtures.eras import MASTER
from tests.support import FakeFiles, fake_system

PROFILE = (pkgutil.get_data("devtool.profiles", "milvus.toml") or b"").decode()
KEYS = [
    *("name", "identify", "variables", "resources", "resources.ports", "commands.build", "needs", "needs.go"),
    *(f"needs.go.{key}" for key in ("statements", "evidence", "notes", "needed_if", "compiler", "specifier")),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def complaint(text: str) -> str | None:
    """What is wrong with a profile, None when nothing is."""
    try:
        parse_profile(text, "devtool.toml", "x")
    except InputError as error:
        return error.message
    return None


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return '""' if value is None else str(value)


@settings(max_examples=150, deadline=None)
@given(start=st.integers(0, len(PROFILE)), length=st.integers(0, 60), filling=st.text(max_size=10))
def test_a_profile_with_a_piece_torn_out_parses_or_is_one_line(start: int, length: int, filling: str) -> None:
    told = complaint(PROFILE[:start] + filling + PROFILE[start + length :])

    assert told is None or re.fullmatch(r"devtool\.toml:\d+: .+", told)


@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from(KEYS),
    value=VALUES,
)
def test_any_value_under_any_key_parses_or_is_one_line(key: str, value: Any) -> None:
    told = complaint(f"{key} = {toml(value)}\n")

    assert told is None or re.fullmatch(r"devtool\.toml:1: .+", told)


@settings(max_examples=100, deadline=None)
@given(path=st.sampled_from(sorted(MASTER)), text=st.text(max_size=200), after=st.integers(0, 200))
def test_garbled_files_never_end_the_reading(path: str, text: str, after: int) -> None:
    files = {**MASTER, path: MASTER[path][:after] + text}
    content = {f"/checkout/{name}": each for name, each in files.items()}

    needs = read_needs(fake_system(files=FakeFiles(content, folders=("/checkout/.git",))), "/checkout")

    assert needs.project in ("milvus", None)


@pytest.mark.parametrize("path", sorted(MASTER))
def test_a_missing_file_never_ends_the_reading(path: str) -> None:
    content = {f"/checkout/{name}": text for name, text in MASTER.items() if name != path}

    needs = read_needs(fake_system(files=FakeFiles(content, folders=("/checkout/.git",))), "/checkout")

    assert all(r.known or r.specifier is None for r in needs.requirements)


def test_a_pattern_that_a_later_python_reads_otherwise_is_refused() -> None:
    assert objection("a[[b]c]") is not None
