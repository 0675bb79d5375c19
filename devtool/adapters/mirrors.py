"""Which mirrors hold: of flag, environment, the person's file and the checkout's the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.environment import without_changes
from devtool.model.mirrors import KINDS, Mirror, is_address, own_variable

if TYPE_CHECKING:
    from devtool.system import System

FLAG = "--mirror"
_TOLD = tuple(dict.fromkeys(name for kind in KINDS.values() for name, _ in kind.told))
_HINT = "give an address such as `https://mirror.example/simple`"


def given(values: Sequence[str], flag: str = FLAG) -> tuple[Mirror, ...]:
    """The mirrors of `KIND=URL` on the command line, however many of a kind. Raises InputError."""
    found = []
    for value in values:
        kind, equals, url = value.partition("=")
        if kind not in KINDS or not equals:
            near = get_close_matches(kind, KINDS, n=1)
            hint = f"did you mean `{near[0]}=URL`?" if near else f"kinds are {', '.join(KINDS)}"
            raise InputError(f"`{flag}` takes KIND=URL, and no kind is called so", hint)
        found.append(Mirror(kind, _checked(url, f"`{flag} {kind}=`"), flag))
    return tuple(found)


def require_effect(system: System, flags: Sequence[Mirror]) -> None:
    """Refuse what is named twice, and what nothing here would fetch from. Raises InputError."""
    for number, each in enumerate(flags):
        kind = KINDS[each.kind]
        if any(other.kind == each.kind for other in flags[:number]):
            raise InputError(f"`{FLAG} {each.kind}=` is given twice", "one of each kind holds")
        if not kind.by_setup:
            raise InputError(
                f"`devtool setup` fetches no {kind.what}, so `{FLAG} {each.kind}=` would change nothing",
                f"`{own_variable(each.kind)}` or `[mirrors]` in `devtool.toml` has `devtool env` tell builds",
            )
        if kind.program and system.process.which(kind.program) is None:
            raise InputError(
                f"there is no `{kind.program}` here, so `{FLAG} {each.kind}=` would change nothing",
                f"leave out `{FLAG} {each.kind}=`",
            )


def mirrors(system: System, flags: Sequence[Mirror], stated: Sequence[Mirror]) -> tuple[Mirror, ...]:
    """The mirror of each kind that holds, in the order of KINDS; of those stated the first.

    Raises InputError.
    """
    by_flag = {each.kind: each for each in flags}
    by_file = {each.kind: each for each in reversed(stated)}
    env = without_changes(system.env)
    found = (by_flag.get(kind) or _from_environment(env, kind) or by_file.get(kind) for kind in KINDS)
    return tuple(each for each in found if each)


def with_mirrors(system: System, chosen: Sequence[Mirror]) -> System:
    """The same doors, with the mirrors in the environment that installers are told from.

    A kind that no program's variable names is told by devtool's own.
    """
    own = without_changes(system.env)
    # What an earlier `devtool env` left in this shell says nothing of what holds now.
    env = {name: value for name, value in system.env.items() if name not in _TOLD or name in own}
    env |= {name: own[name] for name in _TOLD if name in own}
    for mirror in chosen:
        variables = dict(mirror.variables) or {own_variable(mirror.kind): mirror.url}
        if mirror.source in (FLAG, own_variable(mirror.kind)):
            env |= variables
            continue
        # What the person set stands as it is; the tool's kin, which does not read it, is told the same.
        if "UV_INDEX_URL" in env:
            variables.pop("UV_DEFAULT_INDEX", None)
        env = variables | env
    return replace(system, env=env)


def told(env: Mapping[str, str]) -> dict[str, str]:
    """The variables by which installers are told of mirrors."""
    return {name: env[name] for name in _TOLD if name in env}


def told_to_builds(system: System, chosen: Sequence[Mirror]) -> list[tuple[str, str, Mirror]]:
    """Variables, values and mirrors that a build's environment lacks."""
    for_builds = [each for each in chosen if _fetched_by_builds(system, each.kind)]
    now, own = with_mirrors(system, for_builds).env, without_changes(system.env)
    return [
        (name, now[name], each)
        for each in for_builds
        for name, _ in each.variables
        if name in now and now[name] != own.get(name)
    ]


def _fetched_by_builds(system: System, name: str) -> bool:
    kind = KINDS[name]
    return kind.by_builds and (kind.program is None or system.process.which(kind.program) is not None)


def _from_environment(env: Mapping[str, str], kind: str) -> Mirror | None:
    own = own_variable(kind)
    for name in KINDS[kind].customary:
        # GOPROXY is a list, and other tools take addresses of other kinds: those are theirs to read.
        url = env.get(name, "").replace("|", ",").split(",")[0].strip()
        if is_address(url):
            return Mirror(kind, url, name)
    return Mirror(kind, _checked(env[own], f"`{own}`"), own) if env.get(own) else None


def _checked(url: str, where: str) -> str:
    if not is_address(url):
        raise InputError(f"{where} names no http or https address", _HINT)
    return url
