"""`devtool dco check` on real histories."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devtool.cli import run
from devtool.errors import InputError
from devtool.model.dco import Range
from devtool.model.sign_off import Identity
from devtool.workflows.signing.checking import Request, check
from tests.support.histories import ME, OTHER, History

pytestmark = pytest.mark.real

DCO = ".github/dco.yml"
INDIVIDUAL = "allowRemediationCommits:\n  individual: true\n"
BOTH = f"{INDIVIDUAL}  thirdParty: true\n"


@pytest.fixture
def history(home: str) -> History:
    return History(Path(home) / "repository")


def told(history: History, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of a check."""
    status = run(["dco", "check", "--format", "json", *words], history.system)
    return status, json.loads(history.console.results[-1])


def broken(history: History, *words: str) -> list[tuple[str, str]]:
    """Commit and rule of each violation."""
    return [(each["commit"], each["rule"]) for each in told(history, *words)[1]["violations"]]


def cure(history: History, commands: tuple[str, ...]) -> int:
    """Run the one command of ours, told that nobody needs the old commits; its exit status."""
    (command,) = commands
    name, *words = shlex.split(command)
    assert name == "devtool"
    return run([*words, "--yes", "--force"], history.system)


def test_a_history_in_which_every_commit_is_signed_is_clean(history: History) -> None:
    history.signed()
    history.signed()

    status, data = told(history, "--range", "HEAD")

    assert status == 0
    assert (data["ok"], data["checked"], data["skipped"], data["violations"]) == (True, 2, 0, [])


def test_each_commit_that_lacks_its_sign_off_is_named_oldest_first(history: History) -> None:
    first = history.commit("one")
    history.signed()
    last = history.commit(f"two\n\nSigned-off-by: {OTHER}\n")

    status, data = told(history, "--range", "HEAD")

    assert status == 1
    assert [(each["commit"], each["rule"]) for each in data["violations"]] == [
        (first, "sign-off-missing"),
        (last, "sign-off-mismatch"),
    ]
    assert data["violations"][1]["expected"] == [f"Signed-off-by: {ME}"]
    assert data["violations"][1]["found"] == [f"Signed-off-by: {OTHER}"]


def test_merges_and_bots_are_skipped_and_a_display_name_makes_no_bot(history: History) -> None:
    base = history.signed()
    side = history.signed("side", base, branch="side")
    other = history.signed("other", base, branch="other")
    history.commit("octopus", base, side, other)
    history.commit("bump", author="renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>")
    fake = history.commit("evil", author="renovate[bot] <evil@example.org>")

    status, data = told(history, "--range", "main")

    assert status == 1
    assert (data["checked"], data["skipped"]) == (4, 2)
    assert [each["commit"] for each in data["violations"]] == [fake]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"a\0b\n\nx\0", id="null bytes"),
        pytest.param(b"a\x1e\x1f\n\n\x1e", id="record separators"),
        pytest.param(b"caf\xe9\n\n\xff\xfe", id="undeclared encoding"),
        pytest.param(b"a\r\n\r\nb\r\n", id="CRLF"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\n\n\n", id="blank lines"),
        pytest.param(b"Signed-off-by: T" + b" <" * 30000 + b"\n", id="a line of 60 kB"),
        pytest.param(b"x" * 3_000_000 + b"\n", id="a line of 3 MB"),
    ],
)
def test_no_message_hides_itself_or_its_neighbours(history: History, message: bytes) -> None:
    before = history.commit("before")
    hostile = history.commit(message)
    after = history.commit("after")

    found = [commit for commit, _ in broken(history, "--range", "HEAD")]

    assert found == [before, hostile, after]
    assert [commit for commit, _ in broken(history, "--history")] == [before, hostile, after]


