"""What is offered to other repositories: the hooks of pre-commit and the GitHub Action, run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import require
from tests.support.histories import ME, OTHER, History

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
UV = Path(sys.executable).with_name("uv")
LINE = f"Signed-off-by: {ME}"
EXPRESSION = re.compile(r"\$\{\{\s*(\S+)\s*\}\}")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as it stands, committed and tagged `v1`, as others would name it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    require(listed.returncode == 0, "this is no checkout of git")
    made = tmp_path_factory.mktemp("product")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name)
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "all"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=made, check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps environments: making one takes a while."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def history(home: str) -> History:
    made = History(Path(home) / "repository")
    made.signed("base")
    made.git("reset", "-q", "--hard")
    return made


def surroundings(history: History, **more: str) -> dict[str, str]:
    """The person's environment, but for what git reads at home; pip finds its index as it does for them."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "PRE_COMMIT", "CI"))}
    return {**kept, "GIT_CONFIG_GLOBAL": str(history.root.parent / ".gitconfig"), "EDITOR": "false", **more}


def started(
    history: History, *words: str, env: dict[str, str] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=history.root, env={**(env or surroundings(history)), **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_pre_commit_takes_both_hooks_from_another_repository(
    history: History, product: Path, kept: Path
) -> None:
    require(PRE_COMMIT.exists(), "pre-commit is not installed")
    (history.root / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: file://{product}\n  rev: v1\n  hooks:\n  - id: dco\n  - id: dco-range\n"
    )
    history.git("add", ".")
    env = surroundings(history, PRE_COMMIT_HOME=str(kept))
    remote = history.root.parent / "remote.git"
    history.git("init", "-q", "--bare", "-b", "main", str(remote))
    history.git("remote", "add", "origin", str(remote))
    history.git("push", "-q", "-u", "origin", "main")
    types = [word for each in ("commit-msg", "pre-push") for word in ("-t", each)]
    installed = started(history, str(PRE_COMMIT), "install", "--install-hooks", *types, env=env)
    assert installed.returncode == 0, installed.stdout + installed.stderr

    refused = started(history, "git", "commit", "-q", "-m", "a", env=env)
    signed = started(history, "git", "commit", "-q", "-s", "-m", "a", env=env)

    assert refused.returncode == 1
    assert f"lacks the line `{LINE}`" in refused.stderr
    assert signed.returncode == 0, signed.stderr
    assert started(history, "git", "push", "-q", "origin", "main", env=env).returncode == 0
    history.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "lacking")
    lacking = history.git("rev-parse", "HEAD")
    by_hand = started(history, str(PRE_COMMIT), "run", "--hook-stage", "manual", "dco-range", env=env)
    pushed = started(history, "git", "push", "-q", "origin", "main", env=env)
    new_branch = started(history, "git", "push", "-q", "origin", "main:topic", env=env)
    for answer in (by_hand, pushed, new_branch):
        assert answer.returncode == 1
        assert f"{lacking[:10]} it has no sign-off" in answer.stdout + answer.stderr


def action() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "action.yml").read_text()))


def act(
    checkout: History, product: Path, scratch: Path, event: str, payload: dict[str, Any], **inputs: str
) -> tuple[int, str]:
    """Run the action's steps as the service does; the status of the one that failed, and all output."""
    described = action()
    assert set(inputs) <= set(described["inputs"])
    known = {
        f"inputs.{name}": inputs.get(name, each["default"]) for name, each in described["inputs"].items()
    }
    known["runner.temp"] = str(scratch)
    path = scratch / "event.json"
    path.write_text(json.dumps(payload))
    env = surroundings(
        checkout,
        CI="true",
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_NAME=event,
        GITHUB_EVENT_PATH=str(path),
        GITHUB_SHA=checkout.git("rev-parse", "HEAD"),
        GITHUB_ACTION_PATH=str(product),
        GITHUB_WORKSPACE=str(checkout.root),
        RUNNER_TEMP=str(scratch),
    )
    said = ""
    for step in described["runs"]["steps"]:
        assert step["shell"] == "bash"
        # What is pasted into a script can be a program of whoever names a branch.
        assert not EXPRESSION.search(step["run"])

        def filled(text: str) -> str:
            return EXPRESSION.sub(lambda match: known[match[1]], text)

        script = scratch / "step.sh"
        script.write_text(step["run"])
        answer = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=checkout.root / filled(step.get("working-directory", ".")),
            env={**env, **{name: filled(text) for name, text in step.get("env", {}).items()}},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        said += answer.stdout + answer.stderr
        if answer.returncode:
            return answer.returncode, said
    return 0, said


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


