"""`devtool pr` on real repositories: what is found, and that nothing of them is touched."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from devtool.cli import run
from devtool.errors import InputError
from devtool.workflows.submitting.checking import Request, check_pull_request
from tests.support.histories import ME, OTHER, History

pytestmark = pytest.mark.real

MERGIFY = """\
misc:
  - branch: &BRANCHES
      - base=main
      - base~=^2(\\.\\d+){1,2}$
pull_request_rules:
  - name: needs-dco
    conditions:
      - or: *BRANCHES
      - -status-success=DCO
    actions: {label: {add: [needs-dco]}}
  - name: missing issue
    conditions:
      - or: *BRANCHES
      - -body~=\\#[0-9]{1,6}(\\s+|$)
      - or:
          - and: [label=kind/enhancement, {or: [label=size/L, label=size/XL]}]
          - label=kind/bug
      - -title~=\\[automated\\]
    actions: {label: {add: [do-not-merge/missing-related-issue]}}
  - name: missing master
    conditions:
      - base~=^2(\\.\\d+){1,2}$
      - -body~=pr\\:\\ \\#[0-9]{1,6}(\\s+|$)
      - -label=kind/branch-feature
    actions: {label: {add: [do-not-merge/missing-related-pr]}}
  - name: title
    conditions:
      - or: *BRANCHES
      - or:
          - '-title~=^(feat:|enhance:|fix:|test:|build\\(deps\\):)'
          - body=^$
    actions: {label: {add: [do-not-merge/invalid-pr-format]}}
  - name: bug
    conditions: ['title~=^fix:']
    actions: {label: {add: [kind/bug]}}
  - name: enhancement
    conditions: ['title~=^enhance:']
    actions: {label: {add: [kind/enhancement]}}
  - name: no vendored code
    conditions: ['files~=^vendor/', or: *BRANCHES]
    actions: {label: {add: [do-not-merge/vendored]}}
"""
GO_MOD = "module github.com/milvus-io/milvus\n"


class Branch(History):
    """A repository with a work tree, a remote's `main`, and a branch of this person."""

    def write(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                self.git("rm", "-q", "--", name)
            else:
                path.write_text(text)
                self.git("add", "--", name)

    def make(self, message: str, files: dict[str, str | None]) -> str:
        """Commit these files on the branch that is checked out, signed off."""
        self.write(files)
        self.git("commit", "-q", "--allow-empty", "-s", "-m", message)
        return self.git("rev-parse", "HEAD")

    def publish(self, branch: str = "main", revision: str = "HEAD") -> None:
        """As if the remote had it, and its default branch were `main`."""
        self.git("update-ref", f"refs/remotes/origin/{branch}", revision)
        self.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")

    def told(self, *words: str) -> tuple[int, dict[str, Any]]:
        status = run(["pr", "check", "--format", "json", *words], self.system)
        return status, json.loads(self.console.results[-1])

    def finding(self, rule: str, *words: str) -> dict[str, Any]:
        _, data = self.told(*words)
        (found,) = [each for each in data["findings"] if each["rule"] == rule]
        return dict(found)

    def state(self) -> str:
        """Every file of the repository, its git folder included."""
        made = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            if path.is_file():
                made.update(f"{path} {stat.S_IMODE(path.stat().st_mode)}\0".encode() + path.read_bytes())
        return made.hexdigest()


@pytest.fixture
def branch(home: str) -> Branch:
    made = Branch(Path(home) / "checkout")
    made.git("config", "remote.origin.url", "https://git.example.org/project")
    made.make(
        "base",
        {".github/mergify.yml": MERGIFY, "go.mod": GO_MOD, "a.txt": "".join(f"{n}\n" for n in range(40))},
    )
    made.publish()
    made.git("checkout", "-q", "-b", "topic")
    return made


def test_a_good_branch_is_ready_and_each_rule_shows_its_line(branch: Branch) -> None:
    branch.make("fix: close it\n\nIt stayed open.\n\nissue: #4711", {"b.txt": "b\n"})

    status, data = branch.told()

    assert status == 0, data
    assert data["title"] == {"text": "fix: close it", "from": "the only commit"}
    assert data["rules_from"] == ".github/mergify.yml of origin/main"
    met = {each["rule"]: (each["severity"], each["found"], each["stated"]) for each in data["findings"]}
    line = {
        word: next(n for n, text in enumerate(MERGIFY.splitlines(), 1) if word in text)
        for word in ("-title~=^(", "-body~=\\#")
    }
    assert met["pr-title"] == ("ok", ["fix:"], {"path": ".github/mergify.yml", "line": line["-title~=^("]})
    assert met["pr-issue"] == ("ok", ["#4711"], {"path": ".github/mergify.yml", "line": line["-body~=\\#"]})
    assert met["pr-design-document"][0] == "skipped"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Fix the thing", "`fix: the thing`"),
        ("feature: more", "`feat: more`"),
        ("fix(proxy): less", "`fix: less`"),
        ("enhance : x", "`enhance: x`"),
        ("Nothing of all", "`feat: Nothing of all`"),
    ],
)
def test_a_title_of_no_known_kind_is_refused_with_one_that_would_do(
    branch: Branch, title: str, wanted: str
) -> None:
    branch.make("x\n\ntext", {"b.txt": "b\n"})

    found = branch.finding("pr-title", "--title", title)

    assert found["severity"] == "failure"
    assert found["expected"] == ["feat:", "enhance:", "fix:", "test:", "build(deps):"]
    assert found["found"] == [title]
    assert wanted in found["repair"]


