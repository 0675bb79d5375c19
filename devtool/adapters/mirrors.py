"""Which mirrors hold: a flag before the environment, the environment before the checkout's `devtool.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from devtool.errors import InputError
from devtool.model.mirrors import KINDS, Mirror, is_address, own_variable

if TYPE_CHECKING:
    from devtool.system import System

FLAG = "--mirror"
_TOLD = tuple(dict.fromkeys(name for kind in KINDS.values() for name, _ in kind.told))
_HINT = "give an address such as `https://mirror.example/simple`"


def given(values: Sequence[str]) -> tuple[Mirror, ...]:
    """The mirrors of `KIND=URL` on the command line. Raises InputError."""
    found: dict[str, Mirror] = {}
    for value in values:
        kind, equals, url = value.partition("=")
        if kind not in KINDS or not equals:
            near = get_close_matches(kind, KINDS, n=1)
            hint = f"did you mean `{near[0]}=URL`?" if near else f"kinds are {', '.join(KINDS)}"
            raise InputError(f"`{FLAG}` takes KIND=URL, and no kind is called so", hint)
        if kind in found:
            raise InputError(f"`{FLAG} {kind}=` is given twice", "one of each kind holds")
        found[kind] = Mirror(kind, _checked(url, f"`{FLAG} {kind}=`"), FLAG)
    return tuple(found.values())


def mirrors(system: System, flags: Sequence[Mirror], stated: Sequence[Mirror]) -> tuple[Mirror, ...]:
    """The one mirror of each kind that holds, in the order of KINDS. Raises InputError."""
    by_flag = {each.kind: each for each in flags}
    by_file = {each.kind: each for each in reversed(stated)}
    found = (by_flag.get(kind) or _from_environment(system.env, kind) or by_file.get(kind) for kind in KINDS)
    return tuple(each for each in found if each)


def with_mirrors(system: System, chosen: Sequence[Mirror]) -> System:
    """The same doors, with the mirrors in the environment that installers are told from."""
    env = dict(system.env)
    for mirror in chosen:
        variables = dict(mirror.variables)
        if mirror.source not in KINDS[mirror.kind].customary:
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
