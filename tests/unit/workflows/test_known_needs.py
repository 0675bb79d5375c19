from __future__ import annotations

from dataclasses import replace

import pytest

from devtool.system.files import Stamp
from devtool.system.resources import resource_path
from devtool.workflows.known_needs import known_needs
from tests.support import FakeFiles, fake_system

KEPT = "/home/me/.cache/devtool/needs.json"
OWN = "/checkout/devtool.toml"
FIRST = 'name = "sample"\n\n[needs]\ngo = ">=1.22"\n'


class CountingFiles(FakeFiles):
    """Counts how often each file is read."""

    reads: dict[str, int]
    stamps_of_folders = 1

    def stamp(self, path: str) -> Stamp | None:
        found = super().stamp(path)
        return replace(found, inode=self.stamps_of_folders) if found and path in self.folders else found

    def read_bytes(self, path: str, limit_bytes: int = 8 * 1024**2) -> bytes | None:
        self.reads = getattr(self, "reads", {})
        self.reads[path] = self.reads.get(path, 0) + 1
        return super().read_bytes(path, limit_bytes)


def specifier(system: object) -> str | None:
    need = known_needs(system).tool("go")
    return need.specifier if need else None


def test_needs_are_read_once_while_nothing_changes() -> None:
    files = CountingFiles({OWN: FIRST})
    system = fake_system(files=files)

    first, second = known_needs(system), known_needs(system)

    assert first == second
    assert first.project == "sample"
    assert files.reads[OWN] == 1


def test_a_changed_file_is_read_again() -> None:
    files = FakeFiles({OWN: FIRST})
    system = fake_system(files=files)

    before = specifier(system)
    files.content[OWN] = FIRST.replace("1.22", "1.26").encode()

    assert (before, specifier(system)) == (">=1.22", ">=1.26")


def test_a_mark_that_appears_nearer_moves_the_checkout() -> None:
    files = FakeFiles({OWN: FIRST})
    system = fake_system(files=files, cwd="/checkout/below")

    before = specifier(system)
    files.content["/checkout/below/devtool.toml"] = FIRST.replace("1.22", "1.30").encode()

    assert (before, specifier(system)) == (">=1.22", ">=1.30")


def test_a_checkout_without_git_that_appears_is_seen() -> None:
    files = FakeFiles(folders=("/checkout",))
    system = fake_system(files=files)

    before = known_needs(system).project
    files.content["/checkout/go.mod"] = b"module github.com/milvus-io/milvus/v2\n"

    assert (before, known_needs(system).project) == (None, "milvus")


def test_an_update_of_devtool_between_releases_reads_again() -> None:
    files = CountingFiles({OWN: FIRST, resource_path("profiles/milvus.toml"): "old"})
    files.folders.add(resource_path("profiles"))
    system = fake_system(files=files)

    known_needs(system)
    files.stamps_of_folders = 2
    known_needs(system)

    assert files.reads[OWN] == 2


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"/checkout": {"version": 1}}', b'{"/checkout": 3}'])
def test_a_broken_cache_costs_only_time(content: bytes) -> None:
    assert specifier(fake_system(files=FakeFiles({OWN: FIRST, KEPT: content}))) == ">=1.22"


def test_a_read_only_home_is_no_trouble() -> None:
    assert specifier(fake_system(files=FakeFiles({OWN: FIRST}, broken=(KEPT,)))) == ">=1.22"


def test_no_home_is_no_trouble() -> None:
    assert specifier(fake_system(files=FakeFiles({OWN: FIRST}), env={})) == ">=1.22"