@pytest.mark.parametrize(
    ("title", "lines", "severity"),
    [
        ("fix: x", 1, "failure"),
        ("enhance: x", 1, "skipped"),
        ("enhance: x", 99, "skipped"),
        ("enhance: x", 100, "failure"),
        ("test: x", 500, "skipped"),
    ],
)
def test_an_issue_is_asked_for_by_kind_and_size(
    branch: Branch, title: str, lines: int, severity: str
) -> None:
    branch.make(f"{title}\n\nsome text", {"b.txt": "b\n" * lines})

    assert branch.finding("pr-issue")["severity"] == severity


def test_an_empty_text_is_refused_though_the_rule_compares_with_two_characters(branch: Branch) -> None:
    branch.make("test: x", {"b.txt": "b\n"})
    empty = branch.root.parent / "body.md"
    empty.write_text(" \n")

    status, data = branch.told("--body", str(empty))

    assert status == 1
    assert [each["rule"] for each in data["findings"] if each["severity"] == "failure"] == ["pr-body"]


def test_the_text_of_a_pull_request_can_come_through_a_pipe(branch: Branch) -> None:
    branch.make("fix: x", {"b.txt": "b\n"})
    branch.console.typed = (b"issue: ", b"#12\r\n")

    status, data = branch.told("--body", "-")

    assert (status, data["body"]) == (0, {"text": "issue: #12\r\n", "from": "`--body`"})


def test_a_text_that_is_made_to_take_long_does_not(branch: Branch) -> None:
    branch.git("checkout", "-q", "--detach", "origin/main")
    actions = "actions: {label: {add: [do-not-merge]}}"
    slow = f"pull_request_rules:\n  - conditions: ['body~=a.*b.*c']\n    {actions}\n"
    branch.make("rules", {".github/mergify.yml": slow})
    branch.publish()
    branch.make("test: x\n\ntext", {"b.txt": "b\n"})
    branch.console.typed = (b"ab" * 40_000,)

    started = time.monotonic()
    branch.told("--body", "-")

    assert time.monotonic() - started < 20


def test_of_several_commits_neither_title_nor_text_is_known_and_that_is_no_pass(branch: Branch) -> None:
    branch.make("fix: one\n\nissue: #1", {"b.txt": "b\n"})
    branch.make("fix: two\n\nissue: #1", {"c.txt": "c\n"})

    status, data = branch.told()

    assert status == 1
    unknown = {each["rule"] for each in data["findings"] if each["severity"] == "unknown"}
    assert {"pr-title", "pr-body"} <= unknown
    assert not [each for each in data["findings"] if each["severity"] == "failure"]


def test_a_release_branch_asks_for_the_pull_request_to_the_main_one_by_the_rules_of_the_default_branch(
    branch: Branch,
) -> None:
    # The release branch has no rules of its own: Mergify reads the default branch's.
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("release", {".github/mergify.yml": None})
    branch.publish("2.6")
    branch.make("test: x\n\nsome text", {"b.txt": "b\n"})

    found = branch.finding("pr-master", "--base", "2.6")

    assert (found["severity"], found["expected"]) == ("failure", ["pr: #NUMBER"])
    assert found["stated"]["path"] == ".github/mergify.yml"
    assert found["repair"].endswith("or a maintainer labels it `kind/branch-feature`")
    branch.git("commit", "-q", "--amend", "-s", "-m", "test: x\n\npr: #77")
    assert branch.finding("pr-master", "--base", "origin/2.6")["severity"] == "ok"


