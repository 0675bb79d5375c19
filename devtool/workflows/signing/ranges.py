"""Which commits a check is about: as given, as the CI service says, or as the branch's upstream does.

What is missing here is an error with the command that brings it, never a smaller range.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from devtool.adapters.ci.ends import DEFAULT, Ends, is_id, refuse
from devtool.adapters.history import ask_git, find_boundaries, find_commit, read_ids
from devtool.errors import InputError
from devtool.model.dco import Range
from devtool.workflows.signing.permissions import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devtool.system import System

# A server does not know what is meant by the beginning of an id, nor by our HEAD.
_SHORT_ID = re.compile(r"[0-9a-f]{4,39}|(?:origin/)?HEAD|.*[~^@:{\\ ].*")
UPSTREAM = "the upstream of this branch"
_NAMED = "or name the commits: `devtool dco check --range A..B`"


def find_range(system: System, repository: str, given: str | None, *, history: bool) -> Range:
    """The commits to look at, all of which are here. Raises InputError."""
    ends = _ends(system) if given is None and not history else None
    if given is not None:
        found = _given(system, repository, given)
    elif history:
        found = Range("HEAD", _head(system, repository))
    else:
        found = _local(system, repository) if ends is None else _by_service(system, repository, ends)
    # A service checks out what the remote has; a person's commits it may not have yet.
    fetched = [ends.base, ends.fetch_head or ends.head] if ends is not None else []
    _see_whole(system, repository, found, fetched)
    return found


def _ends(system: System) -> Ends | None:
    from devtool.adapters.ci import find_ends  # only who names no range needs the services

    return find_ends(system)


def _given(system: System, repository: str, text: str) -> Range:
    # What B reaches and A does not is the same for two dots and for three.
    first, dots, last = text.partition("...") if "..." in text else text.partition("..")
    if not dots:
        return Range(text, _known(system, repository, text))
    base = _known(system, repository, first or "HEAD")
    return Range(text, _known(system, repository, last or "HEAD"), base)


def _known(system: System, repository: str, revision: str) -> str:
    found = find_commit(system, repository, revision)
    if found is None:
        if revision == "HEAD":
            return _head(system, repository)
        raise _missing(system, repository, f"`{revision}` names no commit that is here", [revision])
    return found


def _by_service(system: System, repository: str, ends: Ends) -> Range:
    if ends.base == DEFAULT:
        base_name = _default_branch(system, repository, "origin")
        if base_name is None:
            raise InputError(
                f"{ends.service}: which branch of `origin` is the default one is not known here",
                f"`git remote set-head origin --auto` asks, {_NAMED}",
            )
        if base_name == f"origin/{ends.branch}":
            refuse(ends.service, "a build of the default branch names no base")
    else:
        base_name = ends.base
    base, head = _commit(system, repository, base_name), find_commit(system, repository, ends.head)
    if base is None and ends.instead:
        base_name, base = ends.instead, _commit(system, repository, ends.instead)
    lacking = [base_name] * (base is None) + [ends.fetch_head or ends.head] * (head is None)
    if base is None or head is None:
        which = (
            "the base" if head is not None else "the head" if base is not None else "neither base nor head"
        )
        named = f"`{_short(base_name)}..{_short(ends.head)}`"
        verb = "are" if base is None and head is None else "is not"
        said = f"{ends.service}: {which} of the range {named} {verb} here"
        raise _missing(system, repository, said, lacking)
    shown = f"{_short(base_name)}..{_short(ends.head)}"
    rules = _rules(system, repository, ends, base) if ends.rules else None
    return Range(shown, head, base, ends.service, ends.merged_by_github, rules)


def _rules(system: System, repository: str, ends: Ends, base: str) -> str | None:
    """The commit whose permissions hold; None where those of the base do, and have to."""
    name = _default_branch(system, repository, "origin") if ends.rules == DEFAULT else ends.rules
    found = _commit(system, repository, name) if name else None
    if name and found is None and ask_git(system, repository, "cat-file", "-e", f"{base}:{PATH}").ok:
        said = f"{ends.service}: `{name}`, whose `{PATH}` says what is allowed, is not here"
        raise _missing(system, repository, said, [name])
    return found


def _local(system: System, repository: str) -> Range:
    head = _head(system, repository)
    branch = ask_git(system, repository, "symbolic-ref", "-q", "HEAD").stdout.strip()
    form = "--format=%(upstream:short)%00%(upstream)%00%(upstream:remotename)"
    told = ask_git(system, repository, "for-each-ref", form, branch).stdout.strip("\n") if branch else ""
    upstream, full, remote = told.split("\0") if "\0" in told else ("", "", "")
    if upstream:
        base = find_commit(system, repository, full)
        if base is None:
            raise InputError(
                f"the upstream `{upstream}` of this branch is not here",
                f"`git fetch {shlex.quote(remote)}` brings it, {_NAMED}",
            )
        # The upstream may be the very branch, pushed before: it must not allow itself anything.
        rules = next((commit for _, _, commit in _defaults(system, repository)), None)
        return Range(f"{upstream}..HEAD", head, base, UPSTREAM, rules=rules)
    for remote, default, base in _defaults(system, repository):
        why = f"this branch has no upstream, and this is the default branch of `{remote}`"
        return Range(f"{default}..HEAD", head, base, why)
    whose = f"the branch `{branch.removeprefix('refs/heads/')}`" if branch else "a detached HEAD"
    raise InputError(
        f"{whose} has no upstream, so which of its commits are new is not known",
        "name them: `devtool dco check --range A..B`, or set one: `git branch -u REMOTE/BRANCH`",
    )


def _defaults(system: System, repository: str) -> Iterator[tuple[str, str, str]]:
    """Remote, name and commit of each default branch that is known here, the project's own first."""
    for remote in ("upstream", "origin"):
        default = _default_branch(system, repository, remote)
        commit = find_commit(system, repository, f"refs/remotes/{default}") if default else None
        if default and commit:
            yield remote, default, commit


