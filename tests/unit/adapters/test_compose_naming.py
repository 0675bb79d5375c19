from __future__ import annotations

import pytest

from devtool.adapters.compose.naming import Naming
from devtool.errors import InputError


@pytest.mark.parametrize(
    ("naming", "first", "later"),
    [
        (Naming("/home/me/Milvus"), "milvus", "milvus"),
        (Naming("/home/me/my.proj ect-2"), "myproject-2", "myproject-2"),
        (Naming("/home/me/_work"), "_work", "work"),
        (Naming("/home/me/x", stated="said"), "said", "said"),
        (Naming("/home/me/x", stated="said", in_files="other"), "said", "said"),
        (Naming("/home/me/x", in_files="In.File"), "infile", "infile"),
        (Naming("/home/me/x/.devcontainer"), "devcontainer", "devcontainer"),
        (Naming("/home/me/x/.devcontainer", checkout="/home/me/x"), "x_devcontainer", "x_devcontainer"),
        (Naming("/home/me/x/docker", checkout="/home/me/x"), "docker", "docker"),
        (Naming("/home/me/x/.devcontainer", in_files="n", checkout="/home/me/x"), "n", "n"),
    ],
)
def test_a_project_is_called_as_compose_and_vs_code_call_it(naming: Naming, first: str, later: str) -> None:
    assert (naming.name(1), naming.name(2)) == (first, later)


def test_the_first_compose_mends_a_stated_name_that_later_ones_refuse() -> None:
    naming = Naming("/x", stated="My.Project")

    assert naming.name(1) == "myproject"
    with pytest.raises(InputError) as raised:
        naming.name(5)
    assert raised.value.message == "`My.Project` cannot be a project's name for Compose 5"
    assert raised.value.hint == "take small letters, digits, `-` and `_`, such as `myproject`"


def test_a_folder_that_gives_no_name_is_said() -> None:
    with pytest.raises(InputError) as raised:
        Naming("/home/me/工程").name(2)

    assert "no project's name can be made" in raised.value.message