def test_another_rule_of_the_project_is_told_with_its_name_and_conditions(branch: Branch) -> None:
    branch.make("test: x\n\ntext", {"vendor/a.go": "package a\n"})

    found = branch.finding("pr-project-rule")

    assert found["severity"] == "failure"
    assert found["summary"] == "no vendored code: it would be labelled `do-not-merge/vendored`"
    assert "files~=^vendor/" in found["found"]


def test_an_unsigned_commit_comes_with_the_command_that_mends_it(branch: Branch) -> None:
    branch.write({"b.txt": "b\n"})
    branch.git("commit", "-q", "-m", "test: x\n\ntext")

    found = branch.finding("pr-sign-offs")

    assert (found["severity"], found["expected"]) == ("failure", [f"Signed-off-by: {ME}"])
    assert found["commands"] == ["git commit --amend --no-edit --allow-empty --signoff"]
    assert found["stated"]["path"] == ".github/mergify.yml"


def test_commits_of_several_authors_are_left_to_each_of_them(branch: Branch) -> None:
    for number, author in enumerate((ME, OTHER)):
        branch.write({f"{number}.txt": "x\n"})
        branch.git("commit", "-q", "-m", "test: x\n\ntext", f"--author={author}")

    found = branch.finding("pr-sign-offs")

    assert [each.partition(": ")[2] for each in found["found"]] == ["x: it has no sign-off"] * 2
    assert found["commands"] == ["devtool dco check --range origin/main..HEAD"]


def test_an_enhancement_hears_by_which_size_an_issue_is_asked_for(branch: Branch) -> None:
    branch.make("enhance: x\n\ntext", {"b.txt": "b\n" * 120})

    repair = branch.finding("pr-issue")["repair"]

    assert repair.endswith("it is asked for by size, and this is size/L: 120 lines")


def test_a_branch_behind_its_base_is_a_warning_and_strict_makes_it_count(branch: Branch) -> None:
    branch.make("test: x\n\ntext", {"b.txt": "b\n"})
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("meanwhile", {"c.txt": "c\n"})
    branch.publish()
    branch.git("checkout", "-q", "topic")

    status, data = branch.told()

    assert (status, data["behind"]) == (0, 1)
    assert branch.finding("pr-up-to-date")["severity"] == "warning"
    assert branch.finding("pr-conflicts")["severity"] == "ok"
    assert branch.told("--strict")[0] == 1


def conflicting(branch: Branch, ours: dict[str, str | None], theirs: dict[str, str | None]) -> None:
    """Two sides of these changes: the branch's, and what the base has since."""
    branch.make("test: x\n\ntext", ours)
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("meanwhile", theirs)
    branch.publish()
    branch.git("checkout", "-q", "topic")


SIDES = {
    "both changed a line": ({"a.txt": "ours\n"}, {"a.txt": "theirs\n"}, ["a.txt"]),
    "both added it": ({"n.txt": "ours\n"}, {"n.txt": "theirs\n"}, ["n.txt"]),
    "changed and removed": ({"a.txt": "ours\n"}, {"a.txt": None}, ["a.txt"]),
    "removed and changed": ({"a.txt": None}, {"a.txt": "theirs\n"}, ["a.txt"]),
    "a name that git would quote": ({"ü \n.txt": "ours\n"}, {"ü \n.txt": "theirs\n"}, ["ü \n.txt"]),
    "the same change": ({"a.txt": "same\n"}, {"a.txt": "same\n"}, []),
    "removed on one side alone": ({"a.txt": None}, {"b.txt": "b\n"}, []),
    "two files": ({"x.txt": "x\n"}, {"y.txt": "y\n"}, []),
}


@pytest.mark.parametrize(("ours", "theirs", "paths"), SIDES.values(), ids=SIDES)
def test_a_merge_is_tried_without_a_trace(
    branch: Branch, ours: dict[str, str | None], theirs: dict[str, str | None], paths: list[str]
) -> None:
    conflicting(branch, ours, theirs)
    before = branch.state()

    found = branch.finding("pr-conflicts")

    assert (found["severity"], found["found"]) == ("failure" if paths else "ok", paths)
    assert branch.state() == before
    assert not list((branch.root.parent / ".cache/devtool/merges").iterdir())