@pytest.mark.parametrize("encoding", ["UTF-7", "UTF-16", "nonsense", "ISO-8859-1"])
def test_a_declared_encoding_does_not_break_the_framing(history: History, encoding: str) -> None:
    made = history.commit(b"a+AAA-+AAo-\n\ncaf\xe9", encoding=encoding)
    after = history.commit("after")

    assert [commit for commit, _ in broken(history, "--range", "HEAD")] == [made, after]


def test_a_sign_off_in_a_declared_encoding_is_read(history: History) -> None:
    me = "Zo\xeb O'Doe <zoe@example.org>".encode("latin-1")
    history.commit(b"x\r\n\r\nSigned-off-by: " + me + b"\r\n", author=me, encoding="ISO-8859-1")

    assert broken(history, "--range", "HEAD") == []


def test_bytes_that_are_no_text_match_only_themselves(history: History) -> None:
    history.commit(b"x\n\nSigned-off-by: Zo\xeb <zoe@example.org>\n", author=b"Zo\xeb <zoe@example.org>")
    other = history.commit(
        b"x\n\nSigned-off-by: Zo\xea <zoe@example.org>\n", author=b"Zo\xeb <zoe@example.org>"
    )

    _, data = told(history, "--range", "HEAD")

    assert [each["commit"] for each in data["violations"]] == [other]
    assert data["violations"][0]["found"] == ["Signed-off-by: Zo\\xea <zoe@example.org>"]


def test_ten_thousand_commits_are_read_in_one_stream(history: History) -> None:
    stream = []
    for mark in range(1, 10_001):
        signed = f"n\n\nSigned-off-by: {ME}\n" if mark % 1000 else f"n {mark}\n"
        data = signed.encode()
        stream.append(f"commit refs/heads/main\nmark :{mark}\ncommitter {ME} {mark} +0000\n".encode())
        stream.append(b"data %d\n%s\n" % (len(data), data))
    history.git("fast-import", "--quiet", stdin=b"".join(stream))

    status, data = told(history, "--range", "main")

    assert (status, data["checked"], len(data["violations"])) == (1, 10_000, 10)


def test_no_configuration_of_the_checkout_decides_what_is_read_or_started(history: History) -> None:
    started = history.root.parent / "started"
    history.commit("x", files={"a": "1"})
    history.commit("y", files={"a": "2"})
    for key, value in {
        "log.showSignature": "true", "gpg.program": f"touch {started}; false", "format.pretty": "oneline",
        "core.fsmonitor": f"touch {started}", "core.hooksPath": str(history.root), "log.diffMerges": "on",
        "core.pager": f"touch {started}", "i18n.logOutputEncoding": "UTF-16", "color.ui": "always",
        "diff.external": f"touch {started}", "log.decorate": "full", "notes.displayRef": "refs/notes/*",
        "alias.log": f"!touch {started}", "log.follow": "true", "log.date": "relative",
    }.items():  # fmt: skip
        history.git("config", key, value)

    status, data = told(history, "--range", "HEAD")

    assert (status, data["checked"]) == (1, 2)
    assert not started.exists()


def test_neither_replacements_nor_grafts_show_another_history(history: History) -> None:
    bad = history.commit("bad")
    good = history.signed("replacement", branch="elsewhere")
    history.signed("tip")
    history.git("replace", bad, good)
    (history.root / ".git/info").mkdir(exist_ok=True)
    (history.root / ".git/info/grafts").write_text(f"{history.git('rev-parse', 'main')}\n")

    assert [commit for commit, _ in broken(history, "--range", "main")] == [bad]


def test_history_asks_only_for_a_sign_off_whoevers_it_is(history: History) -> None:
    history.commit(f"squashed\n\nSigned-off-by: {OTHER}\n")
    history.commit(f"crlf\r\n\r\nSigned-off-by: {OTHER}\r\n")
    history.commit(f"Signed-off-by: {OTHER}")
    bare = history.commit("squashed\n\nSigned-off-by: sre-ci-robot sre-ci-robot@users.noreply.github.com\n")

    status, data = told(history, "--history")

    assert (status, data["checked"]) == (1, 4)
    assert [(each["commit"], each["rule"]) for each in data["violations"]] == [(bare, "sign-off-malformed")]
    assert data["repairs"] == []


