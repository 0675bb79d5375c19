"""The scripts by which private tools are found: one folder of them is on PATH."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable

SHIM_MARK = "# Made by devtool, whose undo removes it."


def shim_text(program: str, *, without: Iterable[str] = (), settings: Iterable[tuple[str, str]] = ()) -> str:
    """A script that starts the program, free of the caller's variables named in `without`.

    A script rather than a link: what the caller has set for another tool of that name must not reach it.
    """
    cleared = f"unset {' '.join(without)}\n" if without else ""
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings)
    return f'#!/bin/sh\n{SHIM_MARK}\n{cleared}{exports}exec {shlex.quote(program)} "$@"\n'


def placing(*shims: tuple[str, str]) -> tuple[str, ...]:
    """The shell lines that write scripts, each a path and its text, and spare what is there."""
    folders = dict.fromkeys(posixpath.dirname(path) for path, _ in shims)
    lines = [f"mkdir -p {' '.join(map(shlex.quote, folders))}"]
    for path, text in shims:
        lines.append(
            f"{{ test -e {shlex.quote(path)} || printf %s {shlex.quote(text)} > {shlex.quote(path)}; }}"
        )
    return (*lines, f"chmod 755 {' '.join(shlex.quote(path) for path, _ in shims)}")