@pytest.mark.parametrize(
    ("ours", "theirs", "paths"),
    [side for name, side in SIDES.items() if "quote" not in name],
    ids=[name for name in SIDES if "quote" not in name],
)
def test_a_git_without_write_tree_finds_the_same(
    branch: Branch, ours: dict[str, str | None], theirs: dict[str, str | None], paths: list[str]
) -> None:
    conflicting(branch, ours, theirs)
    older(branch)
    before = branch.state()

    found = branch.finding("pr-conflicts")

    assert (found["severity"], found["found"]) == ("failure" if paths else "ok", paths)
    assert branch.state() == before


def test_a_merge_that_cannot_be_tried_is_unknown_and_no_pass(branch: Branch) -> None:
    conflicting(branch, {"x.txt": "x\n"}, {"y.txt": "y\n"})
    (branch.root.parent / ".cache").write_text("a file where a folder should be")

    status, _ = branch.told()

    assert status == 1
    assert branch.finding("pr-conflicts")["severity"] == "unknown"


def older(branch: Branch) -> None:
    """Put a git before the real one that ends as those before 2.38 do."""
    folder = branch.root.parent / "older"
    folder.mkdir()
    real = subprocess.run(
        ["sh", "-c", "command -v git"], capture_output=True, text=True, check=True
    ).stdout.strip()
    program = folder / "git"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *--write-tree*) echo usage >&2; exit 129;; esac\nexec {real} "$@"\n'
    )
    program.chmod(0o755)
    branch.extra["PATH"] = f"{folder}:{os.environ['PATH']}"


def test_a_file_that_one_side_renamed_and_the_other_changed_merges(branch: Branch) -> None:
    text = "".join(f"{n}\n" for n in range(40))
    conflicting(branch, {"a.txt": None, "moved.txt": text}, {"a.txt": text.replace("7\n", "seven\n", 1)})

    _, data = branch.told()

    (found,) = [each for each in data["findings"] if each["rule"] == "pr-conflicts"]
    assert found["severity"] == "ok"
    assert data["changes"] == {"files": 1, "added": 0, "removed": 0}


def test_no_driver_filter_or_hook_of_the_checkout_runs(branch: Branch) -> None:
    trap = branch.root.parent / "sprung"
    branch.make("attributes", {".gitattributes": "* merge=trap filter=trap diff=trap\n"})
    branch.publish()
    conflicting(branch, {"a.txt": "ours\n"}, {"a.txt": "theirs\n"})
    for key in (
        "merge.trap.driver",
        "filter.trap.clean",
        "filter.trap.smudge",
        "diff.trap.textconv",
        "diff.trap.command",
        "diff.external",
        "core.fsmonitor",
        "core.sshCommand",
    ):
        branch.git("config", key, f"touch '{trap}'; cat")
    branch.git("config", "merge.renormalize", "true")
    for name in ("post-checkout", "pre-merge-commit", "post-index-change", "reference-transaction"):
        hook = branch.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{trap}'\n")
        hook.chmod(0o755)

    assert branch.finding("pr-conflicts")["severity"] == "failure"
    assert run(["pr", "body"], branch.system) == 0
    assert not trap.exists()


def test_an_octopus_on_the_branch_is_looked_through(branch: Branch) -> None:
    base = branch.git("rev-parse", "HEAD")
    sides = []
    for name in ("one", "two", "three"):
        branch.git("checkout", "-q", "--detach", base)
        sides.append(branch.make(f"test: {name}\n\ntext", {f"{name}.txt": "x\n"}))
    branch.git("checkout", "-q", "topic")
    branch.git("merge", "-q", "--no-ff", "-m", "octopus", *sides)

    _, data = branch.told("--title", "test: x")

    assert len(data["commits"]) == 3
    assert data["changes"]["files"] == 3
    assert branch.finding("pr-sign-offs")["severity"] == "ok"


