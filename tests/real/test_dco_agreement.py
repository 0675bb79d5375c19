"""Our rule beside the DCO app's own, on histories that nobody thought of."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtool.adapters.history import read_commits
from devtool.model.commit import Commit, Violation
from devtool.model.dco import Permissions, Range, SignOffReport
from devtool.model.sign_off import BLANKS, Identity
from devtool.system import real_system
from devtool.workflows.signing.checking import Request, check, count, settle
from tests.support.dco_app import DcoApp, start, stop

pytestmark = pytest.mark.real

NAMES = [
    *(
        "Jane Doe",
        "jane doe",
        "José Ñandú",
        "Jose\u0301",
        "J\u0430ne Doe",
        "A",
        "İpek",
        "ΣΑΣ",
        "J  D",
        "I, J",
    ),
    "a>b",
]
MAILS = [
    *(
        "jane@example.org",
        "JANE@example.org",
        "j@localhost",
        "j.@example.org",
        "a@b.c",
        "a@b.cd",
        "",
        "a b@e.org",
    ),
    *("j+x@a-b.example", "x@a-.example.org", "x@-a.example.org", "x@a..example.org", ".x@example.org"),
    *(
        "x@e.c1",
        "x@e.1c",
        "x@e.a--b",
        "x@e.a-b",
        "x@a-.b.org",
        "x`@e.org",
        "`x@e.org",
        "ä@example.org",
        "x@e.org.",
    ),
    *(f"{'l' * 64}@e.org", f"{'l' * 65}@e.org", f"x@{'d' * 64}.org", f"x@{'d.' * 125}org"),
]
KEYS = [
    *("Signed-off-by: ", "signed-off-by: ", "SIGNED-OFF-BY: ", "Signed-off-by:", "Signed-off-by:\t"),
    *(
        " Signed-off-by: ",
        "Signed-off-by:  ",
        "Signed-off-by:\xa0",
        "\u017figned-off-by: ",
        "> Signed-off-by: ",
    ),
]
ENDS = [
    "\n",
    "\r\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x0b",
    "\x0c",
    "\x85",
    "\x1c",
    "\n\n",
    " \n",
    "\u200b\n",
    ".\n",
    "",
]
MARKS = [
    "hereby add my Signed-off-by to this commit:",
    "HEREBY add my signed-off-by to this commit:",
    "hereby add",
]

names, mails = st.sampled_from(NAMES), st.sampled_from(MAILS)
people = st.builds(Identity, names, mails)
ordinary = st.builds(Identity, names, st.sampled_from(MAILS[:2]))
noise = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("\n\r <>,:S" + BLANKS),
    max_size=30,
)
rarely = st.sampled_from(["", "", "", "", " <", ">", " <x> "])


@st.composite
def lines(draw: st.DrawFn, own: list[Identity], targets: list[tuple[str, Identity]]) -> str:
    """One line that could be taken for a sign-off by one of `own`, or for a remediation."""
    person = draw(st.sampled_from(own) | st.sampled_from(own) | people)
    target, author = draw(st.sampled_from(targets))
    other = draw(st.just(author) | st.sampled_from(own))
    key = draw(st.sampled_from(["Signed-off-by: "] * 6 + KEYS))
    mark = draw(st.sampled_from([MARKS[0], *MARKS]))
    target += draw(st.sampled_from(["", "", "", "", "", " ", ".", "\xa0"]))
    extra = draw(rarely)
    forms = [
        f"{key}{person}",
        f"{key}{person}",
        f"{key}{extra}{person}{extra}",
        f"I, {other}, {mark} {target}",
        f"i, {extra}{other}, {mark} {target}",
        f"On behalf of {author}, I, {person}, {mark} {target}",
        f"on behalf of {other}{extra}, I, {person}, {mark} {target}",
        f"On behalf of {other}, I, {person}, I, {other}, {mark} {target}",
    ]
    return draw(st.sampled_from(forms)) + draw(st.sampled_from(["\n"] * 8 + ENDS))


@st.composite
def histories(draw: st.DrawFn) -> list[Commit]:
    """Commits whose people, sign-offs and remediations mostly have to do with each other."""
    number = draw(st.integers(1, 5))
    known = st.sampled_from(draw(st.lists(ordinary | ordinary | people, min_size=1, max_size=3)))
    authors = [draw(known) for _ in range(number)]
    targets = [(f"{n + 1:040x}", author) for n, author in enumerate(authors)]
    commits = []
    for each, author in targets:
        committer = draw(st.just(author) | known)
        parts = draw(st.lists(lines([author, committer], targets) | noise, max_size=5))
        message = "".join(["subject\n\n" if draw(st.booleans()) else "", *parts])
        parents = draw(st.sampled_from([0, 1, 1, 1, 1, 1, 2, 3]))
        commits.append(Commit(each, parents, author, committer, message.encode("utf-8")))
    return commits


@pytest.fixture(scope="module")
def app() -> Iterator[DcoApp]:
    running = start()
    yield running
    stop(running)


def told(app: DcoApp, commits: list[Commit], allowed: Permissions) -> dict[str, str]:
    """What the app says of these commits."""

    def person(identity: Identity) -> dict[str, str]:
        return {"name": identity.name, "email": identity.mail}

    payload: list[dict[str, Any]] = [
        {
            "sha": each.id,
            "author": {"login": "somebody", "type": "User"},
            "parents": [{}] * each.parents,
            "commit": {
                "author": person(each.author),
                "committer": person(each.committer),
                "message": each.message.decode("utf-8"),
                "verification": {"verified": False},
            },
        }
        for each in commits
    ]
    return app.judge(payload, allowed.individual, allowed.third_party)


def kind(message: str) -> str:
    """Which of its verdicts a message of the app is."""
    if message == "The sign-off is missing.":
        return "missing"
    return "mail" if message.endswith("is not a valid email address.") else "mismatch"


def ours(violations: tuple[Violation, ...]) -> dict[str, str]:
    kinds = {"sign-off-missing": "missing", "sign-off-malformed": "missing", "sign-off-mismatch": "mismatch"}
    return {each.commit: kinds.get(each.rule, "mail") for each in violations}


permissions = st.builds(Permissions, individual=st.booleans(), third_party=st.booleans())
generously = settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)


@generously
@given(commits=histories(), allowed=permissions)
def test_every_verdict_on_a_history_is_the_apps_own(
    app: DcoApp, commits: list[Commit], allowed: Permissions
) -> None:
    theirs = {commit: kind(message) for commit, message in told(app, commits, allowed).items()}

    found = settle(count(commits, Request(), allowed))

    assert ours(found) == theirs


@pytest.mark.parametrize("seed", range(40))
def test_what_is_read_back_from_git_is_judged_as_the_app_does(app: DcoApp, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    written = write(tmp_path, chance)
    system = real_system(str(tmp_path))
    head = subprocess.run(
        ["git", "-C", str(tmp_path), "rev-parse", "main"], capture_output=True, text=True, check=True
    ).stdout.strip()
    commits = list(read_commits(system, str(tmp_path), Range("main", head)))
    theirs = {commit: kind(message) for commit, message in told(app, commits, Permissions()).items()}

    report: SignOffReport = check(system, Request(range="main"))

    assert len(commits) == written
    assert ours(report.violations) == theirs


def write(folder: Path, chance: random.Random) -> int:
    """A history with merges of up to four parents; how many commits it has."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    stream: list[bytes] = []
    number = chance.randint(1, 25)
    for mark in range(1, number + 1):
        author, committer = (
            f"{chance.choice(NAMES[:9])} <{chance.choice(MAILS[:3] * 5 + MAILS)}>" for _ in "ac"
        )
        ends = ["\n", "\r\n", "\n\n", " \n", "\u2028", "\x1e\n", ".\n"]
        parts = [
            chance.choice(KEYS[:1] * 9 + KEYS)
            + chance.choice([author, committer, "X <x@e.org>"])
            + chance.choice(ends)
            for _ in range(chance.randint(0, 3))
        ]
        message = ("subject\n\n" + chance.choice(["", "x" * 60000 + "\n"]) + "".join(parts)).encode()
        stream.append(f"commit refs/heads/main\nmark :{mark}\n".encode())
        stream.append(f"author {author} {mark} +0000\ncommitter {committer} {mark} +0000\n".encode())
        stream.append(b"data %d\n%s\n" % (len(message), message))
        parents = chance.sample(range(1, mark), min(mark - 1, chance.choice([1, 1, 1, 2, 4])))
        if mark > 1 and mark - 1 not in parents:
            parents[0] = mark - 1
        stream += [f"{'merge' if n else 'from'} :{each}\n".encode() for n, each in enumerate(parents)]
        stream.append(b"\n")
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(stream), check=True)
    return number
