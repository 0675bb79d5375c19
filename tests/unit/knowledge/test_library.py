"""Our own knowledge and the project's as one library; a project's files are data, and never a way in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from devtool.errors import InputError
from devtool.knowledge.library import (
    Entry,
    Library,
    failure,
    failure_ids,
    gather,
    own_failures,
    project_failures,
)
from devtool.knowledge.reading import read
from devtool.system import System, real_system
from tests.support import FakeFiles, fake_system

FOLDER = "/checkout/.devtool/knowledge"
TEXT = """\
title = "The registry is too old"
summary = "the schema registry speaks an older protocol"
cause = "It was not updated."
patterns = ["schema registry at <url> speaks"]
"""


def project(*, broken: tuple[str, ...] = (), **files: str | bytes) -> System:
    content = {f"{FOLDER}/{name.replace('__', '.')}": text for name, text in files.items()}
    return fake_system(files=FakeFiles(content, broken=broken))


def refused(system: System, root: str = "/checkout") -> tuple[str, str | None]:
    with pytest.raises(InputError) as error:
        project_failures(system, root)
    return error.value.message, error.value.hint


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A real folder for a project's knowledge."""
    folder = tmp_path / ".devtool" / "knowledge"
    folder.mkdir(parents=True)
    return folder


def test_every_one_of_our_files_is_read_under_its_id() -> None:
    found = own_failures()

    assert tuple(each.id for each in found) == failure_ids() == tuple(sorted(failure_ids()))
    assert all(each.path is None for each in found)
    assert failure(found[0].id) == found[0]


@pytest.mark.parametrize("name", ["nothing-of-ours", "", "../profiles/milvus", "Conan", "/etc/passwd"])
def test_there_is_no_failure_of_another_id(name: str) -> None:
    assert failure(name) is None


@pytest.mark.parametrize("root", [None, "/checkout"])
def test_a_project_without_knowledge_adds_nothing(root: str | None) -> None:
    assert project_failures(fake_system(), root) == ()


def test_a_projects_files_are_read_in_the_order_of_their_names() -> None:
    system = project(b__toml=TEXT, a__toml=TEXT, README__md="# not one of them", c__toml__orig="title =")

    found = project_failures(system, "/checkout")

    assert found == (
        read(TEXT, "a", "", f"{FOLDER}/a.toml"),
        read(TEXT, "b", "", f"{FOLDER}/b.toml"),
    )


def test_ours_and_the_projects_are_one_library() -> None:
    own = tuple(map(Entry.of, own_failures()))
    theirs = project_failures(project(registry__toml=TEXT), "/checkout")

    library = gather(own, theirs)

    assert library == Library((*own, Entry.of(theirs[0])), theirs)
    assert library.failure("registry") is theirs[0]
    assert library.failure("conan-not-found") == failure("conan-not-found")


def test_an_entry_holds_what_matching_and_ranking_need() -> None:
    text = TEXT + 'severity = "warning"\nfollows = ["disk-full"]\ntransient = true\n'
    known = read(text, "registry", "registry.toml")

    assert Entry.of(known) == Entry("registry", "warning", known.patterns, ("disk-full",), True)


def test_a_project_may_not_redefine_what_we_know() -> None:
    assert refused(project(**{"conan-not-found__toml": TEXT})) == (
        "`.devtool/knowledge/conan-not-found.toml`: "
        "`conan-not-found` is the id of a failure that devtool knows",
        "rename the file",
    )


@pytest.mark.parametrize("name", ["Registry", "old registry", "old_registry", "ä", "a..b", "$(reboot)"])
def test_a_file_whose_name_is_no_id_is_refused(name: str) -> None:
    system = fake_system(files=FakeFiles({f"{FOLDER}/{name}.toml": TEXT}))

    assert refused(system) == (
        f"`.devtool/knowledge/{name}.toml`: its name, `{name}`, is no id",
        "use lower-case words joined by `-`",
    )


@pytest.mark.parametrize("name", [".toml", ".#registry.toml", "._registry.toml", ".registry.toml.swp"])
def test_what_editors_and_systems_hide_there_is_passed_over(name: str) -> None:
    system = fake_system(files=FakeFiles({f"{FOLDER}/{name}": b"\0\0\0"}))

    assert project_failures(system, "/checkout") == ()


def test_a_broken_file_is_named_as_the_project_knows_it() -> None:
    assert refused(project(registry__toml=TEXT + "colour = 3\n"))[0] == (
        "`.devtool/knowledge/registry.toml`: `colour`: is no key of a knowledge file"
    )


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\0", b"\0" * 100, b"title = '\xff'\n", b"", b"[[[[", b"a = " + b"[" * 9999]
)
def test_bytes_that_are_no_knowledge_are_bad_input(content: bytes) -> None:
    assert refused(project(registry__toml=content))[0].startswith("`.devtool/knowledge/registry.toml`: ")


def test_a_file_that_cannot_be_read_is_bad_input() -> None:
    system = project(registry__toml=TEXT, broken=(f"{FOLDER}/registry.toml",))

    assert refused(system)[0] == f"cannot read `{FOLDER}/registry.toml`: permission denied"


def test_a_fifo_hangs_nobody(checkout: Path) -> None:
    os.mkfifo(checkout / "registry.toml")

    said, _ = refused(real_system("/"), str(checkout.parents[1]))

    assert f"{checkout}/registry.toml" in said


def test_a_folder_in_place_of_a_file_is_bad_input(checkout: Path) -> None:
    (checkout / "registry.toml").mkdir()

    said, _ = refused(real_system("/"), str(checkout.parents[1]))

    assert f"{checkout}/registry.toml" in said


def test_a_huge_file_is_not_read(checkout: Path) -> None:
    with open(checkout / "registry.toml", "wb") as stream:
        stream.truncate(1 << 40)

    said, _ = refused(real_system("/"), str(checkout.parents[1]))

    assert f"{checkout}/registry.toml" in said


@pytest.mark.parametrize("target", ["/dev/zero", "/proc/self/mem", "loop.toml"])
def test_a_link_to_what_is_no_file_is_bad_input(checkout: Path, target: str) -> None:
    (checkout / "loop.toml").symlink_to(target)

    said, _ = refused(real_system("/"), str(checkout.parents[1]))

    assert f"{checkout}/loop.toml" in said


def test_a_link_to_nothing_says_nothing(checkout: Path) -> None:
    (checkout / "gone.toml").symlink_to("nowhere")

    assert project_failures(real_system("/"), str(checkout.parents[1])) == ()


def test_a_file_in_place_of_the_folder_holds_no_knowledge(tmp_path: Path) -> None:
    (tmp_path / ".devtool").mkdir()
    (tmp_path / ".devtool" / "knowledge").write_text("")

    assert project_failures(real_system("/"), str(tmp_path)) == ()


def test_a_project_cannot_keep_a_diagnosis_waiting_with_patterns_without_end() -> None:
    patterns = ", ".join(f'"a message of number {number}"' for number in range(3000))
    many = f'title = "T"\nsummary = "S"\ncause = "C"\npatterns = [{patterns}]\n'

    message, hint = refused(project(a__toml=many, b__toml=many, c__toml=TEXT))

    assert message.startswith("`.devtool/knowledge` has more than 5000 patterns: `b.toml`")
    assert hint


def test_a_broken_file_costs_itself_only_where_somebody_is_told() -> None:
    told: list[str] = []
    system = project(a__toml="title =", b__toml=TEXT, go_not_found__toml=TEXT)

    found = project_failures(system, "/checkout", lambda error: told.append(error.message))

    assert [each.id for each in found] == ["b"]
    assert len(told) == 2