def test_a_shallow_clone_is_no_verdict_and_the_command_that_mends_it_does(
    branch: Branch, tmp_path: Path
) -> None:
    for number in range(4):
        branch.make(f"test: {number}\n\ntext", {"b.txt": f"{number}\n"})
    branch.git("branch", "-f", "main", "origin/main")
    shallow = Branch(tmp_path / "shallow")
    shallow.git("remote", "add", "origin", f"file://{branch.root}")
    shallow.git("fetch", "-q", "--depth=2", "origin", "+refs/heads/*:refs/remotes/origin/*")
    shallow.git("checkout", "-q", "-b", "topic", "origin/topic", "--no-track")

    with pytest.raises(InputError, match="this clone is shallow: it is cut off at") as raised:
        check_pull_request(shallow.system, Request(base="main"))
    assert run(["pr", "check", "--base", "main"], shallow.system) == 2
    assert raised.value.hint is not None
    shallow.shell(raised.value.hint.split("`")[1])

    assert len(shallow.told("--base", "main", "--title", "test: x")[1]["commits"]) == 4


def test_a_base_that_is_not_here_is_named_with_its_fetch(branch: Branch) -> None:
    with pytest.raises(InputError, match=r"there is no branch `2\.5` here") as raised:
        check_pull_request(branch.system, Request(base="2.5"))

    assert raised.value.hint is not None
    assert (
        "`git fetch --no-tags origin +refs/heads/2.5:refs/remotes/origin/2.5` brings it" in raised.value.hint
    )


def test_a_repository_without_a_commit_and_a_machine_without_git_are_named(tmp_path: Path) -> None:
    empty = Branch(tmp_path / "empty")

    with pytest.raises(InputError, match="has no commit yet"):
        check_pull_request(empty.system, Request(base="main"))
    empty.extra["PATH"] = str(tmp_path)
    with pytest.raises(InputError, match="`git` is not on PATH"):
        check_pull_request(empty.system, Request(base="main"))


def test_a_partial_clone_is_no_verdict_and_the_command_that_mends_it_does(
    branch: Branch, tmp_path: Path
) -> None:
    branch.make("test: x\n\ntext", {"b.txt": "b\n"})
    branch.git("config", "uploadpack.allowFilter", "true")
    branch.git("branch", "-f", "main", "origin/main")
    branch.git(
        "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{branch.root}", str(tmp_path / "part")
    )
    part = Branch(tmp_path / "part")

    with pytest.raises(InputError, match="cannot read what the branch changes") as raised:
        check_pull_request(part.system, Request(base="main"))
    assert raised.value.hint is not None
    part.shell(raised.value.hint.split("`")[1])

    assert part.told("--base", "main")[1]["changes"]["files"] == 1


def test_the_projects_own_remote_stands_before_a_persons_copy(branch: Branch) -> None:
    branch.git("remote", "add", "upstream", "https://git.example.org/upstream")
    branch.git("update-ref", "refs/remotes/upstream/main", "main")
    branch.git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    branch.git("branch", "-q", "--set-upstream-to=origin/main")
    branch.make("test: x\n\ntext", {"b.txt": "b\n"})

    _, data = branch.told()

    assert data["base"]["branch"] == "upstream/main"
    assert data["base"]["why"] == "this branch tracks `origin/main`"


def test_names_and_messages_in_no_known_encoding_are_shown_in_every_form(branch: Branch) -> None:
    name = os.fsdecode(b"caf\xe9.pb.go")
    branch.make("test: x\n\ntext", {name: "package a\n"})

    for form in ("text", "json", "junit", "sarif", "github"):
        assert run(["pr", "check", "--format", form], branch.system) == 1
        branch.console.results[-1].encode("utf-8")
    assert branch.finding("pr-generated-files")["path"] == "caf\\xe9.pb.go"


def test_in_ci_a_head_that_is_not_here_comes_with_its_fetch(branch: Branch, tmp_path: Path) -> None:
    base = branch.git("rev-parse", "origin/main")
    head = branch.make("test: x\n\ntext", {"b.txt": "b\n"})
    branch.git("branch", "-f", "main", "origin/main")
    branch.git("config", "uploadpack.allowAnySHA1InWant", "true")
    runner = Branch(tmp_path / "runner")
    runner.git("remote", "add", "origin", f"file://{branch.root}")
    runner.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    runner.git("checkout", "-q", "--detach", "origin/main")
    event = tmp_path / "event.json"
    ends = {"base": {"ref": "main", "sha": base}, "head": {"sha": head}}
    event.write_text(json.dumps({"pull_request": {"title": "test: x", "body": "text", **ends}}))
    runner.extra.update(GITHUB_ACTIONS="true", GITHUB_EVENT_PATH=str(event))

    with pytest.raises(InputError, match="the head of the pull request is not here") as raised:
        check_pull_request(runner.system, Request())
    assert raised.value.hint is not None
    runner.shell(raised.value.hint.split("`")[1])

    assert runner.told()[0] == 0