def pull_request(history: History, theirs: str) -> dict[str, Any]:
    """A pull request of `theirs` into `main`, which has moved on; what is checked out is their merge."""
    moved = history.signed("moved on")
    history.git("update-ref", "refs/remotes/origin/main", moved)
    merge = history.commit("merge\n", moved, theirs, author=OTHER, branch="merge")
    history.git("checkout", "-q", "-f", merge)
    return {"pull_request": {"base": {"sha": moved, "ref": "main"}, "head": {"sha": theirs, "ref": "topic"}}}


def test_the_action_annotates_what_lacks_its_sign_off_and_passes_what_has_it(
    history: History, product: Path, scratch: Path
) -> None:
    base = history.git("rev-parse", "main")
    good = history.signed("good", base, branch="topic")
    payload = pull_request(history, good)

    status, said = act(history, product, scratch, "pull_request", payload)

    assert (status, "1 commit in" in said) == (0, True), said
    bad = history.commit("bad\n", good, author=OTHER, branch="topic")
    status, said = act(history, product, scratch, "pull_request", pull_request(history, bad))
    assert status == 1
    assert f"::error title=devtool sign-off-missing::{bad[:10]} it has no sign-off" in said
    assert act(history, product, scratch, "pull_request", payload, range=f"{good}..{bad}")[0] == 1
    assert (
        act(history, product, scratch, "pull_request", payload, range=f"{base}..{good}", rule="strict")[0]
        == 0
    )


def test_the_action_fetches_what_a_shallow_checkout_lacks_unless_told_not_to(
    history: History, product: Path, scratch: Path
) -> None:
    base = history.git("rev-parse", "main")
    theirs = history.commit("bad\n", history.signed("good", base, branch="topic"), branch="topic")
    payload = pull_request(history, theirs)
    history.git("update-ref", "refs/pull/1/merge", "HEAD")

    def shallow(name: str) -> History:
        made = replace(history, root=history.root.parent / name)
        made.git("remote", "add", "origin", f"file://{history.root}")
        made.git(
            "fetch", "-q", "--no-tags", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge"
        )
        made.git("checkout", "-q", "--force", "refs/remotes/pull/1/merge")
        return made

    status, said = act(shallow("first"), product, scratch, "pull_request", payload, fetch="false")
    assert (status, "git fetch" in said) == (2, True), said

    status, said = act(shallow("second"), product, scratch, "pull_request", payload)

    assert (status, f"{theirs[:10]} it has no sign-off" in said) == (1, True), said


@pytest.mark.parametrize("name", ["fetch", "history"])
def test_an_input_that_is_no_boolean_is_refused_aloud(
    history: History, product: Path, scratch: Path, name: str
) -> None:
    status, said = act(history, product, scratch, "push", {}, **{name: "yes"})

    assert (status, f"::error::the input `{name}` has to be true or false" in said) == (2, True)


def test_nothing_of_the_checkout_is_imported_by_the_action(
    history: History, product: Path, scratch: Path
) -> None:
    (history.root / "devtool").mkdir()
    (history.root / "devtool/__init__.py").write_text("raise SystemExit(77)\n")
    (history.root / "click.py").write_text("raise SystemExit(77)\n")

    status, said = act(history, product, scratch, "push", {}, range="HEAD")

    assert status == 0, said


@pytest.mark.parametrize(
    ("name", "schema"),
    [("action.yml", "vendor.github-actions"), (".pre-commit-hooks.yaml", "")],
)
def test_what_is_offered_keeps_the_schema_of_whoever_takes_it(
    history: History, name: str, schema: str
) -> None:
    if not schema:
        require(PRE_COMMIT.exists(), "pre-commit is not installed")
        answer = started(history, str(PRE_COMMIT), "validate-manifest", str(ROOT / name))
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return
    program = (str(UV), "tool", "run", "--from", "check-jsonschema", "check-jsonschema")
    there = UV.exists() and started(history, *program, "--version").returncode == 0
    require(there, "check-jsonschema cannot be installed")

    answer = started(history, *program, "--builtin-schema", schema, str(ROOT / name))

    assert answer.returncode == 0, answer.stdout + answer.stderr
