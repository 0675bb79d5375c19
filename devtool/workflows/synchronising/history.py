"""The checkout's commits in the copy, so that what asks git for a version there is told the same as here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devtool.adapters.repository import GIT, git_environment, run_git
from devtool.errors import DevtoolError
from devtool.system import System
from devtool.workflows.synchronising.stream import feed

# What is committed inside stays: the copy follows only where it has nothing of its own.
_FOLLOW = r"""
head=$1 branch=$2 last=$3 force=$4 form=$5 shallow=$6
bundle=.git/devtool.bundle
export GIT_CONFIG_NOSYSTEM=1
git init -q . && cat >"$bundle" || exit 1
[ -z "$shallow" ] || printf '%s\n' "$shallow" >.git/shallow
if [ "$form" = pack ]; then
  git index-pack --stdin <"$bundle" >/dev/null
elif [ -s "$bundle" ]; then
  git fetch -q "$bundle" HEAD '+refs/tags/*:refs/tags/*'
fi
got=$?
rm -f "$bundle"
[ "$got" -eq 0 ] || exit 1
now=$(git rev-parse -q --verify 'HEAD^{commit}') || now=
if [ -z "$force" ] && [ -n "$now" ] && [ "$now" != "$head" ] && [ "$now" != "$last" ] &&
  ! git merge-base --is-ancestor "$now" "$head"; then
  echo own
  exit 0
fi
if [ -n "$branch" ]; then
  git update-ref "$branch" "$head" && git symbolic-ref HEAD "$branch"
else
  git update-ref --no-deref HEAD "$head"
fi && git reset -q
"""


def follow(
    system: System, root: str, last: str, env: dict[str, str], *, force: bool
) -> tuple[str, str | None]:
    """Bring the commits up to `HEAD`: what is there then, and what a person should know.

    `last` is what this gave before, empty for a copy that got none; `force` moves a `HEAD` that has
    commits of its own.
    """
    head = run_git(system, root, "rev-parse", "-q", "--verify", "HEAD^{commit}").stdout.strip()
    if not head:
        return "", None
    branch = run_git(system, root, "symbolic-ref", "-q", "HEAD").stdout.strip()
    state = f"{head} {branch}"
    if state == last:
        return state, None
    before = last.split(" ")[0]
    given = [head, branch, before, "1" if force else ""]
    try:
        said = _hand_over(
            system, [*given, "bundle", _shallow(system, root)], env, _bundle(system, root, head, before)
        )
        note = None
    except DevtoolError as error:
        try:
            said = _hand_over(system, [*given, "pack", head], env, _newest(system, root, head))
        except DevtoolError:
            return last, f"the copy has no commits of this checkout: {error.message}"
        # As in a clone with a filter, which has fetched only what it needed.
        note = "the copy has the newest commit alone, as not all of the history is here"
    if said.strip() == "own":
        return last, (
            "the copy has commits of its own: its `HEAD` stays where it is;"
            " `devtool container sync --all` moves it"
        )
    return state, note


def _hand_over(system: System, given: list[str], env: dict[str, str], pieces: Iterable[bytes]) -> str:
    return feed(system, ["sh", "-c", _FOLLOW, "follow", *given], env, pieces)


def _bundle(system: System, root: str, head: str, before: str) -> Iterable[bytes]:
    known = bool(before) and run_git(system, root, "cat-file", "-e", f"{before}^{{commit}}").ok
    if known and run_git(system, root, "merge-base", "--is-ancestor", head, before).ok:
        return ()
    tags = run_git(system, root, "for-each-ref", "--merged", head, "--format=%(refname)", "refs/tags")
    wanted = ["HEAD", *tags.stdout.split(), *([f"^{before}"] if known else [])]
    return _pieces(system, [*GIT, "-C", root, "bundle", "create", "-q", "-", *wanted])


def _newest(system: System, root: str, head: str) -> Iterator[bytes]:
    """All that one commit is made of."""
    flags = ["--objects", "--no-walk", "--missing=allow-any"]
    listed = b"".join(_pieces(system, [*GIT, "-C", root, "rev-list", *flags, head]))
    names = b"".join(line.split(b" ")[0] + b"\n" for line in listed.splitlines())
    yield from _pieces(system, [*GIT, "-C", root, "pack-objects", "-q", "--stdout"], names)


def _pieces(system: System, argv: list[str], request: bytes = b"") -> Iterator[bytes]:
    talk = system.process.converse(argv, cwd="/", env=git_environment(system.env))
    try:
        talk.ask(request)
        yield from talk.pieces()
    finally:
        talk.close()


def _shallow(system: System, root: str) -> str:
    """The commits at which a shallow checkout's history is cut off, a line each."""
    place = run_git(
        system, root, "rev-parse", "--path-format=absolute", "--git-path", "shallow"
    ).stdout.strip()
    return (system.files.read_text(place) or "").strip() if place.startswith("/") else ""