def test_histories_without_a_common_commit_are_refused(branch: Branch) -> None:
    branch.git("checkout", "-q", "--orphan", "island")
    branch.make("test: x\n\ntext", {"b.txt": "b\n"})

    with pytest.raises(InputError, match="`origin/main` and this branch have no commit in common"):
        check_pull_request(branch.system, Request())


def test_a_branch_without_a_commit_of_its_own_is_not_ready(branch: Branch) -> None:
    status, data = branch.told("--title", "test: x")

    assert status == 1
    assert (
        branch.finding("pr-size", "--title", "test: x")["summary"] == "it has no commit that the base has not"
    )
    assert data["commits"] == []


GENERATED = "// Code generated by mockery v2.53.3. DO NOT EDIT.\n\npackage mocks\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({"pkg/proto/a.pb.go": "package a\n"}, "failure"),
        ({"pkg/proto/a.pb.go": "package a\n", "pkg/proto/a.proto": "a\n"}, "ok"),
        ({"internal/mocks/mock_a.go": GENERATED}, "failure"),
        ({"internal/mocks/mock_a.go": GENERATED, "internal/a_test.go": "package a\n"}, "failure"),
        ({"internal/mocks/mock_a.go": GENERATED, "internal/a.go": "package a\n"}, "ok"),
        ({"internal/mocks/mock_a.go": "package mocks\n"}, "ok"),
        ({"go.mod": f"{GO_MOD}\n"}, "ok"),
    ],
)
def test_a_generated_file_comes_with_what_it_is_made_from(
    branch: Branch, files: dict[str, str | None], severity: str
) -> None:
    branch.make("test: x\n\ntext", files)

    assert branch.finding("pr-generated-files")["severity"] == severity


def test_large_files_large_changes_and_nobodys_mail_are_warnings(branch: Branch) -> None:
    branch.git("config", "user.email", "me@laptop.local")
    branch.make("test: x\n\ntext", {"b.bin": "b\0" * 1_000_000, "c.txt": "c\n" * 1200})

    _, data = branch.told()

    warned = {each["rule"]: each for each in data["findings"] if each["severity"] == "warning"}
    assert set(warned) == {"pr-large-files", "pr-size", "pr-author-mail"}
    assert warned["pr-large-files"]["found"] == ["b.bin: 1.9 MiB"]
    assert "size/XXL" in warned["pr-size"]["summary"]


def test_a_project_states_its_rules_in_its_own_file(branch: Branch) -> None:
    branch.git("checkout", "-q", "--detach", "origin/main")
    own = "\n".join(
        [
            "[[pull_request.rules]]",
            'id = "pr-issue"',
            """refuse = ["title~=^fix:", '-body~=JIRA-[0-9]+']""",
            "[pull_request]",
            'off = ["pr-sign-offs"]',
        ]
    )
    branch.make("own rules", {"devtool.toml": own, ".github/mergify.yml": None})
    branch.publish()
    branch.write({"b.txt": "b\n"})
    branch.git("commit", "-q", "-m", "fix: x\n\ntext")

    status, data = branch.told()

    found = {each["rule"]: each for each in data["findings"]}
    assert status == 1
    assert found["pr-issue"]["severity"] == "failure"
    assert found["pr-issue"]["stated"] == {"path": "devtool.toml", "line": 3}
    assert "pr-sign-offs" not in found


def test_a_pull_request_cannot_take_its_own_rules_away(branch: Branch) -> None:
    branch.make("nothing at all", {".github/mergify.yml": "pull_request_rules: []\n"})

    assert branch.finding("pr-title")["severity"] == "failure"


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "pull_request_rules: 7\n",
        "x: &a [*a]\npull_request_rules:\n  - conditions: *a\n    actions: {label: {add: [l]}}\n",
        "[" * 3000,
    ],
    ids=["broken", "no list", "endless", "deep"],
)
def test_rules_that_cannot_be_read_are_bad_input(branch: Branch, text: str) -> None:
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("rules", {".github/mergify.yml": text})
    branch.publish()

    with pytest.raises(InputError, match=r"mergify\.yml"):
        check_pull_request(branch.system, Request(title="test: x"))


