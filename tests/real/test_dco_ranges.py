"""The range that a check finds by itself, and the commands that bring what is missing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from devtool.errors import InputError
from devtool.model.dco import SignOffReport
from devtool.workflows.signing.checking import Request, check
from tests.support.histories import ME, OTHER, History

pytestmark = pytest.mark.real


@pytest.fixture
def upstream(home: str) -> History:
    """The project: five signed commits on main, a pull request of two, the second of which is not signed."""
    made = History(Path(home) / "upstream")
    for number in range(5):
        made.signed(f"main {number}")
    made.signed("change", made.git("rev-parse", "main~2"), branch="fix")
    made.commit("unsigned", branch="fix")
    made.git("update-ref", "refs/pull/7/head", "fix")
    made.commit(
        "merge of the pull request",
        made.git("rev-parse", "main"),
        made.git("rev-parse", "fix"),
        branch="merged",
    )
    made.git("update-ref", "refs/pull/7/merge", "refs/heads/merged")
    made.git("update-ref", "-d", "refs/heads/merged")
    return made


@pytest.fixture
def clone(upstream: History) -> History:
    upstream.git("clone", "-q", f"file://{upstream.root}", str(upstream.root.parent / "clone"))
    return History(upstream.root.parent / "clone")


def shallow(upstream: History, ref: str, depth: int = 1) -> History:
    """What a CI service checks out."""
    root = upstream.root.parent / "ci"
    made = History(root)
    made.git("remote", "add", "origin", f"file://{upstream.root}")
    made.git("fetch", "-q", "--no-tags", f"--depth={depth}", "origin", f"+{ref}:refs/remotes/ci/head")
    made.git("checkout", "-q", "--detach", "refs/remotes/ci/head")
    return made


def event(history: History, name: str, content: object) -> None:
    path = history.root.parent / "event.json"
    path.write_text(json.dumps(content))
    history.extra = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path)}


def refused(history: History, request: Request | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        check(history.system, request or Request())
    assert caught.value.exit_status == 2
    return caught.value


def mended(history: History, request: Request | None = None) -> tuple[SignOffReport, InputError]:
    """The report after the command of the refusal was run."""
    error = refused(history, request)
    command = re.search(r"`(git fetch [^`]*)`", error.hint or "")
    assert command is not None, error.hint
    history.shell(command[1])
    return check(history.system, request or Request()), error


def subjects(report: SignOffReport) -> list[str]:
    return [each.subject for each in report.violations]


def test_a_branch_is_compared_with_its_upstream(clone: History) -> None:
    clone.git("checkout", "-q", "-b", "work", "--track", "origin/main")
    clone.commit("mine", branch="work")

    report = check(clone.system, Request())

    assert (report.range.shown, report.range.why) == ("origin/main..HEAD", "the upstream of this branch")
    assert (report.checked, subjects(report)) == (1, ["mine"])


def test_a_branch_without_upstream_is_compared_with_the_remotes_default_branch(clone: History) -> None:
    clone.git("checkout", "-q", "--no-track", "-b", "work", "origin/fix")

    report = check(clone.system, Request())

    assert report.range.shown == "origin/main..HEAD"
    assert "no upstream" in report.range.why
    assert (report.checked, subjects(report)) == (2, ["unsigned"])


@pytest.mark.parametrize("service", ["", "github", "gitlab", "jenkins"])
def test_what_a_branch_was_pushed_with_before_allows_it_nothing(clone: History, service: str) -> None:
    allowing = {".github/dco.yml": "allowRemediationCommits:\n  individual: true\n  thirdParty: true\n"}
    clone.git("checkout", "-q", "-b", "work")
    before = clone.commit(f"allow\n\nSigned-off-by: {ME}", branch="work", files=allowing)
    theirs = clone.commit("theirs", author=OTHER, branch="work", files=allowing)
    sentence = f"On behalf of {OTHER}, I, {ME}, hereby add my Signed-off-by to this commit: {theirs}"
    after = clone.commit(f"{sentence}\n\nSigned-off-by: {ME}", branch="work", files=allowing)
    clone.git("push", "-q", "origin", f"{before}:refs/heads/work")
    clone.git("branch", "-q", "-u", "origin/work")
    if service == "github":
        pushed = {"before": before, "after": after, "ref": "refs/heads/work"}
        event(clone, "push", {**pushed, "repository": {"default_branch": "main"}})
    if service == "gitlab":
        told = {"CI_COMMIT_BEFORE_SHA": before, "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BRANCH": "work"}
        clone.extra = {"GITLAB_CI": "true", **told}
    if service == "jenkins":
        clone.extra = {"JENKINS_URL": "http://localhost", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": before}

    report = check(clone.system, Request())

    assert report.checked == 2
    assert [each.commit for each in report.violations] == [theirs]


def test_a_default_branch_that_is_not_here_is_an_error_where_the_pushed_one_allows_something(
    clone: History,
) -> None:
    allowing = {".github/dco.yml": "allowRemediationCommits:\n  individual: true\n"}
    clone.git("branch", "work")
    before = clone.commit("allow", branch="work", files=allowing)
    after = clone.signed(branch="work")
    pushed = {"before": before, "after": after, "ref": "refs/heads/work"}
    event(clone, "push", {**pushed, "repository": {"default_branch": "main"}})
    clone.git("update-ref", "-d", "refs/remotes/origin/main")

    report, error = mended(clone)

    assert "`origin/main`, whose `.github/dco.yml` says what is allowed, is not here" in error.message
    assert report.ok


def test_a_branch_whose_upstream_is_gone_is_an_error(clone: History) -> None:
    clone.git("checkout", "-q", "--track", "origin/fix")
    clone.git("update-ref", "-d", "refs/remotes/origin/fix")

    report, error = mended(clone)

    assert "the upstream `origin/fix` of this branch is not here" in error.message
    assert report.checked == 0
    assert report.notes == ("`--range BASE..HEAD` looks at all that a pull request to BASE would carry",)


def test_without_upstream_and_remote_nothing_is_guessed(upstream: History) -> None:
    assert "the branch `main` has no upstream" in refused(upstream).message


@pytest.mark.parametrize("depth", [1, 2])
def test_a_pull_request_at_a_shallow_depth_is_an_error_that_names_the_fetch(
    upstream: History, depth: int
) -> None:
    ci = shallow(upstream, "refs/pull/7/merge", depth)
    base, head = upstream.git("rev-parse", "main"), upstream.git("rev-parse", "fix")
    event(ci, "pull_request", {"pull_request": {"number": 7, "base": {"sha": base}, "head": {"sha": head}}})

    report, error = mended(ci)

    assert ("neither base nor head" if depth == 1 else "it is cut off at") in error.message
    assert (report.checked, subjects(report)) == (2, ["unsigned"])
    assert report.range.why == "GitHub Actions, pull request"


def test_a_boundary_behind_the_base_is_an_error_too(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/fix", 50)
    ci.git("fetch", "-q", "--no-tags", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    ci.extra = {"JENKINS_URL": "http://jenkins.example", "CHANGE_TARGET": "main"}

    report, error = mended(ci)

    assert "this clone is shallow" in error.message
    assert (report.checked, subjects(report)) == (2, ["unsigned"])


def test_a_boundary_that_both_sides_have_behind_them_is_none(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/fix", 4)
    ci.git("fetch", "-q", "--no-tags", "--depth=4", "origin", "+refs/heads/main:refs/remotes/origin/main")
    ci.extra = {"JENKINS_URL": "http://jenkins.example", "CHANGE_TARGET": "main"}

    report = check(ci.system, Request())

    assert (report.checked, subjects(report)) == (2, ["unsigned"])


def test_a_git_before_2_31_sees_where_a_shallow_clone_is_cut_off_too(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/fix")
    ci.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    older = ci.root.parent / "older"
    older.mkdir()
    script = older / "git"
    # It knows no `--path-format` and prints back what it does not know.
    script.write_text(
        "#!/bin/bash\nkept=()\n"
        'for word in "$@"; do\n'
        'case $word in --path-format=*) echo "$word" ;; *) kept+=("$word") ;; esac\ndone\n'
        f'exec {shutil.which("git")} "${{kept[@]}}"\n'
    )
    script.chmod(0o755)
    ci.extra = {"PATH": f"{older}:{ci.env['PATH']}"}

    error = refused(ci, Request(range="origin/main..HEAD"))

    assert "this clone is shallow" in error.message


def test_a_shallow_clone_has_no_whole_history(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/main", 3)

    report, error = mended(ci, Request(history=True))

    assert "inside the range `HEAD`" in error.message
    assert report.checked == 5


def test_a_target_branch_that_was_not_fetched_is_an_error_that_names_it(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/fix", 50)
    ci.extra = {
        "BUILDKITE": "true",
        "BUILDKITE_PULL_REQUEST": "7",
        "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
    }

    report, error = mended(ci)

    assert "the base of the range `origin/main..HEAD` is not here" in error.message
    assert (report.range.shown, report.checked) == ("origin/main..HEAD", 2)


def test_a_forced_push_whose_former_tip_is_gone_is_compared_with_the_default_branch(clone: History) -> None:
    head = clone.git("rev-parse", "origin/fix")
    push = {
        "before": "1" * 40, "after": head, "ref": "refs/heads/fix", "forced": True,
        "repository": {"default_branch": "main"},
    }  # fmt: skip
    event(clone, "push", push)

    report = check(clone.system, Request())

    assert (report.checked, subjects(report)) == (2, ["unsigned"])
    event(clone, "push", {**push, "forced": False})
    assert "the base of the range `1111111111.." in refused(clone).message


def test_a_push_of_a_new_branch_is_what_the_default_branch_lacks(clone: History) -> None:
    push = {
        "before": "0" * 40, "after": clone.git("rev-parse", "origin/fix"), "ref": "refs/heads/fix",
        "repository": {"default_branch": "main"}, "commits": [],
    }  # fmt: skip
    event(clone, "push", push)

    report = check(clone.system, Request())

    assert report.range.shown.startswith("origin/main..")
    assert subjects(report) == ["unsigned"]


def test_circleci_compares_with_the_default_branch_and_refuses_to_on_it(clone: History) -> None:
    head = clone.git("rev-parse", "origin/fix")
    clone.extra = {"CIRCLECI": "true", "CIRCLE_SHA1": head, "CIRCLE_BRANCH": "fix"}

    report = check(clone.system, Request())

    assert (report.checked, subjects(report)) == (2, ["unsigned"])
    clone.extra = {"CIRCLECI": "true", "CIRCLE_SHA1": head, "CIRCLE_BRANCH": "main"}
    assert "a build of the default branch names no base" in refused(clone).message
    clone.git("remote", "set-head", "origin", "--delete")
    assert "which branch of `origin` is the default one" in refused(clone).message


def test_a_name_that_is_not_here_is_an_error_with_its_fetch(upstream: History) -> None:
    ci = shallow(upstream, "refs/heads/fix", 50)

    report, error = mended(ci, Request(range="origin/main..HEAD"))

    assert error.message == "`origin/main` names no commit that is here"
    assert report.checked == 2


def test_without_a_remote_no_fetch_is_proposed(upstream: History) -> None:
    error = refused(upstream, Request(range="nowhere..HEAD"))

    assert error.hint == (
        "there is no remote to fetch it from; name the commits: `devtool dco check --range A..B`"
    )


def test_a_work_tree_and_a_bare_repository_are_read_as_well(clone: History, upstream: History) -> None:
    clone.git("worktree", "add", "-q", str(clone.root.parent / "tree"), "origin/fix")
    tree = History(clone.root.parent / "tree")
    clone.git("clone", "-q", "--bare", str(upstream.root), str(clone.root.parent / "bare.git"))
    bare = History(clone.root.parent / "bare.git")

    assert check(tree.system, Request(range="origin/main..HEAD")).checked == 2
    assert check(bare.system, Request(range="main..fix")).checked == 2


def test_others_commits_in_the_base_are_not_asked_for(clone: History) -> None:
    clone.git("checkout", "-q", "-b", "work", "--track", "origin/main")
    old = clone.commit("old", author=OTHER, branch="elsewhere")
    merge = clone.commit("merge", clone.git("rev-parse", "work"), old, branch="work")

    report = check(clone.system, Request(range=f"{old}..{merge}"))

    assert "old" not in subjects(report)


def test_what_git_does_not_read_is_told_as_that(clone: History) -> None:
    (clone.root / ".git/config").write_text("[core\n")

    assert "git cannot read" in refused(clone, Request(range="a..b")).message