def _head(system: System, repository: str) -> str:
    found = find_commit(system, repository, "HEAD")
    if found is None:
        raise InputError(f"`{repository}` has no commit yet, or git cannot read it", _why(system, repository))
    return found


def _why(system: System, repository: str) -> str | None:
    said = ask_git(system, repository, "rev-parse", "--verify", "HEAD").stderr.strip().splitlines()
    return said[0].removeprefix("fatal: ") if said else None


def _default_branch(system: System, repository: str, remote: str) -> str | None:
    """The remote's default branch as `REMOTE/NAME`, where it is known here."""
    answer = ask_git(system, repository, "symbolic-ref", "-q", "--short", f"refs/remotes/{remote}/HEAD")
    return answer.stdout.strip() if answer.ok else None


def _commit(system: System, repository: str, name: str) -> str | None:
    return find_commit(system, repository, name if is_id(name) else f"refs/remotes/{name}")


def _see_whole(system: System, repository: str, wanted: Range, fetched: list[str]) -> None:
    """Raise InputError where a shallow history is cut off inside the range, on either of its sides.

    What is cut off behind the base could hide that commits of the head are in it.
    """
    boundaries = find_boundaries(system, repository)
    if not boundaries:
        return
    ends = [wanted.head] if wanted.base is None else [f"{wanted.base}...{wanted.head}"]
    cut = next((each for each in read_ids(system, repository, *ends) if each in boundaries), None)
    if cut is not None:
        said = f"this clone is shallow: it is cut off at {_short(cut)}, inside the range `{wanted.shown}`"
        raise _missing(system, repository, said, fetched)


def _missing(system: System, repository: str, said: str, lacking: list[str]) -> InputError:
    asked = ask_git(system, repository, "remote")
    if not asked.ok:  # such as a folder of somebody else's, which git does not read
        told = asked.stderr.strip().splitlines()
        said = f"git cannot read `{repository}`: " + (told[0] if told else f"it {asked.describe()}")
        return InputError(
            said, "git says more: `git log -1`" if asked.found else "`devtool setup` installs it"
        )
    remotes = asked.stdout.split()
    if not remotes:
        return InputError(said, f"there is no remote to fetch it from; {_NAMED.removeprefix('or ')}")
    remote = "origin" if "origin" in remotes else remotes[0]
    depth = ["--unshallow"] if find_boundaries(system, repository) else []
    wanted = [shlex.quote(_refspec(each, remote)) for each in lacking if not _SHORT_ID.fullmatch(each)]
    command = " ".join(["git", "fetch", "--no-tags", *depth, shlex.quote(remote), *wanted])
    return InputError(said, f"`{command}` brings it, {_NAMED}")


def _refspec(name: str, remote: str) -> str:
    """What to fetch for a name: an id and a full name as they are, a branch into its place here."""
    if is_id(name) or name.startswith("refs/"):
        return name
    branch = name.removeprefix(f"{remote}/")
    return f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"


def _short(name: str) -> str:
    return name[:10] if is_id(name) else name