def test_the_rule_trailer_wants_the_last_paragraph_and_strict_the_author(history: History) -> None:
    early = history.commit(f"x\n\nSigned-off-by: {ME}\n\nmore text\n")
    by_committer = history.commit(f"x\n\nSigned-off-by: {OTHER}\n", author=ME, committer=OTHER)
    history.signed()

    github, trailer, strict = (
        broken(history, "--range", "HEAD", "--rule", r) for r in ("github", "trailer", "strict")
    )

    assert github == []
    assert trailer == [(early, "sign-off-outside-trailers")]
    assert strict == [(early, "sign-off-outside-trailers"), (by_committer, "sign-off-mismatch")]


def test_a_remediation_counts_only_where_the_base_allows_it(history: History) -> None:
    base = history.signed()
    bad = history.commit("bad", files={DCO: INDIVIDUAL})
    history.commit(
        f"sorry\n\nI, {ME}, hereby add my Signed-off-by to this commit: {bad}\n\nSigned-off-by: {ME}\n"
    )

    assert broken(history, "--range", f"{base}..HEAD") == [(bad, "sign-off-missing")]
    assert broken(history, "--range", f"{bad}~..HEAD") == [(bad, "sign-off-missing")]


def test_a_remediation_by_the_author_or_by_a_third_party_is_taken_where_it_is_allowed(
    history: History,
) -> None:
    base = history.commit("base", files={DCO: BOTH})
    mine = history.commit("mine")
    others = history.commit("theirs", author=OTHER)
    history.commit(
        f"sorry\n\nI, {ME}, hereby add my Signed-off-by to this commit: {mine}\n"
        f"On behalf of {OTHER}, I, {ME}, hereby add my Signed-off-by to this commit: {others}\n"
        f"\nSigned-off-by: {ME}\n"
    )

    assert broken(history, "--range", f"{base}..HEAD") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("require:\n  members: no\n", "line 2: `require.members` has to be true or false, and is no"),
        ('require:\n  members: "false"\n', 'is "false"'),
        ("allowRemediationCommits:\n  individual: yes\n", "and is yes"),
        ("allowRemediationCommits: true\n", "`allowRemediationCommits` is no mapping"),
        ("- a\n", "the file is no mapping"),
        ("require: {members: [}\n", "is no YAML"),
        ("_extends: .github\n", "extends a file of another repository"),
        ("require: &a {members: true}\nrequire: *a\n", "stands twice"),
        ("[" * 5000, "is no YAML"),
    ],
)
def test_what_is_no_boolean_is_refused_aloud(history: History, text: str, message: str) -> None:
    base = history.commit("base", files={DCO: text})
    history.signed()

    with pytest.raises(InputError) as caught:
        check(history.system, Request(range=f"{base}..HEAD"))

    assert message in caught.value.message


def test_a_file_given_by_hand_stands_in_for_the_one_of_the_base(history: History) -> None:
    base = history.commit("base", files={DCO: "_extends: .github\n"})
    bad = history.commit("bad")
    history.commit(
        f"sorry\n\nI, {ME}, hereby add my Signed-off-by to this commit: {bad}\n\nSigned-off-by: {ME}\n"
    )
    (history.root / "mine.yml").write_text(INDIVIDUAL)

    assert broken(history, "--range", f"{base}..HEAD", "--config", "mine.yml") == []


