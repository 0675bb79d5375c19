"""Commits byte by byte as git keeps them, and the same commit with another message or on other parents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

_SIGNATURES = (b"gpgsig ", b"gpgsig-sha256 ")
_BLANKS = b" \t\n\v\f\r"
_WIDE = (b"utf-16", b"utf16", b"utf-32", b"utf32", b"utf-7", b"utf7", b"ucs")
_SHA1_DIGITS = 40


class RawCommit(NamedTuple):
    """One commit object, parted where its parts begin and nowhere changed."""

    headers: tuple[bytes, ...]
    """Each with its line end, and with the lines that go on from it."""
    message: bytes
    whole: bool = True
    """Whether a blank line parts the two, as it does in whatever git itself wrote."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Their full ids, in order."""
        return tuple(each[7:].strip().decode() for each in self.headers if each.startswith(b"parent "))

    @property
    def is_signed(self) -> bool:
        """Whether it carries a cryptographic signature, which holds for these very bytes."""
        return any(each.startswith(_SIGNATURES) for each in self.headers)

    @property
    def sign_off(self) -> bytes:
        """The line by which its author signs off, in the bytes and the encoding of the commit."""
        author = next((each[7:] for each in self.headers if each.startswith(b"author ")), b"")
        name, _, rest = author.partition(b"<")
        return b"Signed-off-by: " + name.rstrip(_BLANKS) + b" <" + rest.partition(b">")[0] + b">"

    @property
    def takes_lines(self) -> bool:
        """Whether a line put into its message is read: no null byte ends it, no wide encoding is set."""
        encoding = next((each[9:].lower() for each in self.headers if each.startswith(b"encoding ")), b"")
        return self.whole and b"\0" not in self.message and not encoding.startswith(_WIDE)

    @property
    def content(self) -> bytes:
        """The object's bytes."""
        return b"".join((*self.headers, b"\n" if self.whole else b"", self.message))


def parse_commit(content: bytes) -> RawCommit:
    """A commit object's bytes, parted."""
    head, blank, message = content.partition(b"\n\n")
    headers: list[list[bytes]] = []
    for line in re.findall(rb"[^\n]*\n|[^\n]+", head + b"\n" if blank else head):
        if line.startswith(b" ") and headers:
            headers[-1].append(line)
        else:
            headers.append([line])
    return RawCommit(tuple(b"".join(each) for each in headers), message, bool(blank))


def rebuilt(commit: RawCommit, new_ids: Mapping[str, str], message: bytes) -> RawCommit:
    """The commit with this message on the parents' new ids, without a signature: it held for the old one."""
    headers = []
    for header in commit.headers:
        if header.startswith(_SIGNATURES):
            continue
        if header.startswith(b"parent "):
            parent = header[7:].strip().decode()
            header = b"parent " + new_ids.get(parent, parent).encode() + b"\n"
        headers.append(header)
    return RawCommit(tuple(headers), message, commit.whole)


def commit_id(content: bytes, like: str) -> str:
    """The full id of a commit object, by the repository's own hash, which another id shows."""
    framed = b"commit %d\0%s" % (len(content), content)
    # git names objects by it; nothing here rests on its strength.
    made = (
        hashlib.sha1(framed, usedforsecurity=False) if len(like) == _SHA1_DIGITS else hashlib.sha256(framed)
    )
    return made.hexdigest()
