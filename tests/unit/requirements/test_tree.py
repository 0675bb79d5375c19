from __future__ import annotations

import pytest

from devtool.errors import InputError
from devtool.requirements.needs import read_needs
from devtool.requirements.statements import hits
from devtool.requirements.tree import WorkingTree
from tests.fixtures.eras import MASTER
from tests.support import FakeFiles, fake_system


def checkout(**changes: object) -> FakeFiles:
    content = {f"/checkout/{path}": text for path, text in MASTER.items()}
    return FakeFiles(content, folders=("/checkout/.git",), **changes)


def test_a_link_out_of_the_checkout_is_not_followed() -> None:
    files = checkout()
    del files.content["/checkout/Makefile"]
    files.content["/home/me/.secrets"] = b"GOLANGCI_LINT_VERSION := 9.9.9\n"
    files.links["/checkout/Makefile"] = "/home/me/.secrets"

    make = read_needs(fake_system(files=files), "/checkout").tool("make")

    assert make is not None
    assert (make.specifier, make.confidence) == (None, "unknown")
    assert make.notes == ("Makefile: leads out of the checkout",)


def test_a_link_inside_the_checkout_is_followed() -> None:
    files = FakeFiles({"/c/real": "text"}, links={"/c/name": "real"})

    assert WorkingTree(fake_system(files=files), "/c").read("name") == "text"


def test_a_file_that_cannot_be_read_makes_its_needs_unknown_with_the_reason() -> None:
    files = checkout(broken=("/checkout/go.mod",))
    files.content["/checkout/devtool.toml"] = (
        b"[needs.go]\nstatements = [{ path = 'go.mod', pattern = '^go (.*)' }]\n"
    )

    go = read_needs(fake_system(files=files), "/checkout").tool("go")

    assert go is not None
    assert go.confidence == "unknown"
    assert go.notes == ("go.mod: cannot read `/checkout/go.mod`: permission denied",)


def test_a_folder_where_a_file_should_be_is_a_note() -> None:
    files = checkout()
    del files.content["/checkout/build/README.md"]
    files.folders.add("/checkout/build/README.md")

    docker = read_needs(fake_system(files=files), "/checkout").tool("docker")

    assert docker is not None
    assert docker.confidence == "unknown"
    assert "is a folder, not a file" in docker.notes[0]


def test_a_link_that_leads_nowhere_is_broken_rather_than_absent() -> None:
    files = FakeFiles({"/c/other": ""}, links={"/c/devtool.toml": "gone"})

    with pytest.raises(InputError, match=r"^devtool\.toml: is a link that leads nowhere$"):
        read_needs(fake_system(files=files), "/c")


@pytest.mark.timeout(20)
def test_a_line_of_a_million_characters_is_cut_rather_than_searched() -> None:
    text = "x" * 1_000_000 + "go 1.22\n" + "go 1.21\n"

    assert [(value, line) for value, line, _ in hits(text, r".*go (\d+\.\d+)")] == [("1.21", 2)]