def test_commits_of_the_merge_queue_need_a_sign_off_whoevers(history: History) -> None:
    base = history.signed()
    queue = "GitHub <noreply@github.com>"
    history.commit(
        f"squashed\n\nSigned-off-by: {OTHER}\n",
        author="zoe <1+zoe@users.noreply.github.com>",
        committer=queue,
    )
    lost = history.commit("squashed", author="zoe <1+zoe@users.noreply.github.com>", committer=queue)
    own = history.commit(f"own\n\nSigned-off-by: {OTHER}\n")
    event = history.root.parent / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": base, "head_sha": own}}))
    history.extra = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "merge_group",
        "GITHUB_EVENT_PATH": str(event),
    }

    assert broken(history) == [(lost, "sign-off-missing"), (own, "sign-off-mismatch")]
    assert "let squash merging take" in json.loads(history.console.results[-1])["notes"][0]


def test_a_failure_of_git_in_the_middle_of_the_range_is_no_verdict(history: History) -> None:
    first = history.signed()
    history.signed()
    (history.root / ".git/objects" / first[:2] / first[2:]).unlink()

    with pytest.raises(InputError, match="cannot read the range's commits"):
        check(history.system, Request(range="main"))


def test_the_difference_that_the_eye_cannot_see_is_told_by_code_points(history: History) -> None:
    history.commit("x\n\nSigned-off-by: Zoe\u0308 O'Doe <zo\u0435@example.org>\n")

    (found,) = check(history.system, Request(range="main")).violations

    assert found.author == Identity("Zoë O'Doe", "zoe@example.org")
    assert found.differences == (
        "name: after `zo` stands U+0065 LATIN SMALL LETTER E + U+0308 COMBINING DIAERESIS, and "
        "U+00EB LATIN SMALL LETTER E WITH DIAERESIS is expected "
        "(the same letters, composed as NFD and as NFC)",
        "mail: after `zo` stands U+0435 CYRILLIC SMALL LETTER IE, and "
        "U+0065 LATIN SMALL LETTER E is expected",
    )


def test_the_cure_of_the_last_commit_is_an_amendment(history: History) -> None:
    base = history.commit("base", files={"a": "1"})
    history.git("reset", "-q", "--hard")
    history.commit("bad", files={"a": "1"})

    (repair,) = check(history.system, Request(range=f"{base}..HEAD")).repairs
    for command in repair.commands:
        history.shell(command)

    assert repair.text.startswith("sign this commit off")
    assert broken(history, "--range", f"{base}..HEAD") == []


@pytest.mark.parametrize("standard", ["github", "strict"])
def test_the_cure_of_earlier_commits_signs_them_alone_and_keeps_merges(
    history: History, standard: str
) -> None:
    base = history.commit("base", files={"a": "1"})
    bad = history.commit("bad", files={"a": "2"})
    signed = f"side\n\nSigned-off-by: {OTHER}\n"
    side = history.commit(signed, bad, author=OTHER, files={"a": "conflicting"}, branch="side")
    again = history.commit("bad again\n\nNote: a trailer\n", files={"a": "3"})
    history.commit("merge", again, side, files={"a": "both"})
    history.signed("tip")
    history.git("reset", "-q", "--hard")
    unchanged = "--format=%s %an %ae %ad %cn %ce %cd %T"
    before = history.git("log", unchanged, "main")

    report = check(history.system, Request(range=f"{base}..HEAD", standard=standard))  # type: ignore[arg-type]  # by pytest
    (repair,) = report.repairs
    assert cure(history, repair.commands) == 0

    assert set(repair.commits) == {bad, again}
    assert broken(history, "--range", f"{base}..HEAD", "--rule", standard) == []
    assert history.git("log", unchanged, "main") == before
    assert history.git("rev-list", "--merges", "--count", f"{base}..main") == "1"
    assert history.git("log", "-1", "--format=%B", "main^^2") == signed.strip()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("{base}..HEAD", "{base}..HEAD"),
        ("HEAD~3..", "{base}..HEAD"),
        ("HEAD~3..HEAD~1", "{base}..{below}"),
        ("HEAD~3...topic", "{base}..{head}"),
        ("HEAD", "HEAD"),
        ("HEAD~1", "{below}"),
    ],
)
def test_the_cure_of_several_commits_names_exactly_their_range(
    history: History, given: str, named: str
) -> None:
    ids = {"base": history.signed()}
    for name in ("lowest", "below", "head"):
        ids[name] = history.commit(name)
    history.git("branch", "topic")

    (repair,) = check(history.system, Request(range=given.format(**ids))).repairs

    assert repair.commands == (f"devtool dco repair --range {named.format(**ids)}",)
    many = f"these {len(repair.commits)} commits"
    assert repair.text == f"sign {many} off; only while nobody else builds on the branch"


