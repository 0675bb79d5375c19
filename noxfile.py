"""The parts of `scripts/test`, one by one and on every Python of the machine."""

import os
import pwd
import re
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "uv|virtualenv"

OLDEST = (3, 10)


def interpreters() -> list[object]:
    """One interpreter of each minor version, on PATH or in pyenv; a shim may have nothing behind it."""
    found: dict[tuple[int, int], str] = {}
    homes = {Path.home(), Path(pwd.getpwuid(os.getuid()).pw_dir)}
    roots = {Path(os.environ.get("PYENV_ROOT", "/nonexistent")), *(home / ".pyenv" for home in homes)}
    for root in sorted(roots):
        for python in sorted(root.glob("versions/3.*/bin/python3")):
            if match := re.fullmatch(r"3\.(\d+)\.\d+", python.parts[-3]):
                found[3, int(match[1])] = str(python)
    for minor in range(OLDEST[1], 20):
        path = shutil.which(f"python3.{minor}")
        if path and "shims" not in Path(path).parts:
            found.setdefault((3, minor), path)
    return [nox.param(found[v], id=f"3.{v[1]}") for v in sorted(found) if v >= OLDEST]


def prepare(session: nox.Session) -> None:
    """Everything locked, and the package as it stands in the working tree."""
    session.install("--require-hashes", "--requirement", "requirements-dev.lock")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")


@nox.session
@nox.parametrize("python", interpreters())
def tests(session: nox.Session) -> None:
    """Everything but the tests of real tools."""
    prepare(session)
    session.run("python", "-m", "pytest", "-m", "not real", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style of Python and of the shell scripts."""
    prepare(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    hooks = Path("devtool/hooks")
    programs = sorted(str(p) for folder in (Path("scripts"), hooks) for p in folder.iterdir())
    session.run("shellcheck", "-x", *programs, ".ci/run")


@nox.session
def types(session: nox.Session) -> None:
    """Types, as strictly as mypy can."""
    prepare(session)
    session.run("mypy")


@nox.session
def real(session: nox.Session) -> None:
    """Tests of real tools."""
    prepare(session)
    session.run("python", "-m", "pytest", "-m", "real", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Every performance claim, as ratios."""
    prepare(session)
    for path in sorted(Path("benchmarks").glob("*.py")):
        session.run("python", str(path), success_codes=[0, 1])
