"""Which commits a CI service says its run is about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devtool.adapters.ci import find_ends
from devtool.adapters.ci.ends import Ends
from devtool.errors import InputError
from tests.support import FakeFiles, fake_system

A, B, C = "a" * 40, "b" * 40, "c" * 40
NOTHING = "0" * 40
REPOSITORY = {"default_branch": "master"}


def github(name: str, event: Any) -> Ends | None:
    files = FakeFiles({"/event.json": event if isinstance(event, str) else json.dumps(event)})
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/event.json"}
    return find_ends(fake_system(files=files, env=env))


def service(**env: str) -> Ends | None:
    return find_ends(fake_system(env=env))


def test_no_service_says_nothing() -> None:
    assert service(CI="true") is None


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "pull_request_review"])
def test_github_pull_request_is_from_its_base_to_its_head(name: str) -> None:
    ends = github(name, {"pull_request": {"number": 7, "base": {"sha": A}, "head": {"sha": B}}})

    assert ends == Ends("GitHub Actions, pull request", A, B, "refs/pull/7/head")


def test_github_merge_group_is_from_its_base_to_its_head() -> None:
    ends = github("merge_group", {"merge_group": {"base_sha": A, "head_sha": B}})

    assert ends == Ends("GitHub Actions, merge group", A, B, merged_by_github=True)


def push(before: str, after: str = B, ref: str = "refs/heads/fix", **more: Any) -> dict[str, Any]:
    return {"before": before, "after": after, "ref": ref, "repository": REPOSITORY, **more}


def test_github_push_is_what_came_after_the_tip_before() -> None:
    assert github("push", push(A)) == Ends("GitHub Actions, push", A, B, rules="origin/master")
    assert github("push", push(A, ref="refs/heads/master")) == Ends(
        "GitHub Actions, push", A, B, merged_by_github=True
    )


def test_github_push_of_a_new_branch_is_what_the_default_branch_lacks() -> None:
    ends = github("push", push(NOTHING, created=True, commits=[]))

    assert ends == Ends("GitHub Actions, push of a new branch", "origin/master", B)


def test_github_forced_push_falls_back_to_the_default_branch_only_where_the_tip_before_is_gone() -> None:
    assert github("push", push(A, forced=True)) == Ends(
        "GitHub Actions, push", A, B, instead="origin/master", rules="origin/master"
    )
    assert github("push", push(A, ref="refs/heads/master", forced=True)) == Ends(
        "GitHub Actions, push", A, B, merged_by_github=True
    )


@pytest.mark.parametrize(
    ("name", "event", "message"),
    [
        ("push", push(NOTHING, ref="refs/heads/master"), "is new, and there is no other branch"),
        ("push", push(A, NOTHING, deleted=True), "it deleted `refs/heads/fix`"),
        ("push", {}, "its event names no commit"),
        ("schedule", {"schedule": "0 0 * * *"}, "the event `schedule` names none"),
        ("pull_request", {"pull_request": {"base": {"sha": "--output=x"}}}, "names no base and head"),
        ("merge_group", {"merge_group": {}}, "names no base and head"),
        ("push", "[]", "holds no event"),
        ("push", "{", "holds no event"),
    ],
)
def test_github_event_that_names_no_range_is_an_error(name: str, event: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        github(name, event)


def test_github_without_its_event_is_an_error() -> None:
    with pytest.raises(InputError, match="GITHUB_EVENT_PATH"):
        service(GITHUB_ACTIONS="true", GITHUB_EVENT_NAME="push")


GITLAB = {
    "GITLAB_CI": "true",
    "CI_COMMIT_SHA": B,
    "CI_DEFAULT_BRANCH": "main",
    "CI_COMMIT_BEFORE_SHA": NOTHING,
}


@pytest.mark.parametrize(
    ("env", "ends"),
    [
        (
            {**GITLAB, "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": A},
            Ends("GitLab, merge request", A, B, "refs/merge-requests/3/head"),
        ),
        (
            {
                **GITLAB, "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_DIFF_BASE_SHA": A,
                "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": C, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": B,
            },
            Ends("GitLab, merge request", A, C, "refs/merge-requests/3/head"),
        ),
        (
            {**GITLAB, "CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
            Ends("GitLab, merge request", "origin/main", B, "refs/merge-requests/3/head"),
        ),
        (
            {
                **GITLAB, "CI_EXTERNAL_PULL_REQUEST_IID": "9",
                "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA": A,
                "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA": C,
            },
            Ends("GitLab, external pull request", A, C),
        ),
        (
            {**GITLAB, "CI_COMMIT_BEFORE_SHA": A, "CI_COMMIT_BRANCH": "main"},
            Ends("GitLab, push", A, B),
        ),
        (
            {**GITLAB, "CI_COMMIT_BEFORE_SHA": A, "CI_COMMIT_BRANCH": "fix"},
            Ends("GitLab, push", A, B, instead="origin/main", rules="origin/main"),
        ),
        ({**GITLAB, "CI_COMMIT_BRANCH": "fix"}, Ends("GitLab, push of a new branch", "origin/main", B)),
        (
            {"JENKINS_URL": "http://j", "CHANGE_TARGET": "master", "GIT_COMMIT": B},
            Ends("Jenkins, change request", "origin/master"),
        ),
        (
            {"JENKINS_URL": "http://j", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": A, "GIT_COMMIT": B},
            Ends("Jenkins, branch", A, B, rules="origin/HEAD"),
        ),
        (
            {
                "TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
                "SYSTEM_PULLREQUEST_SOURCECOMMITID": B, "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/fix",
            },
            Ends("Azure Pipelines, pull request", "origin/main", B, "refs/heads/fix"),
        ),
        (
            {"CIRCLECI": "true", "CIRCLE_SHA1": B, "CIRCLE_BRANCH": "fix"},
            Ends("CircleCI, branch", "origin/HEAD", B, branch="fix"),
        ),
        (
            {
                "BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "5", "BUILDKITE_COMMIT": B,
                "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
            },
            Ends("Buildkite, pull request", "origin/main", B),
        ),
        (
            {
                "BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_COMMIT": "HEAD",
                "BUILDKITE_BRANCH": "fix", "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main",
            },
            Ends("Buildkite, branch", "origin/main", "HEAD"),
        ),
        (
            {
                "PROW_JOB_ID": "x", "JENKINS_URL": "http://j", "JOB_TYPE": "presubmit", "PULL_BASE_SHA": A,
                "PULL_PULL_SHA": B, "PULL_NUMBER": "12",
            },
            Ends("Prow, presubmit", A, B, "refs/pull/12/head"),
        ),
        ({"PROW_JOB_ID": "x", "JOB_TYPE": "batch", "PULL_BASE_SHA": A}, Ends("Prow, batch", A, "HEAD")),
    ],
)  # fmt: skip
def test_a_service_names_both_ends_by_its_variables(env: dict[str, str], ends: Ends) -> None:
    assert service(**env) == ends


@pytest.mark.parametrize(
    "env",
    [
        {**GITLAB, "CI_COMMIT_BRANCH": "main"},
        {**GITLAB, "CI_MERGE_REQUEST_IID": "3"},
        {"JENKINS_URL": "http://j"},
        {"TF_BUILD": "True"},
        {"BUILDKITE": "true", "BUILDKITE_BRANCH": "main", "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main"},
        {"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST": "5"},
        {"PROW_JOB_ID": "x", "JOB_TYPE": "periodic"},
        {"PROW_JOB_ID": "x", "JOB_TYPE": "postsubmit", "PULL_BASE_SHA": A},
        {"PROW_JOB_ID": "x", "JOB_TYPE": "presubmit", "PULL_BASE_SHA": A},
    ],
)
def test_a_run_that_names_no_range_is_an_error(env: dict[str, str]) -> None:
    with pytest.raises(InputError, match="does not say which commits to check"):
        service(**env)
