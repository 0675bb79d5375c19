"""`devtool dco repair` and `sign` on real repositories."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtool.cli import run
from devtool.model.raw_commit import parse_commit
from devtool.model.trailer_place import with_trailer
from devtool.remedies.journal import Journal
from tests.support.histories import ME, OTHER, History
from tests.support.killing import killed_at

pytestmark = [
    pytest.mark.real,
    # The child that is killed touches no thread that another test may have left.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

SCHEMA = json.loads((Path(__file__).parents[1] / "contract/schemas/dco-repair.json").read_text())
LINE = f"Signed-off-by: {ME}"
BOTH = "allowRemediationCommits:\n  individual: true\n  thirdParty: true\n"
INDIVIDUAL = "allowRemediationCommits:\n  individual: true\n"
SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n"


@pytest.fixture
def history(home: str, capsys: pytest.CaptureFixture[str]) -> History:
    """A branch `topic` on top of a signed `main`."""
    made = History(Path(home) / "repository")
    base = made.signed("base")
    made.git("branch", "topic", base)
    made.git("symbolic-ref", "HEAD", "refs/heads/topic")
    made.git("config", "branch.topic.remote", ".")
    made.git("config", "branch.topic.merge", "refs/heads/main")
    return made


def told(history: History, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of a command."""
    status = run(["dco", *words, "--format", "json"], history.system)
    data = json.loads(history.console.results[-1])
    jsonschema.validate(data, SCHEMA)
    return status, data