def test_a_broken_file_of_a_branch_that_mergify_does_not_read_leaves_the_rules_of_the_profile(
    branch: Branch,
) -> None:
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("rules", {".github/mergify.yml": "pull_request_rules:\n  - *nowhere\n"})
    branch.git("update-ref", "refs/remotes/origin/2.5", "HEAD")
    branch.git("update-ref", "--no-deref", "-d", "refs/remotes/origin/main")
    branch.make("fix: x\n\nissue: #1", {"b.txt": "b\n"})

    _, data = branch.told("--base", "2.5")

    assert data["rules_from"] == "milvus.toml"
    assert "found undefined alias 'nowhere'" in data["notes"][0]
    assert branch.finding("pr-master", "--base", "2.5")["severity"] == "failure"


def test_in_ci_title_text_labels_and_base_come_from_the_event(branch: Branch) -> None:
    head = branch.make("nothing of this counts", {"b.txt": "b\n"})
    event = branch.root.parent / "event.json"
    pull = {"title": "fix: x", "body": None, "labels": [{"name": "size/XS"}], "number": 3}
    ends = {"base": {"ref": "main", "sha": branch.git("rev-parse", "origin/main")}, "head": {"sha": head}}
    event.write_text(json.dumps({"pull_request": {**pull, **ends}}))
    branch.extra.update(GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="pull_request", GITHUB_EVENT_PATH=str(event))

    status, data = branch.told()

    assert status == 1
    assert data["base"]["why"] == "GitHub Actions, pull request"
    assert data["title"]["from"] == "GitHub Actions, pull request"
    assert {each["rule"] for each in data["findings"] if each["severity"] == "failure"} == {
        "pr-body",
        "pr-issue",
    }


def test_the_text_to_fill_in_passes_when_all_is_known(branch: Branch) -> None:
    branch.git("checkout", "-q", "-b", "fix/issue-4711-close")
    branch.make("fix: one", {"b.go": "package b\n"})
    branch.make("fix: two", {"c.go": "package c\n"})

    assert run(["pr", "body", "--write", "../body.md"], branch.system) == 0

    text = (branch.root.parent / "body.md").read_text()
    assert text.startswith("issue: #4711\n\n## What changes\n")
    assert "- [ ] `make test-go`\n" in text
    assert branch.told("--title", "fix: both", "--body", "../body.md")[0] == 0
    assert run(["pr", "body", "--write", "../body.md"], branch.system) == 1


def test_what_is_not_known_stays_missing_in_the_text(branch: Branch) -> None:
    branch.make("fix: one", {"b.go": "package b\n"})
    assert run(["pr", "body"], branch.system) == 0
    body = branch.root.parent / "body.md"
    body.write_text(branch.console.results[-1])

    assert branch.finding("pr-issue", "--body", str(body))["severity"] == "failure"


def test_a_cherry_pick_names_the_pull_request_that_it_was(branch: Branch) -> None:
    branch.publish("2.6")
    branch.make("fix: close it (#812)\n\nissue: #811", {"b.txt": "b\n"})

    assert run(["pr", "body", "--base", "2.6"], branch.system) == 0

    assert branch.console.results[-1].startswith("issue: #811\n\npr: #812\n")


def test_the_template_of_the_base_is_filled_and_nothing_of_it_lost(branch: Branch) -> None:
    template = (
        "<!-- be kind -->\n## Related issue\n\nFixes #\n\n## What changed\n\n## Tests\n\n- [ ] I ran them\n"
    )
    branch.git("checkout", "-q", "--detach", "origin/main")
    branch.make("template", {".github/PULL_REQUEST_TEMPLATE.md": template})
    branch.publish()
    branch.make("fix: one\n\nIt stayed open.\n\nissue: #5", {"b.go": "package b\n"})

    assert run(["pr", "body"], branch.system) == 0

    assert branch.console.results[-1] == (
        "<!-- be kind -->\n## Related issue\n\nFixes #5\n\n## What changed\n\nIt stayed open.\n\n"
        "## Tests\n\n- [ ] `make test-go`\n\n- [ ] I ran them"
    )
