"""Real tools for tests: made once, kept in a cache folder, shared by processes."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import filelock

from tests.conftest import require

_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "devtool-tests"


def python(version: str) -> str:
    """A real interpreter of `3.N`: on PATH or from the version manager."""
    candidates = [shutil.which(f"python{version}"), sys.executable]
    for root in {os.environ.get("PYENV_ROOT", ""), *(f"{home}/.pyenv" for home in homes())}:
        candidates += [
            str(p) for p in sorted(Path(root or "/nonexistent").glob(f"versions/{version}.*/bin/python3"))
        ]
    for candidate in filter(None, candidates):
        answer = subprocess.run(
            [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.stdout.strip() == version:
            return candidate
    require(False, f"no Python {version} on this machine")
    raise AssertionError("unreachable")


def homes() -> list[str]:
    """HOME, which may be a fresh one, and the account's own, where version managers lie."""
    return list(dict.fromkeys([os.path.expanduser("~"), pwd.getpwuid(os.getuid()).pw_dir]))


def environment(name: str, python_version: str, *packages: str) -> Path:
    """A real virtual environment with these packages, made once with uv."""
    path = CACHE / f"{name}-py{python_version}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{path}.lock"):
        if not (path / "complete").exists():
            shutil.rmtree(path, ignore_errors=True)
            uv = [sys.executable, "-m", "uv", "-q"]
            subprocess.run([*uv, "venv", "--python", python(python_version), str(path)], check=True)
            pip = [*uv, "pip", "install", "--python", str(path / "bin/python"), *packages]
            subprocess.run(pip, check=True)
            (path / "complete").touch()
    return path


def conan(version: str, python_version: str = "3.11") -> Path:
    """A real environment that holds this Conan."""
    return environment(f"conan-{version}", python_version, f"conan=={version}")


def node_package(name: str, version: str) -> Path:
    """A folder into which npm has put this package, fetched once."""
    require(shutil.which("node") and shutil.which("npm"), "no node and npm on this machine")
    path = CACHE / f"npm-{name.strip('@').replace('/', '-')}-{version}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{path}.lock"):
        if not (path / "complete").exists():
            path.mkdir(exist_ok=True)
            argv = ["npm", "install", "--silent", "--prefix", str(path), f"{name}@{version}"]
            # npm trusts what it carries alone; behind a company's proxy only the system's are right.
            trusted = {"NPM_CONFIG_CAFILE": str(_CERTIFICATES)} if _CERTIFICATES.exists() else {}
            got = subprocess.run(
                argv, capture_output=True, text=True, check=False, env={**os.environ, **trusted}
            )
            require(got.returncode == 0, f"npm cannot fetch {name}: {got.stdout}{got.stderr}")
            (path / "complete").touch()
    return path
