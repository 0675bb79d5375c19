"""The environment of a build: as code for a shell, as JSON, and as a text that says why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from devtool.model.environment import Environment
from devtool.model.redaction import redact
from devtool.render.document import SCHEMA
from devtool.render.paint import paint, plain
from devtool.render.wrapping import wrapped


def code(changes: Mapping[str, str | None], shell: str) -> str:
    """What sets and unsets the variables when that shell evaluates it: `fish`, or any POSIX one."""
    speak = _fish if shell == "fish" else _posix
    return "\n".join(speak(name, value) for name, value in changes.items())


def environment_json(environment: Environment, changes: Mapping[str, str | None]) -> str:
    """Every variable with its reason, and the changes to make; escaped, so that any bytes survive."""
    data = {
        "schema": SCHEMA,
        "project": environment.project,
        "root": environment.root,
        "variables": [asdict(each) for each in environment.variables],
        "left_out": [asdict(each) for each in environment.left_out],
        "troubles": list(environment.troubles),
        "changes": dict(changes),
    }
    return json.dumps(data, indent=2)


def environment_text(environment: Environment, width: int, colour: bool) -> str:
    """Every variable with its reason, for a person."""
    where = f"{environment.project} in {environment.root}" if environment.root else "outside any project"
    lines = [paint(plain(where), "strong", colour)]
    for each in environment.variables:
        shown = [f"{folder}:" for folder in each.prepended] if each.prepended is not None else [each.value]
        shown = [redact(value) for value in shown]
        lines += ["", paint(each.name, "strong", colour), *(f"  {plain(value)}" for value in shown)]
        lines += _because(each.reason, each.source, width, colour)
    for left in environment.left_out:
        lines += ["", f"{paint(plain(left.name), 'strong', colour)}: left out"]
        lines += _because(left.reason, left.source, width, colour)
    for trouble in environment.troubles:
        lines += ["", *wrapped(f"trouble: {plain(trouble)}", width, rest="  ")]
    return "\n".join(lines)


def troubles(environment: Environment) -> list[str]:
    """What the build will miss, one line each."""
    missed: dict[str, list[str]] = {}
    for each in environment.left_out:
        if each.trouble:
            missed.setdefault(each.reason, []).append(each.name)
    # One cause often takes many variables with it.
    told = (
        []
        if environment.troubles
        else [
            f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} left out: {why}"
            for why, names in missed.items()
        ]
    )
    return [plain(each) for each in (*environment.troubles, *told)]


def _because(reason: str, source: str | None, width: int, colour: bool) -> list[str]:
    text = f"{plain(reason)} ({plain(source)})" if source else plain(reason)
    return [paint(line, "faint", colour) for line in wrapped(text, width, "    ", "    ")]


def _posix(name: str, value: str | None) -> str:
    if value is None:
        return f"unset {name}"
    # Always in quotes: zsh takes a bare `=` at the start of a word for the path of a program.
    quoted = value.replace("'", "'\\''")
    return f"export {name}='{quoted}'"


def _fish(name: str, value: str | None) -> str:
    if value is None:
        return f"set -e -g {name}"
    # The folders of PATH one by one: before fish 3 it split no string at its colons.
    parts = value.split(":") if name == "PATH" else [value]
    quoted = [part.replace("\\", "\\\\").replace("'", "\\'") for part in parts]
    return " ".join(["set -g -x", name, *(f"'{part}'" for part in quoted)])
