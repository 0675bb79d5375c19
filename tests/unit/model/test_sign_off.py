"""Lines that are sign-offs, and lines that only look like it."""

from __future__ import annotations

import time

import pytest

from devtool.model.remediation import Remediation, remediations
from devtool.model.sign_off import Identity, is_plainly_signed, near_misses, sign_offs

JANE = Identity("Jane Doe", "jane@example.org")
ID = "0123456789" * 4


@pytest.mark.parametrize(
    "message",
    [
        "x\n\nSigned-off-by: Jane Doe <jane@example.org>\n",
        "Signed-off-by: Jane Doe <jane@example.org>",
        "x\r\n\r\nsigned-OFF-by: Jane Doe <jane@example.org>\r\n",
        "x\n\nSigned-off-by: Jane Doe <jane@example.org> \t\xa0\u3000\n",
        "x\u2028Signed-off-by: Jane Doe <jane@example.org>\u2029y",
        "x\rSigned-off-by: Jane Doe <jane@example.org>\ry",
        "```\nSigned-off-by: Jane Doe <jane@example.org>\n```\n---\nmore",
    ],
)
def test_a_sign_off_is_a_line_anywhere_in_the_message(message: str) -> None:
    assert sign_offs(message.encode()) == [JANE]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (" Signed-off-by: Jane Doe <jane@example.org>", "does not begin at the start"),
        ("> Signed-off-by: Jane Doe <jane@example.org>", "`>` stands before the key"),
        ("- Signed-off-by: Jane Doe <jane@example.org>", "`-` stands before the key"),
        ("Signed-off-by:Jane Doe <jane@example.org>", "one blank (U+0020) has to follow the colon"),
        ("Signed-off-by:\xa0Jane Doe <jane@example.org>", "one blank (U+0020) has to follow the colon"),
        ("Signed-off-by Jane Doe <jane@example.org>", "no colon"),
        ("Signed off by: Jane Doe <jane@example.org>", "the key is spelled `Signed-off-by`"),
        ("Sign-off-by: Jane Doe <jane@example.org>", "the key is spelled `Signed-off-by`"),
        ("Signed-of-by: Jane Doe <jane@example.org>", "the key is spelled `Signed-off-by`"),
        ("Signed-off-by: Jane Doe jane@example.org", "has to stand in `<…>`"),
        ("Signed-off-by: Jane Doe <jane@example.org>.", "something follows the mail address: `.`"),
        ("Signed-off-by: Jane Doe <jane@example.org>\u200b", "something follows the mail address"),
        ("Signed-off-by: Jane Doe<jane@example.org>", "one blank (U+0020) have to stand before `<`"),
        ("Signed-off-by: <jane@example.org>", "a name and one blank"),
    ],
)
def test_a_line_that_only_looks_like_a_sign_off_is_none_and_told_why(line: str, why: str) -> None:
    message = f"x\n\n{line}\n".encode()

    ((shown, told),) = near_misses(message)

    assert sign_offs(message) == []
    assert not is_plainly_signed(message)
    assert shown == line
    assert why in told


@pytest.mark.parametrize(
    "line", ["this was signed off by nobody", "\x0bSigned-off-by", "x Signed-off-by: J <j@e.org>"]
)
def test_prose_about_sign_offs_is_no_near_miss_that_spoils_a_message(line: str) -> None:
    assert sign_offs(f"x\n\n{line}\n".encode()) == []


def test_a_second_blank_belongs_to_the_name() -> None:
    assert sign_offs(b"Signed-off-by:  Jane  Doe  <j@e.org>") == [Identity(" Jane  Doe ", "j@e.org")]


def test_the_last_opening_bracket_begins_the_address() -> None:
    assert sign_offs(b"Signed-off-by: a <b <c>> <d>") == [Identity("a <b <c>>", "d")]
    assert sign_offs(b"Signed-off-by: a < <>") == [Identity("a <", "")]


def test_every_sign_off_of_a_message_is_found_in_order() -> None:
    found = sign_offs(
        b"Signed-off-by: A <a@e.org>\nSigned-off-by: B <b@e.org>\n\nx\nSigned-off-by: C <c@e.org>"
    )

    assert [each.name for each in found] == ["A", "B", "C"]


def test_a_remediation_is_read_as_its_parts_reach_furthest() -> None:
    own = f"I, Jane <x> Doe <j@e.org>, hereby add my Signed-off-by to this commit: {ID}"
    others = (
        f"On behalf of Jane <j@e.org>, I, Joe <o@e.org>, hereby ADD my signed-off-by to this commit: {ID}\r\n"
    )

    found = remediations(f"{own}\n{others}".encode())

    jane = Identity("Jane <x> Doe", "j@e.org")
    assert found == [
        Remediation(ID, jane, jane, third_party=False),
        Remediation(ID, Identity("Jane", "j@e.org"), Identity("Joe", "o@e.org"), third_party=True),
    ]


@pytest.mark.parametrize(
    "line",
    [
        f"I, J <j@e.org>, hereby add my Signed-off-by to this commit: {ID} ",
        f"I, J <j@e.org>, hereby add my Signed-off-by to this commit: {ID[:12]}",
        f"I, J <j@e.org>, hereby add my Signed-off-by to this commit: {'ABCDEF0123' * 4}",
        f"I, <j@e.org>, hereby add my Signed-off-by to this commit: {ID}",
        f"We, J <j@e.org>, hereby add my Signed-off-by to this commit: {ID}",
        f" I, J <j@e.org>, hereby add my Signed-off-by to this commit: {ID}",
        f"On behalf of J <j@e.org>, hereby add my Signed-off-by to this commit: {ID}",
    ],
)
def test_a_sentence_that_is_nearly_a_remediation_is_none(line: str) -> None:
    assert remediations(line.encode()) == []


@pytest.mark.parametrize(
    "line",
    [
        b"Signed-off-by: T" + b" <" * 300_000,
        b"Signed-off-by: " * 60_000,
        b"Signed-off-by: T" + b" " * 600_000 + b"x",
        b"I, a" + b" <b>, hereby add my signed-off-by to this commit: " * 20_000,
        b"On behalf of a" + b" <b>, I, c" * 60_000 + b" <d>, hereby add my signed-off-by to this commit: x",
        b"> " * 300_000 + b"Signed-off-by",
        b"sign" * 150_000,
    ],
    ids=range(7),
)
def test_hostile_lines_take_time_in_proportion_to_their_length(line: bytes) -> None:
    message = b"\n".join([line] * 5)
    started = time.process_time()

    sign_offs(message)
    near_misses(message)
    remediations(message)
    is_plainly_signed(message)

    assert time.process_time() - started < 2
