"""The script that looks package names up, on an index made for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from devtool.system.toml import loads
from tests.verify_packages import by_formulae, told


def test_names_are_formulae_or_aliases_of_a_clone_at_its_commit(tmp_path: Path) -> None:
    for path in ("Formula/c/cmake.rb", "Formula/lib/libomp.rb", "Aliases/openssl", "Casks/docker.rb"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("class It < Formula\nend\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Me", "-c", "user.email=me@milvus.io"]
    for argv in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *argv], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout

    found = by_formulae(str(tmp_path), ["cmake", "libomp", "openssl", "docker", "ninja"])

    assert found == ({"cmake", "libomp", "openssl"}, head.strip())


def test_what_was_found_is_written_down_with_where_it_was_looked_up() -> None:
    facts = {"on": "2026-11-20", "in": "homebrew-core 1234", "found": ["cmake"], "missing": []}

    assert loads(told("macos-15", facts)) == {"macos-15": facts}