def test_the_cure_of_an_invalid_address_gives_the_commits_a_valid_one(history: History) -> None:
    base = history.commit("base", files={"a": "1"})
    for number in "23":
        history.commit(
            "x\n\nSigned-off-by: Zoë O'Doe <zoe@laptop>\n",
            author="Zoë O'Doe <zoe@laptop>",
            files={"a": number},
        )
    history.commit(f"y\n\nSigned-off-by: {OTHER}\n", author=OTHER, files={"a": "4"})
    history.git("reset", "-q", "--hard")
    history.git("config", "user.email", "zoe@laptop")

    (repair,) = check(history.system, Request(range=f"{base}..HEAD")).repairs
    for command in repair.commands:
        history.shell(command.replace("NAME@HOST.DOMAIN", "zoe@example.org"))

    assert repair.text.startswith("Zoë O'Doe <zoe@laptop> sets an address that is valid")
    assert broken(history, "--range", f"{base}..HEAD") == []
    assert history.git("log", "-3", "--format=%ae") == "ann@example.org\nzoe@example.org\nzoe@example.org"


def test_the_cure_of_a_root_works_too(history: History) -> None:
    history.commit("bad", files={"a": "1"})
    history.signed()
    history.commit("end", files={"a": "1"}, author=OTHER)
    history.git("reset", "-q", "--hard")

    mine, theirs = check(history.system, Request(range="HEAD")).repairs
    assert cure(history, mine.commands) == 1  # Ann's is left

    assert theirs.commands == ("git commit --amend --no-edit --allow-empty --signoff",)
    assert "ask Ann Other <ann@example.org>" in theirs.text
    assert [rule for _, rule in broken(history, "--range", "HEAD")] == ["sign-off-missing"]


def test_where_remediation_is_allowed_the_cure_rewrites_nothing(history: History) -> None:
    base = history.commit("base", files={DCO: INDIVIDUAL})
    bad = history.commit("bad", files={DCO: INDIVIDUAL})
    history.signed("tip")
    history.git("reset", "-q", "--hard")

    (repair,) = check(history.system, Request(range=f"{base}..HEAD")).repairs
    for command in repair.commands:
        history.shell(command)

    assert broken(history, "--range", f"{base}..HEAD") == []
    assert history.git("rev-list", "--count", f"{bad}..main") == "2"


def test_a_range_without_commits_holds_nothing_to_check(history: History) -> None:
    history.signed()

    status, data = told(history, "--range", "HEAD..HEAD")

    assert (status, data["checked"], data["notes"]) == (0, 0, [])


def test_outside_a_repository_and_without_a_commit_there_is_no_verdict(home: str, history: History) -> None:
    subprocess.run(["git", "init", "-q", f"{home}/empty"], check=True)

    assert run(["-C", home, "dco", "check", "--range", "HEAD"]) == 2
    assert run(["-C", f"{home}/empty", "dco", "check", "--range", "HEAD"]) == 2
    assert run(["dco", "check", "--range", "--output=x..HEAD"], history.system) == 2


def test_the_range_is_told_as_it_was_read(history: History) -> None:
    one, two = history.signed(), history.signed()

    report = check(history.system, Request(range=f"{one}...{two}"))

    assert report.range == Range(f"{one}...{two}", two, one)
    assert report.checked == 1
