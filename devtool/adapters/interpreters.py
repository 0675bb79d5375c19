"""Finding a Python on this machine: on PATH, in the version managers, in Homebrew."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from devtool.adapters.homebrew import PREFIXES
from devtool.adapters.versions import is_version
from devtool.system import System

NAMES = (*(f"python3.{minor}" for minor in range(14, 7, -1)), "python3", "python")
_FOLDERS = tuple(f"{prefix}/bin" for prefix in PREFIXES)
# The base interpreter: one found in an active environment goes when that environment goes.
_PROBE = (
    "import sys, importlib.util as u;"
    "print(getattr(sys, '_base_executable', '') or sys.executable);"
    "print('%d.%d.%d' % sys.version_info[:3] + ('' if sys.version_info[3] == 'final' else 'a0'));"
    "print(all(u.find_spec(m) for m in ('venv', 'ensurepip')))"
)


@dataclass(frozen=True)
class Interpreter:
    """One Python."""

    path: str
    version: str
    makes_environments: bool = True
    """Whether it brings `venv` and `ensurepip`, which Debian packages apart."""


def interpreters(system: System, specifier: str) -> Iterator[Interpreter]:
    """Every Python that satisfies the PEP 440 specifier, those on PATH first, asked one at a time."""
    from packaging.specifiers import SpecifierSet

    wanted = SpecifierSet(specifier)
    asked: set[str] = set()
    given: set[str] = set()
    for path in _candidates(system):
        if path in asked | given:
            continue
        asked.add(path)
        answer = system.process.run([path, "-I", "-c", _PROBE], cwd="/")
        facts = answer.stdout.split("\n")
        if not answer.ok or len(facts) < 3:  # a version manager's shim with no version chosen
            continue
        base, version, complete = facts[:3]
        real = system.files.real(base)
        if is_version(version) and version in wanted and real not in given:
            given |= {base, real}
            yield Interpreter(base, version, complete == "True")


def folders(system: System) -> Iterator[str]:
    """Folders whose contents decide, beside PATH, which Pythons there are."""
    yield from (folder for folder, _ in _managed(system))
    yield from _FOLDERS


def _candidates(system: System) -> Iterator[str]:
    shims: list[str] = []
    for name in NAMES:
        for path in system.process.which_all(name):
            # A shim takes 100 ms and more to find what lies among the managed ones below.
            if posixpath.basename(posixpath.dirname(path)) == "shims":
                shims.append(path)
            else:
                yield path
    for folder, below in _managed(system):
        versions = [n for n in system.files.names(folder) if n[:1].isdigit() or n.startswith("cpython-3")]
        for version in sorted(versions, key=_by_number, reverse=True):
            path = f"{folder}/{version}/{below}"
            if system.files.executable(path):
                yield path
    for folder in _FOLDERS:
        for name in NAMES[:-1]:
            if system.files.executable(f"{folder}/{name}"):
                yield f"{folder}/{name}"
    yield from shims


def _managed(system: System) -> Iterator[tuple[str, str]]:
    """Folders that hold one Python a version, and where it lies below each."""
    env = system.env
    home = system.machine.home(env)
    shared = env.get("XDG_DATA_HOME") or (f"{home}/.local/share" if home else None)
    for variable, base, default, below in (
        ("PYENV_ROOT", home, ".pyenv", "versions"),
        ("ASDF_DATA_DIR", home, ".asdf", "installs/python"),
        ("MISE_DATA_DIR", shared, "mise", "installs/python"),
        ("UV_PYTHON_INSTALL_DIR", shared, "uv/python", ""),
    ):
        root = env.get(variable) or (f"{base}/{default}" if base else None)
        if root:
            yield posixpath.join(root, below).rstrip("/"), "bin/python3"
    yield "/Library/Frameworks/Python.framework/Versions", "bin/python3"


def _by_number(name: str) -> tuple[int, ...]:
    import re

    return tuple(map(int, re.findall(r"\d+", name)))
