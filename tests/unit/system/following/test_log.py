"""Logs: private, rotated, and let be while they grow."""

from __future__ import annotations

import os
from pathlib import Path

from devtool.system.following.log import Log, rotate


def logs(folder: Path, count: int, size: int = 1) -> None:
    for number in range(1, count + 1):
        path = folder / f"2026010{number}T000000Z-make.log"
        path.write_bytes(b"x" * size)
        os.utime(path, (number, number))


def names(folder: Path) -> list[str]:
    return sorted(path.name[7] for path in folder.iterdir())


def test_the_newest_are_kept(tmp_path: Path) -> None:
    logs(tmp_path, 5)

    rotate(str(tmp_path), kept=2)

    assert names(tmp_path) == ["4", "5"]


def test_the_sum_is_bounded(tmp_path: Path) -> None:
    logs(tmp_path, 5, size=10)

    rotate(str(tmp_path), kept_bytes=30)

    assert names(tmp_path) == ["3", "4", "5"]


def test_the_newest_stays_however_large(tmp_path: Path) -> None:
    logs(tmp_path, 2, size=100)

    rotate(str(tmp_path), kept_bytes=30)

    assert names(tmp_path) == ["2"]


def test_one_that_still_grows_stays(tmp_path: Path) -> None:
    growing = Log(str(tmp_path), "make")
    assert growing.path is not None
    os.utime(growing.path, (1, 1))
    logs(tmp_path, 3)
    for number in range(1, 4):
        os.utime(tmp_path / f"2026010{number}T000000Z-make.log", (number + 10, number + 10))

    rotate(str(tmp_path), kept=1)
    while_growing = os.path.exists(growing.path)
    growing.close()
    rotate(str(tmp_path), kept=1)

    assert while_growing
    assert names(tmp_path) == ["3"]


def test_two_at_once_have_their_own_files(tmp_path: Path) -> None:
    first, second = Log(str(tmp_path), "/usr/bin/a b"), Log(str(tmp_path), "/usr/bin/a b")

    assert first.path != second.path
    assert str(first.path).endswith("Z-a_b.log")
    for log in (first, second):
        log.close()
