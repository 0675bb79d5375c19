"""Commits byte by byte, whatever somebody put into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtool.model.raw_commit import commit_id, parse_commit, rebuilt

TREE, PARENT, NEW = "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "1" * 40, "2" * 40
HEAD = (
    f"tree {TREE}\nparent {PARENT}\nauthor A B <a@b.example> 1 +0000\ncommitter C <c@d.example> 2 -0130\n"
).encode()


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_parted_and_joined_again_a_commit_is_the_same(headers: bytes, message: bytes) -> None:
    for content in (headers + message, headers + b"\n\n" + message, HEAD + headers + b"\n\n" + message):
        assert parse_commit(content).content == content


def test_other_parents_and_another_message_leave_the_rest_and_only_a_signature_goes() -> None:
    extra = b"encoding ISO-8859-1\ngpgsig one\n two\n \n three\nHG:rename a\n b\ngpgsig-sha256 x\n y\n"
    commit = parse_commit(HEAD + extra + b"\nold\r\n")

    made = rebuilt(commit, {PARENT: NEW}, b"new")

    kept = b"encoding ISO-8859-1\nHG:rename a\n b\n"
    assert made.content == HEAD.replace(PARENT.encode(), NEW.encode()) + kept + b"\nnew"
    assert (commit.is_signed, made.is_signed) == (True, False)


def test_a_parent_that_stays_is_left_and_one_named_in_the_message_too() -> None:
    commit = parse_commit(HEAD + f"\nparent {PARENT}\n".encode())

    assert rebuilt(commit, {"3" * 40: NEW}, commit.message) == commit
    assert commit.parents == (PARENT,)


@pytest.mark.parametrize(
    ("author", "line"),
    [
        (b"A B <a@b.example> 1 +0000", b"Signed-off-by: A B <a@b.example>"),
        (b"Zo\xeb \t<z@b.example> 1 +0000", b"Signed-off-by: Zo\xeb <z@b.example>"),
        (b"<a@b.example> 1 +0000", b"Signed-off-by:  <a@b.example>"),
    ],
)
def test_the_line_has_the_bytes_of_the_author(author: bytes, line: bytes) -> None:
    content = f"tree {TREE}\n".encode() + b"author " + author + b"\n\nmessage"

    assert parse_commit(content).sign_off == line


@pytest.mark.parametrize(
    ("extra", "message", "takes"),
    [
        (b"", b"a\n", True),
        (b"encoding ISO-8859-1\n", b"a\n", True),
        (b"encoding UTF-16LE\n", b"a\n", False),
        (b"", b"a\0b\n", False),
    ],
)
def test_a_line_is_put_only_where_it_will_be_read(extra: bytes, message: bytes, takes: bool) -> None:
    assert parse_commit(HEAD + extra + b"\n" + message).takes_lines is takes


def test_an_id_is_made_by_the_hash_that_others_show() -> None:
    content = HEAD.replace(f"parent {PARENT}\n".encode(), b"") + b"\na\n"

    assert len(commit_id(content, like=PARENT)) == 40
    assert len(commit_id(content, like="1" * 64)) == 64
    assert commit_id(content, like=PARENT) == commit_id(content, like=NEW)
