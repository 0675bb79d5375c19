from __future__ import annotations

import pytest

from devtool.model.remedy import SetGitKey
from devtool.model.report import Finding
from tests.support import FakeProcess, fake_system
from tests.support.examining import examined, needs
from tests.unit.checks.test_git import CHECKS, LIST, PERSON, listed, seen


def identity(*settings: tuple[str, str], **env: str) -> Finding:
    return seen("git-identity", listed(*((PERSON, key, value) for key, value in settings)), env=env)


def test_where_nothing_is_to_be_committed_nobody_has_to_be_known() -> None:
    process = FakeProcess({LIST: listed()})
    system = fake_system(process=process, env={"HOME": "/home/me"})

    finding = examined(CHECKS["git-identity"], system, needs(project=None))

    assert finding.severity == "warning"


ADA = (("user.name", "Ada Lovelace"), ("user.email", "ada@analytical.engine"))


def test_a_name_and_an_address_are_ok() -> None:
    finding = identity(*ADA)

    assert (finding.severity, finding.summary) == (
        "ok",
        "commits are by Ada Lovelace <ada@analytical.engine>",
    )


def test_the_checkouts_own_identity_wins() -> None:
    finding = identity(*ADA, ("user.email", "ada@work.host"))

    assert finding.summary == "commits are by Ada Lovelace <ada@work.host>"


def test_an_identity_from_the_environment_is_ok() -> None:
    names = {f"GIT_{role}_NAME": "Ada" for role in ("AUTHOR", "COMMITTER")}

    assert identity(**names, EMAIL="ada@analytical.engine").severity == "ok"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ((), "user.name and user.email"),
        (ADA[:1], "user.email"),
        (ADA[1:], "user.name"),
        ((*ADA, ("user.name", "")), "user.name"),
    ],
)
def test_a_missing_identity_is_a_failure_and_is_never_invented(
    settings: tuple[tuple[str, str], ...], said: str
) -> None:
    finding = identity(*settings)

    assert finding.severity == "failure"
    assert finding.summary.startswith(f"git does not know your {said}:")
    assert finding.remedies[0].actions == ()
    assert "`git config --global --edit`" in finding.remedies[0].summary


def test_what_the_other_role_states_is_taken_over() -> None:
    finding = identity(*ADA[:1], ("author.email", "ada@analytical.engine"))

    assert finding.severity == "failure"
    assert finding.remedies[0].actions == (
        SetGitKey("user.email", "ada@analytical.engine", "the other role of your commits states it"),
    )


def test_a_placeholder_of_the_other_role_is_not_taken_over() -> None:
    finding = identity(*ADA[:1], ("author.email", "you@example.com"))

    assert finding.remedies[0].actions == ()


@pytest.mark.parametrize(
    "email",
    [
        "you@example.com",
        "Ada@Mail.Example.ORG",
        "ada",
        "ada@localhost",
        "ada@box.localdomain",
        "ada@mac.local",
        "root@vm.(none)",
    ],
)
def test_a_placeholder_address_is_a_warning(email: str) -> None:
    finding = identity(ADA[0], ("user.email", email))

    assert finding.severity == "warning"
    assert finding.summary == f"git's user.email is a placeholder: Ada Lovelace <{email}>"


@pytest.mark.parametrize("name", ["Your Name", "John Doe", "root"])
def test_a_placeholder_name_is_a_warning(name: str) -> None:
    finding = identity(("user.name", name), ADA[1])

    assert finding.severity == "warning"
    assert finding.summary.startswith("git's user.name is a placeholder")


@pytest.mark.parametrize(
    "email", ["ada@users.noreply.github.com", "ada@example.com.au", "a@localhost.run", "é@ünï.de"]
)
def test_an_address_that_only_resembles_a_placeholder_is_ok(email: str) -> None:
    assert identity(ADA[0], ("user.email", email)).severity == "ok"


def test_an_author_other_than_the_committer_is_a_warning_because_of_the_dco_check() -> None:
    finding = identity(*ADA, GIT_AUTHOR_EMAIL="ada@home.host")

    assert finding.severity == "warning"
    assert "the DCO check compares it with the author" in finding.summary
