"""Which addresses are valid, and which belong to bots. Agreement with the app is held by its own test."""

from __future__ import annotations

import pytest

from devtool.model.mail_address import is_bot, is_valid


@pytest.mark.parametrize(
    "address", ["j@e.org", "1+zoe@users.noreply.github.com", "a.b+c@x-y.example", "j@a-.b.org"]
)
def test_an_ordinary_address_is_valid(address: str) -> None:
    assert is_valid(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "j",
            "j@localhost",
            "j@e.o",
            "j@.org",
            ".j@e.org",
            "j.@e.org",
            "j..k@e.org",
            "ä@e.org",
            "j@é.org",
        ),
        *(
            "j@e.org.",
            "j@e.org\n",
            "j k@e.org",
            "j@e@e.org",
            "j@xn.xn--p1ai",
            "dependabot[bot]@users.noreply.github.com",
        ),
        *("l" * 65 + "@e.org", "j@" + "d" * 64 + ".org", "j@" + "d." * 130 + "org"),
    ],
)
def test_what_the_app_refuses_is_not_valid(address: str) -> None:
    assert not is_valid(address)


@pytest.mark.parametrize(
    ("address", "bot"),
    [
        ("49699333+dependabot[bot]@users.noreply.github.com", True),
        ("github-actions[bot]@users.noreply.github.com", True),
        ("49699333+Dependabot[bot]@users.noreply.github.com", True),
        ("dependabot@users.noreply.github.com", False),
        ("x+y+dependabot[bot]@users.noreply.github.com", False),
        ("[bot]@users.noreply.github.com", False),
        ("dependabot[bot]@users.noreply.github.com.evil.org", False),
        ("evil dependabot[bot]@users.noreply.github.com", False),
        ("dependabot[bot]@example.org", False),
    ],
)
def test_a_bot_is_known_by_the_exact_form_of_its_address(address: str, bot: bool) -> None:
    assert is_bot(address) is bot
