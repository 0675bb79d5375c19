"""What a pass over commits counts and keeps."""

from __future__ import annotations

import time

import pytest

from devtool.model.commit import Commit
from devtool.model.dco import Permissions
from devtool.model.sign_off import Identity
from devtool.workflows.signing.checking import Request, count, settle

JANE = Identity("Jane Doe", "jane@example.org")
REMEDIATION = Permissions(individual=True, third_party=True)


def commit(number: int, message: str, author: Identity = JANE) -> Commit:
    return Commit(f"{number:040x}", 1, author, author, message.encode())


def mending(*numbers: int) -> str:
    lines = [f"I, {JANE}, hereby add my Signed-off-by to this commit: {number:040x}" for number in numbers]
    return "\n".join([*lines, f"Signed-off-by: {JANE}", ""])


def test_ten_thousand_commits_that_mend_each_other_take_time_in_proportion() -> None:
    half = 5000
    started = time.process_time()

    tally = count(
        [*(commit(n + half, mending(n)) for n in range(half)), *(commit(n, "unsigned") for n in range(half))],
        Request(),
        REMEDIATION,
    )

    assert settle(tally) == ()
    assert tally.checked == 2 * half
    assert time.process_time() - started < 5


def test_one_commit_may_mend_many_wherever_it_stands_among_them() -> None:
    commits = [commit(1, "unsigned"), commit(2, mending(1, 3)), commit(3, "unsigned"), commit(4, "unsigned")]

    found = settle(count(commits, Request(), REMEDIATION))

    assert [each.commit for each in found] == [f"{4:040x}"]


def test_a_remediation_cures_no_invalid_address() -> None:
    me = Identity("Jane Doe", "jane@laptop")
    mended = f"I, {me}, hereby add my Signed-off-by to this commit: {1:040x}\n\nSigned-off-by: {me}\n"

    found = settle(count([commit(2, mended, me), commit(1, "a subject", me)], Request(), REMEDIATION))

    assert [(each.subject, each.rule) for each in found] == [
        ("a subject", "author-mail-invalid"),
        (f"I, {me}, hereby add my Signed-off-by to this commit: {1:040x}", "author-mail-invalid"),
    ]


def test_the_messages_of_commits_that_lack_a_sign_off_are_not_kept() -> None:
    tally = count((commit(n, "x" * 60_000) for n in range(50)), Request(), Permissions())

    assert {len(kept.message) for kept, _ in tally.violations} == {0}
    assert max(len(found.subject) for _, found in tally.violations) <= 301


@pytest.mark.parametrize(
    ("permissions", "mended"),
    [(Permissions(), False), (Permissions(third_party=True), False), (REMEDIATION, True)],
)
def test_what_others_sign_counts_only_beside_what_authors_do(permissions: Permissions, mended: bool) -> None:
    joe = Identity("Joe", "joe@example.org")
    text = f"On behalf of {JANE}, I, {joe}, hereby add my Signed-off-by to this commit: {1:040x}\n"
    commits = [commit(2, f"{text}Signed-off-by: {joe}\n", joe), commit(1, "unsigned")]

    assert (settle(count(commits, Request(), permissions)) == ()) is mended
