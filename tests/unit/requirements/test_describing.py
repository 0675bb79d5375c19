from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.requirements import describing
from devtool.requirements.containers import KnownContainer
from devtool.requirements.describing import find_container
from devtool.requirements.reading import NAMES, OWN_FILE, built_in
from devtool.requirements.tree import WorkingTree
from tests.support import FakeFiles, fake_system

MILVUS = {"/checkout/go.mod": "module github.com/milvus-io/milvus\n"}


def tree(content: dict[str, str]) -> WorkingTree:
    return WorkingTree(fake_system(files=FakeFiles(content)), "/checkout")


def test_the_short_way_to_a_built_in_profile_says_what_the_whole_profile_says() -> None:
    assert find_container(tree(MILVUS), "x") == (built_in("milvus").container, "milvus.toml")
    assert (describing.NAMES, describing.OWN_FILE) == (NAMES, OWN_FILE)


def test_a_checkout_of_nobodys_has_none() -> None:
    assert find_container(tree({"/checkout/README": ""}), "x") is None


def test_the_checkouts_own_file_comes_first() -> None:
    own = '[container]\ncompose = "c.yml"\nservice = ["a", "b"]\n'

    found = find_container(tree({**MILVUS, "/checkout/devtool.toml": own}), "x")

    assert found == (KnownContainer(compose=("c.yml",), services=("a", "b")), "devtool.toml")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[container]\ncompose = "/c.yml"', "`container.compose` must be a path inside the checkout"),
        ('[container]\ncompose = "../c.yml"', "`container.compose` must be a path inside the checkout"),
        ('[container]\ncompose = "c"\ndevcontainer = "d"', "`container.devcontainer` must be one path"),
        ('[container]\narchitecture = "A-B"', "`container.architecture` must name variables"),
        ('[container]\nos = "9"', "`container.os` must name variables"),
        ("[container]\nimage = 'x'", "`container.image` is not a key of devtool's"),
        ("[container]\nservice = 7", "`container.service` must be a string or a list of strings"),
    ],
)
def test_what_a_project_writes_wrongly_is_named_with_its_line(text: str, why: str) -> None:
    with pytest.raises(InputError) as raised:
        find_container(tree({"/checkout/devtool.toml": text}), "x")

    line = text.count("\n") + 1
    assert raised.value.message.startswith(f"devtool.toml:{line}: {why}")
