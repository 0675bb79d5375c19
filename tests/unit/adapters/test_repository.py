from __future__ import annotations

from devtool.adapters.repository import find_repository, find_root, git_environment
from tests.support import FakeFiles, fake_system


def test_the_root_is_the_nearest_folder_upwards_with_a_mark() -> None:
    system = fake_system(files=FakeFiles({"/a/.git/HEAD": "", "/a/b/devtool.toml": "", "/a/b/c/d/x": ""}))

    assert find_root(system, "/a/b/c/d") == "/a/b"
    assert find_root(system, "/a/e") == "/a"
    assert find_root(system, "/f") is None


def test_a_linked_work_tree_whose_git_is_a_file_is_a_root() -> None:
    system = fake_system(files=FakeFiles({"/w/.git": "gitdir: /a/.git/worktrees/w\n"}), cwd="/w/sub")

    assert find_root(system, ".") == "/w"
    assert find_repository(system, ".") == "/w"


def test_a_bare_repository_is_a_repository_and_no_root() -> None:
    files = FakeFiles({"/r/HEAD": "", "/r/config": ""}, folders=("/r/objects", "/r/refs"))
    system = fake_system(files=files)

    assert find_repository(system, "/r") == "/r"
    assert find_root(system, "/r") is None


def test_git_sees_nothing_of_what_the_shell_set_for_it() -> None:
    changes = git_environment({"GIT_DIR": "/x", "GIT_CONFIG_COUNT": "1", "HOME": "/home/me"})

    assert changes["GIT_DIR"] is None
    assert changes["GIT_CONFIG_COUNT"] is None
    assert "HOME" not in changes
    assert changes["GIT_NO_LAZY_FETCH"] == "1"
