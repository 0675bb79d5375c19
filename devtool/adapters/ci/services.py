"""The services that say it by variables alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from devtool.adapters.ci.ends import DEFAULT, Ends, branch, is_id, refuse

if TYPE_CHECKING:
    from devtool.system import System


def gitlab(system: System) -> Ends:
    """GitLab: https://docs.gitlab.com/ci/variables/predefined_variables/."""
    env = system.env
    head = env.get("CI_COMMIT_SHA") or "HEAD"
    if env.get("CI_MERGE_REQUEST_IID"):
        # In pipelines for merged results, and there alone, the commit is a merge that nobody wrote.
        return Ends(
            "GitLab, merge request",
            _first_id(env, "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA")
            or _branch(env, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GitLab, merge request"),
            _first_id(env, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or head,
            f"refs/merge-requests/{env['CI_MERGE_REQUEST_IID']}/head",
        )
    if env.get("CI_EXTERNAL_PULL_REQUEST_IID"):
        service = "GitLab, external pull request"
        base = _first_id(env, "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA")
        named = base or _branch(env, "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", service)
        return Ends(service, named, _first_id(env, "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA") or head)
    default = env.get("CI_DEFAULT_BRANCH", "")
    others = branch(default) if default and env.get("CI_COMMIT_BRANCH") != default else ""
    if before := _first_id(env, "CI_COMMIT_BEFORE_SHA"):
        return Ends("GitLab, push", before, head, instead=others, rules=others)
    if not others:
        refuse("GitLab", "`CI_COMMIT_BEFORE_SHA` names none, and this is the default branch")
    return Ends("GitLab, push of a new branch", others, head)


def prow(system: System) -> Ends:
    """Prow: https://docs.prow.k8s.io/docs/jobs/#job-environment-variables."""
    env = system.env
    base, kind = _first_id(env, "PULL_BASE_SHA"), env.get("JOB_TYPE", "")
    if not base or kind not in ("presubmit", "batch"):
        refuse("Prow", f"a job of the type `{kind}` names no pull request")
    head = _first_id(env, "PULL_PULL_SHA") if kind == "presubmit" else "HEAD"
    if not head:
        refuse("Prow", "`PULL_PULL_SHA` names no commit")
    number = env.get("PULL_NUMBER", "")
    return Ends(f"Prow, {kind}", base, head, f"refs/pull/{number}/head" if number.isdigit() else "")


def jenkins(system: System) -> Ends:
    """Jenkins: of a multibranch pipeline, else of the Git plugin."""
    env = system.env
    if env.get("CHANGE_TARGET"):
        return Ends("Jenkins, change request", branch(env["CHANGE_TARGET"]))
    # Not `GIT_PREVIOUS_COMMIT`: what failed there would never be looked at again.
    before = _first_id(env, "GIT_PREVIOUS_SUCCESSFUL_COMMIT")
    if not before:
        refuse("Jenkins", "neither `CHANGE_TARGET` nor `GIT_PREVIOUS_SUCCESSFUL_COMMIT` is set")
    return Ends("Jenkins, branch", before, _first_id(env, "GIT_COMMIT") or "HEAD", rules=DEFAULT)


def azure(system: System) -> Ends:
    """Azure Pipelines: https://learn.microsoft.com/azure/devops/pipelines/build/variables."""
    env = system.env
    if not env.get("SYSTEM_PULLREQUEST_TARGETBRANCH"):
        refuse("Azure Pipelines", "outside a pull request it names no base")
    base = _branch(env, "SYSTEM_PULLREQUEST_TARGETBRANCH", "Azure Pipelines")
    return Ends(
        "Azure Pipelines, pull request",
        base,
        _first_id(env, "SYSTEM_PULLREQUEST_SOURCECOMMITID") or "HEAD",
        env.get("SYSTEM_PULLREQUEST_SOURCEBRANCH", ""),
    )


def circleci(system: System) -> Ends:
    """CircleCI: it names no base, and its checkout knows the remote's default branch."""
    head = _first_id(system.env, "CIRCLE_SHA1") or "HEAD"
    return Ends("CircleCI, branch", DEFAULT, head, branch=system.env.get("CIRCLE_BRANCH", ""))


def buildkite(system: System) -> Ends:
    """Buildkite: https://buildkite.com/docs/pipelines/environment-variables."""
    env = system.env
    head = _first_id(env, "BUILDKITE_COMMIT") or "HEAD"
    if env.get("BUILDKITE_PULL_REQUEST", "false") != "false":
        return Ends(
            "Buildkite, pull request",
            _branch(env, "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "Buildkite, pull request"),
            head,
        )
    default = env.get("BUILDKITE_PIPELINE_DEFAULT_BRANCH")
    if not default or env.get("BUILDKITE_BRANCH") == default:
        refuse("Buildkite", "a build of the default branch names no base")
    return Ends("Buildkite, branch", branch(default), head)


def _first_id(env: Mapping[str, str], *names: str) -> str:
    return next((env[name] for name in names if is_id(env.get(name, ""))), "")


def _branch(env: Mapping[str, str], name: str, service: str) -> str:
    return branch(env[name]) if env.get(name) else refuse(service, f"`{name}` is not set")
