"""What a build wants in its environment: each variable with its reason, and how all of it is taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RECORD = "DEVTOOL_ENV_CHANGES"
"""The variable that remembers what was there before, as JSON."""
SHELL = "DEVTOOL_SHELL"
"""Set by `devtool shell`, to the checkout it was opened for."""

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# What shells and other programs run things by: a file of a checkout has no say in these.
_NOT_FOR_A_BUILD = re.compile(
    r"PATH|HOME|SHELL|IFS|ENV|PS\d|PWD|USER|EDITOR|VISUAL|PAGER|TERM|ZDOTDIR|PROMPT_COMMAND|HISTFILE"
    r"|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|(?:BASH|GIT|PYTHON|PERL|RUBY|NODE|DEVTOOL|SSH|XDG)_?\w*"
)


@dataclass(frozen=True)
class Variable:
    """One variable as the build wants it."""

    name: str
    value: str
    reason: str
    source: str | None = None
    """`path:line` of the statement that sets it, None where devtool does by itself."""
    before: str | None = None
    """What the person has there, None where it is not set."""
    prepended: tuple[str, ...] | None = None
    """The folders of ours in a list of folders; None for a variable that is set as a whole."""


@dataclass(frozen=True)
class LeftOut:
    """A variable that the checkout's script sets, and devtool does not."""

    name: str
    reason: str
    source: str | None
    trouble: bool = False
    """Whether the build will miss it."""


@dataclass(frozen=True)
class Environment:
    """Everything the build wants, over what the person has."""

    project: str | None
    root: str | None
    variables: tuple[Variable, ...]
    left_out: tuple[LeftOut, ...] = ()
    troubles: tuple[str, ...] = ()
    """What is not as the build wants it, one line each."""


def may_be_set(name: str) -> bool:
    """Whether a project's files may set the variable."""
    return _NAME.fullmatch(name) is not None and not _NOT_FOR_A_BUILD.fullmatch(name)


def prepended(folders: Sequence[str], before: str | None) -> str:
    """The folders before the person's own, none of them twice; what is the person's keeps its order."""
    own = before.split(":") if before else []
    return ":".join([*folders, *(each for each in own if each not in folders)])


def changes(environment: Environment, now: Mapping[str, str]) -> dict[str, str | None]:
    """What is to be set in a shell that has `now`, None for what is to be unset.

    What an earlier call set there and this one does not goes back to what it was.
    """
    kept = {each.name: _kept(each) for each in environment.variables}
    wanted: dict[str, str | None] = {each.name: each.value for each in environment.variables}
    wanted[RECORD] = json.dumps(kept, separators=(",", ":"))
    return {**taken_back(now), **wanted}


def taken_back(now: Mapping[str, str]) -> dict[str, str | None]:
    """What undoes the changes that `now` records; what the person changed since is theirs."""
    changed = {name: _before(name, now.get(name), kept) for name, kept in _recorded(now).items()}
    return {**changed, **({RECORD: None} if RECORD in now else {})}


def without_changes(now: Mapping[str, str]) -> dict[str, str]:
    """`now` as it was before devtool changed it."""
    return applied(now, taken_back(now))


def applied(now: Mapping[str, str], changed: Mapping[str, str | None]) -> dict[str, str]:
    """`now` with the changes made."""
    return {name: value for name, value in {**now, **changed}.items() if value is not None}


def _kept(variable: Variable) -> dict[str, str | list[str] | None]:
    ours = {"value": variable.value} if variable.prepended is None else {"folders": [*variable.prepended]}
    return {"before": variable.before, **ours}


def _before(name: str, value: str | None, kept: Mapping[str, object]) -> str | None:
    before, folders = kept.get("before"), kept.get("folders")
    was = before if isinstance(before, str) else None
    if value is None and name.startswith("DYLD_"):
        # On macOS `/bin/sh` and its like hide these from what they start: nobody unset it.
        return was
    if not isinstance(folders, list):
        return was if value == kept.get("value") else value
    ours = [str(each) for each in folders]
    if value is None or value == prepended(ours, was):
        return was if value is not None else None
    strange = [each for each in ours if each not in (was or "").split(":")]
    left = ":".join(each for each in value.split(":") if each not in strange)
    return None if was is None and not left else left


def _recorded(now: Mapping[str, str]) -> dict[str, Mapping[str, object]]:
    try:
        data = json.loads(now.get(RECORD, "{}"))
    except ValueError:
        return {}
    entries = data.items() if isinstance(data, dict) else ()
    return {name: kept for name, kept in entries if _NAME.fullmatch(name) and isinstance(kept, dict)}
