"""The file door on a real file system."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from devtool.errors import DevtoolError, InputError, UnreadableError
from devtool.system.disk import RealFiles


@pytest.fixture
def files() -> RealFiles:
    return RealFiles()


def test_a_file_that_is_not_there_reads_as_none(files: RealFiles, tmp_path: Path) -> None:
    assert files.read_bytes(str(tmp_path / "none")) is None
    assert files.read_bytes(str(tmp_path / "none" / "below")) is None
    assert files.kind(str(tmp_path / "none")) is None


def test_a_folder_a_fifo_and_a_device_are_refused_at_once(files: RealFiles, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    for path, reason in (
        (str(tmp_path), "is a folder, not a file"),
        (str(tmp_path / "fifo"), "is not a plain file"),
        ("/dev/zero", "is not a plain file"),
    ):
        with pytest.raises(UnreadableError, match=reason):
            files.read_bytes(path)


def test_a_cyclic_link_is_one_clear_error(files: RealFiles, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(UnreadableError, match="too many levels of symbolic links"):
        files.read_bytes(str(tmp_path / "loop"))


def test_a_file_over_the_limit_is_refused_without_being_read(files: RealFiles, tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(3 * 1024**3)

    with pytest.raises(UnreadableError, match="larger than 8 MiB"):
        files.read_bytes(str(tmp_path / "huge"))


def test_a_path_with_a_null_byte_is_one_clear_error(files: RealFiles) -> None:
    with pytest.raises(UnreadableError):
        files.read_bytes("/tmp/a\0b")
    assert files.kind("/tmp/a\0b") is None


def test_writing_keeps_the_symlink_and_the_permissions(files: RealFiles, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "config.json"
    real.write_text("old")
    real.chmod(0o600)
    (tmp_path / "config.json").symlink_to("dotfiles/config.json")

    files.write(str(tmp_path / "config.json"), b"new")

    assert (tmp_path / "config.json").is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert sorted(p.name for p in (tmp_path / "dotfiles").iterdir()) == ["config.json"]


def test_a_new_file_gets_the_mode_it_was_given(files: RealFiles, tmp_path: Path) -> None:
    files.write(str(tmp_path / "below" / "secret"), b"x", mode=0o600)

    assert stat.S_IMODE((tmp_path / "below" / "secret").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_writing_as_root_keeps_the_owner(files: RealFiles, tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    path.write_text("old")
    os.chown(path, 12345, 12346)

    files.write(str(path), b"new")

    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(files: RealFiles, tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()

    with pytest.raises(DevtoolError, match="cannot write"):
        files.write(str(target), b"new")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder"]


def test_a_reader_sees_the_old_or_the_new_content_and_never_a_part(files: RealFiles, tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    contents = {b"a" * 100_000, b"b" * 50_000}
    files.write(path, b"a" * 100_000)
    ended = threading.Event()

    def write() -> None:
        for number in range(60):
            files.write(path, sorted(contents)[number % 2])
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not ended.is_set():
        seen.add(files.read_bytes(path))
    writer.join()

    assert seen <= contents


def test_a_folder_that_no_lock_can_be_held_in_is_bad_input_with_the_way_out(
    files: RealFiles, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError) as caught, files.lock(f"{tmp_path}/file/deploy/lock", 1):
        pass

    assert caught.value.message == f"cannot write to `{tmp_path}/file/deploy`: not a directory"
    assert caught.value.hint == "set `XDG_STATE_HOME` and `XDG_DATA_HOME` to folders you can write to"


def test_a_held_lock_is_one_clear_error_after_the_time_limit(files: RealFiles, tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    program = "from devtool.system.disk import RealFiles\nimport sys,time\n"
    program += f"with RealFiles().lock({path!r}, 1):\n  print('held', flush=True)\n  time.sleep(30)"
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()

    started = time.monotonic()
    with pytest.raises(DevtoolError, match="another devtool has held"), files.lock(path, 0.3):
        pass
    waited = time.monotonic() - started
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with files.lock(path, 5):
        free = True

    assert waited < 5
    assert free, "a killed holder leaves nothing behind"


def test_free_space_is_told_for_a_path_that_does_not_exist_yet(files: RealFiles, tmp_path: Path) -> None:
    assert (files.free_bytes(str(tmp_path / "not" / "yet")) or 0) > 0


def test_a_new_file_without_a_mode_gets_what_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        RealFiles().write(str(tmp_path / "plain"), b"x")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "plain").stat().st_mode) == 0o640