def refused(history: History, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What it says where it changes nothing and leaves with 1 or 2."""
    before = history.git("for-each-ref"), history.git("symbolic-ref", "-q", "HEAD", check=False)
    capsys.readouterr()

    assert run(["dco", *words, "--yes"], history.system) in (1, 2)

    assert (history.git("for-each-ref"), history.git("symbolic-ref", "-q", "HEAD", check=False)) == before
    return capsys.readouterr().err


def tip(history: History, ref: str = "topic") -> str:
    return history.git("rev-parse", ref)


def content(history: History, commit: str) -> bytes:
    argv = ["git", "cat-file", "commit", commit]
    return subprocess.run(argv, cwd=history.root, env=history.env, capture_output=True, check=True).stdout


def own(history: History, message: str | bytes = "own\n", *parents: str, author: str = ME) -> str:
    return history.commit(message, *parents, author=author, branch="topic")


def test_the_persons_commits_get_their_line_and_what_follows_gets_other_ids(history: History) -> None:
    first = own(history, "one\n")
    signed = history.signed("two", branch="topic")
    last = own(history, "three\n\nbody\n\nCo-authored-by: AI <ai@example.org>\n")

    status, data = told(history, "repair", "--yes")

    assert status == 0
    assert [each["commit"] for each in data["signed"]] == [first, last]
    assert [each["commit"] for each in data["carried"]] == [signed]
    assert data["after"] == tip(history) == data["signed"][1]["new"]
    assert history.git("log", "--format=%B", "-1", tip(history)) == (
        f"three\n\nbody\n\nCo-authored-by: AI <ai@example.org>\n{LINE}"
    )
    assert run(["dco", "check"], history.system) == 0


def test_a_dry_run_shows_the_ids_that_come_and_changes_nothing(history: History) -> None:
    own(history, "one\n")
    before = history.git("for-each-ref"), history.git("count-objects", "-v")

    _, foreseen = told(history, "repair", "--dry-run")

    assert (history.git("for-each-ref"), history.git("count-objects", "-v")) == before
    _, done = told(history, "repair", "--yes")
    assert (foreseen["done"], done["done"]) == (False, True)
    assert (foreseen["after"], foreseen["signed"]) == (done["after"], done["signed"])


def test_undo_brings_the_branch_back_and_leaves_no_ref(history: History) -> None:
    before = own(history)
    refs = history.git("for-each-ref")
    _, data = told(history, "repair", "--yes")
    assert history.git("rev-parse", data["backup"]) == before

    assert run(["undo"], history.system) == 0

    assert history.git("for-each-ref") == refs


@pytest.mark.parametrize("how", ["moved", "pushed", "removed", "rebasing"])
def test_undo_refuses_where_the_world_has_moved_on(
    history: History, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    own(history)
    told(history, "repair", "--yes")
    if how == "moved":
        history.signed("later", branch="topic")
    elif how == "pushed":
        history.git("update-ref", "refs/remotes/fork/topic", "topic")
    elif how == "removed":
        history.git("update-ref", "-d", "refs/heads/topic")
    else:
        (history.root / ".git/rebase-merge").mkdir()
    refs = history.git("for-each-ref")

    assert run(["undo"], history.system) == 1

    assert "nothing was undone" in capsys.readouterr().err
    assert history.git("for-each-ref") == refs


def test_a_dirty_work_tree_and_index_are_not_touched(history: History) -> None:
    history.commit("files\n", files={"a": "1\n", "b": "1\n"}, branch="topic")
    history.git("reset", "-q", "--hard")
    (history.root / "a").write_text("staged\n")
    history.git("add", "a")
    (history.root / "b").write_text("dirty\n")
    (history.root / "c").write_text("new\n")
    index, status = (history.root / ".git/index").read_bytes(), history.git("status", "--porcelain")

    told(history, "repair", "--yes")

    assert (history.root / ".git/index").read_bytes() == index
    assert history.git("status", "--porcelain") == status == "M  a\n M b\n?? c"


def test_nothing_is_signed_for_others_and_what_to_send_them_is_said(history: History) -> None:
    theirs = own(history, "theirs\n", author=OTHER)
    own(history)

    status, data = told(history, "repair", "--yes")

    assert status == 1
    assert [each["commit"] for each in data["left"]] == [theirs]
    assert data["requests"][0]["text"] == f"nobody can sign for somebody else; send this to {OTHER}:"
    assert f"  {theirs[:10]} theirs" in data["requests"][0]["lines"]
    assert content(history, "topic~1") == content(history, theirs)


def test_where_the_base_allows_it_a_remediation_commit_signs_for_others_by_their_new_ids(
    history: History,
) -> None:
    base = history.commit(f"allow\n\n{LINE}\n", files={".github/dco.yml": BOTH})
    own(history, "own\n", base)
    own(history, "theirs\n", author=OTHER)

    status, data = told(history, "repair", "--yes", "--range", "main..HEAD")

    theirs = history.git("rev-parse", "topic~1")
    said = f"On behalf of {OTHER}, I, {ME}, hereby add my Signed-off-by to this commit: {theirs}"
    assert status == 0
    assert history.git("log", "-1", "--format=%B", "topic").split("\n") == [
        "Third-Party DCO Remediation Commit",
        "",
        said,
        "",
        LINE,
    ]
    assert data["remediation"].split("\n")[2] == said
    assert run(["dco", "check", "--range", "main..HEAD"], history.system) == 0
    assert history.git("rev-parse", "topic^{tree}") == history.git("rev-parse", "topic~1^{tree}")


def test_a_remediation_commit_that_names_an_id_which_would_change_is_in_the_way(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    base = history.commit(f"allow\n\n{LINE}\n", files={".github/dco.yml": INDIVIDUAL})
    own(history, "own\n", base)
    theirs = own(history, "theirs\n", author=OTHER)
    sentence = f"I, {OTHER}, hereby add my Signed-off-by to this commit: {theirs}"
    own(history, f"remedy\n\n{sentence}\n\nSigned-off-by: {OTHER}\n", author=OTHER)

    said = refused(history, capsys, "repair", "--range", "main..HEAD")

    assert f"a remediation commit of this range signs {theirs[:10]} off by its id" in said


def test_signatures_that_are_lost_are_named_and_need_consent(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    unsigned = own(history)
    raw = content(history, unsigned).replace(b"\n\n", b"\n" + SIGNATURE.encode() + b"\n", 1)
    signed = history.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)
    history.git("update-ref", "refs/heads/topic", signed)

    assert f"1 commit would lose the cryptographic signature: {signed[:10]}" in refused(
        history, capsys, "repair"
    )

    history.console.interactive, history.console.answers = True, [False]
    assert run(["dco", "repair", "--yes"], history.system) == 1
    history.console.answers = [False, True]
    assert run(["dco", "repair", "--yes"], history.system) == 0
    assert b"gpgsig" not in content(history, "topic")
    assert [signed[:10] in each for each in history.console.questions] == [True, True]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("pushed", "some of these commits are pushed: `fork/topic` has them"),
        ("branch", "`second` has some of these commits too"),
        ("tag", "`v1` has some of these commits too"),
        ("protected", "`main` is a branch that people share"),
        ("default", "`topic` is a branch that people share"),
    ],
)
def test_what_others_have_is_rewritten_only_by_force(
    history: History, capsys: pytest.CaptureFixture[str], how: str, said: str
) -> None:
    commit = own(history)
    where = ["--range", "HEAD~1..HEAD"]
    if how == "pushed":
        history.git("update-ref", "refs/remotes/fork/topic", commit)
    elif how in ("branch", "tag"):
        history.git(*{"branch": ["branch", "second"], "tag": ["tag", "v1"]}[how], commit)
    elif how == "protected":
        history.git("update-ref", "refs/heads/main", commit)
        history.git("symbolic-ref", "HEAD", "refs/heads/main")
        history.git("update-ref", "-d", "refs/heads/topic")
    else:
        history.git("update-ref", "refs/remotes/fork/topic", "main")
        history.git("symbolic-ref", "refs/remotes/fork/HEAD", "refs/remotes/fork/topic")

    assert said in refused(history, capsys, "repair", *where)

    assert run(["dco", "repair", "--yes", "--force", *where], history.system) == 0


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("rebase-merge/", "a rebase"),
        ("rebase-apply/", "a rebase or `git am`"),
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
    ],
)
def test_in_the_middle_of_something_it_refuses_and_force_does_not_help(
    history: History, capsys: pytest.CaptureFixture[str], mark: str, said: str
) -> None:
    own(history)
    path = history.root / ".git" / mark
    if mark.endswith("/"):
        path.mkdir()
    else:
        path.write_text(f"{tip(history)}\n")

    assert f"nothing was changed: git is in the middle of {said}\n" in refused(
        history, capsys, "repair", "--force"
    )


def test_a_branch_that_another_work_tree_has_too_and_a_detached_head_are_refused(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    own(history)
    history.git("worktree", "add", "-q", "-f", "../second", "topic")
    assert "`topic` is checked out in `" in refused(history, capsys, "repair", "--force")
    history.git("worktree", "remove", "../second")
    history.git("reset", "-q", "--hard")
    history.git("checkout", "-q", "--detach")

    assert "HEAD is detached" in refused(history, capsys, "repair", "--range", "main..HEAD")
    assert "HEAD is detached" in refused(history, capsys, "sign")


def test_without_a_terminal_or_consent_nothing_changes(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    before = own(history)

    assert run(["dco", "repair"], history.system) == 1
    assert "`--yes` was not given" in capsys.readouterr().err
    history.console.interactive, history.console.answers = True, [False]
    assert run(["dco", "repair"], history.system) == 1

    assert history.console.questions == ["sign 1 commit on `topic`?"]
    assert any(f"  + {LINE}" in note for note in history.console.notes)
    assert tip(history) == before


def test_a_branch_that_moves_meanwhile_is_left_alone(
    history: History, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own(history)
    (tmp_path / "bin").mkdir()
    git = tmp_path / "bin/git"
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout
    # Moves the branch just before devtool does.
    git.write_text(
        f'#!/bin/sh\ngit={real.strip()}\ncase " $* " in *" update-ref -m "*)\n'
        f'"$git" -C {history.root} update-ref refs/heads/topic main;;\nesac\nexec "$git" "$@"\n'
    )
    git.chmod(0o755)
    history.extra["PATH"] = f"{tmp_path / 'bin'}:{history.env['PATH']}"

    assert run(["dco", "repair", "--yes"], history.system) == 1

    assert "git did not move the branch" in capsys.readouterr().err
    assert tip(history) == tip(history, "main")


def test_where_all_is_pushed_already_the_wider_range_is_named(history: History) -> None:
    status, data = told(history, "repair")

    assert (status, data["done"], data["signed"]) == (0, False, [])
    assert data["notes"] == ["`--range BASE..HEAD` looks at all that a pull request to BASE would carry"]


def test_sign_changes_the_newest_commit_alone_and_nothing_the_second_time(history: History) -> None:
    below = own(history)
    own(history, "newest\n")

    first, data = told(history, "sign", "--yes")
    second, again = told(history, "sign", "--yes")

    assert (first, second) == (0, 0)
    assert (data["done"], again["done"], again["signed"]) == (True, False, [])
    assert history.git("rev-parse", "topic~1") == below
    assert history.git("log", "-1", "--format=%B", "topic") == f"newest\n\n{LINE}"


def test_sign_does_not_sign_for_somebody_else_and_signs_a_merge(history: History) -> None:
    theirs = own(history, author=OTHER)
    assert run(["dco", "sign", "--yes"], history.system) == 1
    assert tip(history) == theirs
    own(history, "merge\n", theirs, tip(history, "main"))

    assert run(["dco", "sign", "--yes"], history.system) == 0

    assert history.git("log", "-1", "--format=%P", "topic").split() == [theirs, tip(history, "main")]
    assert history.git("log", "-1", "--format=%B", "topic") == f"merge\n\n{LINE}"


@pytest.mark.parametrize("given", ["HEAD~1..HEAD", "$(id)..HEAD"])
def test_what_is_sent_to_others_can_be_pasted_whatever_the_branches_are_called(
    history: History, given: str
) -> None:
    history.git("branch", "$(id)", "topic")
    base = tip(history)
    history.git("branch", "-m", "topic", "a;`id`")
    history.commit("theirs\n", author=OTHER, branch="a;`id`")

    _, data = told(history, "repair", "--dry-run", "--range", given)

    named = f"{base}..HEAD" if given.startswith("HEAD") else "'$(id)..HEAD'"
    assert data["requests"][0]["lines"][-1] == (
        f"If you agree to it: `git switch 'a;`id`'`, then `devtool dco repair --range {named}`, then push."
    )


def test_the_work_tree_in_the_way_is_named_so_that_it_can_be_pasted(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    own(history)
    history.git("worktree", "add", "-q", "-f", "../se cond;", "topic")

    said = refused(history, capsys, "repair", "--force")

    assert re.search(r"`git -C '/[^']*/se cond;' switch --detach`", said)


def test_in_a_submodule_its_own_branch_is_repaired(history: History) -> None:
    above = History(history.root.parent / "above")
    allowed = ("-c", "protocol.file.allow=always")
    above.git(*allowed, "submodule", "--quiet", "add", "-b", "main", f"file://{history.root}", "below")
    below = History(above.root / "below")
    below.git("checkout", "-q", "-b", "work")
    commit = below.commit("in the submodule\n", branch="work")

    assert run(["dco", "sign", "--yes"], below.system) == 0

    assert below.git("rev-parse", "work~1") == tip(history, "main")
    assert below.git("rev-parse", "work") != commit


def test_in_a_work_tree_its_own_branch_is_repaired(history: History) -> None:
    own(history)
    history.git("worktree", "add", "-q", "-b", "second", "../second", "main")
    other = History(history.root.parent / "second")
    commit = history.commit("in the other\n", branch="second")

    assert run(["dco", "sign", "--yes"], other.system) == 0

    assert history.git("rev-parse", "second~1") == tip(history, "main")
    assert history.git("rev-parse", "second") != commit


def test_a_repository_whose_objects_have_long_ids_is_repaired_too(home: str) -> None:
    root = Path(home) / "long"
    root.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "topic", "--object-format=sha256", str(root)], check=True)
    history = History(root)
    base = history.commit(f"base\n\n{LINE}\n", branch="topic")
    own(history)

    status, data = told(history, "repair", "--yes", "--range", f"{base}..HEAD")

    assert (status, len(data["after"])) == (0, 64)
    assert run(["dco", "check", "--range", f"{base}..HEAD"], history.system) == 0


def test_a_replaced_commit_is_rewritten_as_it_is_pushed(history: History) -> None:
    commit = own(history)
    replacement = history.commit("other\n", tip(history, "main"), branch="scratch")
    history.git("update-ref", "-d", "refs/heads/scratch")
    history.git("replace", commit, replacement)

    told(history, "repair", "--yes", "--force")

    assert history.git("log", "-1", "--format=%s", "topic") == "own"


def test_killed_before_any_change_the_branch_is_old_or_new_and_undo_works(tmp_path: Path) -> None:
    def fresh(number: int) -> History:
        made = History(tmp_path / str(number) / "repository")
        made.git("symbolic-ref", "HEAD", "refs/heads/topic")
        base = made.signed("base", branch="topic")
        made.git("update-ref", "refs/heads/base", base)
        for name in ("one\n", "two\n"):
            own(made, name)
        return made

    words = ["dco", "repair", "--yes", "--range", "base..HEAD"]
    whole = fresh(0)
    old = tip(whole)
    assert run(words, whole.system) == 0
    new = tip(whole)
    seen = set()

    for moment in count(1):
        history = fresh(moment)
        if not killed_at(moment, lambda history=history: run(words, history.system)):
            break
        present = tip(history)
        seen.add(present)
        assert present in (old, new)
        assert run(["dco", "check", "--range", "base..HEAD"], history.system) == (0 if present == new else 1)
        if any(fix.entries for fix in Journal(history.system).all()):
            assert run(["undo"], history.system) == 0
            assert tip(history) == old
            assert "refs/devtool" not in history.git("for-each-ref")

    assert seen == {old, new}


def test_killed_at_any_time_the_branch_is_old_or_new(history: History) -> None:
    base = tip(history)
    for number in range(300):
        own(history, f"{number}\n") if number < 3 else history.git("commit", "-q", "--allow-empty", "-m", "x")
    old = tip(history)
    words = [sys.executable, "-m", "devtool", "-C", str(history.root), "dco", "repair"]
    words += ["--yes", "--range", f"{base}..HEAD"]
    _, foreseen = told(history, "repair", "--dry-run", "--range", f"{base}..HEAD")
    started = time.monotonic()
    subprocess.run(words, env=history.env, check=True, capture_output=True, cwd="/")
    whole = time.monotonic() - started
    seen = [tip(history)]

    for number in range(25):
        history.git("update-ref", "refs/heads/topic", old)
        child = subprocess.Popen(
            words, env=history.env, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (0.3 + number / 30))
        child.kill()
        child.wait()
        # The git that it had started, if any, may still be at it.
        time.sleep(0.1)
        seen.append(tip(history))
        assert not (history.root / ".git/refs/heads/topic.lock").exists()

    assert set(seen) == {old, foreseen["after"]}


SUBJECTS = st.sampled_from(["fix: a", "ü ✓", "", "a\nb", "Signed-off-by", "x" * 300])
TAILS = st.lists(
    st.sampled_from(
        [
            "", "", "body", "Co-authored-by: AI <ai@example.org>", f"Signed-off-by: {OTHER}", "# comment",
            "Conflicts:", "\tfile", "---", "note: x", "  ", " goes on", "Fixes: #3", "line\r", "- list",
            "# ------------------------ >8 ------------------------", f" Signed-off-by: {ME}",
            "(cherry picked from commit 1234567890123456789012345678901234567890)",
        ]
    ),
    max_size=7,
)  # fmt: skip
ENDS = st.sampled_from(["\n", "", "\n\n", "\r\n"])
AUTHORS = st.sampled_from([ME, ME, ME.replace("zoe@", "Zoe@"), OTHER, "Zoë <zoe@example.org>"])
ENCODINGS = st.sampled_from(["", "", "ISO-8859-1"])
HEADERS = st.sampled_from(
    ["", "", SIGNATURE, "HG:extra one\n goes on\n", "mergetag object 0\n type commit\n"]
)
COMMITS = st.lists(
    st.tuples(SUBJECTS, TAILS, ENDS, AUTHORS, ENCODINGS, HEADERS, st.integers(0, 5), st.integers(0, 3)),
    min_size=1,
    max_size=7,
)


@pytest.mark.timeout(900)
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commits=COMMITS)
def test_but_for_the_added_lines_every_byte_of_every_commit_stays(
    tmp_path_factory: pytest.TempPathFactory, commits: list[Any]
) -> None:
    history = History(tmp_path_factory.mktemp("history") / "repository")
    history.git("symbolic-ref", "HEAD", "refs/heads/topic")
    made = write(history, commits)
    before = {each: content(history, each) for each in made}

    status, data = told(history, "repair", "--yes", "--force", "--range", f"{made[0]}..HEAD")

    assert status == (1 if data["left"] else 0)
    new_ids = {each["commit"]: each["new"] for each in (*data["signed"], *data["carried"])}
    lines = {each["commit"] for each in data["signed"]}
    for old, raw in before.items():
        was, now = parse_commit(raw), parse_commit(content(history, new_ids.get(old, old)))
        assert now.parents == tuple(new_ids.get(each, each) for each in was.parents)
        kept = [h for h in was.headers if not h.startswith(b"parent ") and not h.startswith(b"gpgsig ")]
        if old not in new_ids:
            assert was == now
            continue
        assert [h for h in now.headers if not h.startswith(b"parent ")] == kept
        assert not now.is_signed
        if old not in lines:
            assert now.message == was.message
            continue
        line = was.sign_off + b"\n"
        start = now.message.rindex(line)
        head, tail = now.message[:start], now.message[start + len(line) :]
        assert was.message.endswith(tail)
        kept_head = was.message.removesuffix(tail) if tail else was.message
        assert re.fullmatch(re.escape(kept_head) + rb"\n{0,2}", head)
    assert history.git("rev-list", "--count", "topic") == str(len(set(before)))


def write(history: History, commits: list[Any]) -> list[str]:
    """A signed root and these commits on it, the last reaching all; their ids."""
    made = [history.signed("root", branch="topic")]
    for number, (subject, tail, end, author, encoding, header, first, more) in enumerate(commits):
        text = "\n".join([subject, *tail]) + end
        parents = [made[max(0, len(made) - 1 - first)]]
        parents += [each for each in made[-more:] if more and each not in parents]
        if number == len(commits) - 1:
            reached = set(history.git("rev-list", *parents).split())
            parents += [each for each in reversed(made) if each not in reached and each not in parents]
        codec = encoding or "utf-8"
        raw = (
            f"tree {history.git('mktree')}\n"
            + "".join(f"parent {each}\n" for each in parents)
            + f"author {author} {1700000000 + number} +0130\ncommitter {OTHER} {1700000001 + number} -0200\n"
            + (f"encoding {encoding}\n" if encoding else "")
            + header
            + f"\n{text}"
        ).encode(codec, "replace")
        commit = history.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw)
        made.append(commit)
    history.git("update-ref", "refs/heads/topic", made[-1])
    return list(dict.fromkeys(made))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tail=TAILS, subject=st.sampled_from(["fix: a", "ü ✓"]))
def test_the_line_goes_where_git_itself_puts_a_trailer(
    tmp_path_factory: pytest.TempPathFactory, subject: str, tail: list[str]
) -> None:
    root = tmp_path_factory.getbasetemp() / "placing"
    history = History(root)
    message = ("\n".join([subject, *tail]) + "\n").encode()
    parse = ["git", "interpret-trailers", "--no-divider"]

    def git(*more: str) -> bytes:
        return subprocess.run(
            [*parse, *more], cwd=root, env=history.env, input=message, capture_output=True, check=True
        ).stdout

    commit = history.commit(message, branch="placing")
    below = bool(history.git("log", "-1", "--format=%(trailers)", commit))
    ours = with_trailer(message, LINE.encode(), below_trailers=below)

    theirs = git("--where", "end", "--if-exists", "add", "--trailer", LINE)
    added = len(LINE.encode()) + 1
    start = theirs.rindex(LINE.encode() + b"\n")
    head, rest = theirs[:start], theirs[start + added :]
    if message in (head + rest, head[:-1] + rest):  # else git changes more than it adds
        assert ours == theirs
    assert len(ours) - len(message) in (added, added + 1)
