"""Private Python environments: made once, complete or absent, with `uv` where it is present, else by pip."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from devtool.adapters.interpreters import Interpreter, interpreters
from devtool.adapters.mirrors import told
from devtool.errors import DevtoolError, UnreadableError
from devtool.model.codec import parse_json
from devtool.model.command import Answer
from devtool.system import System

MARKER = "devtool.json"
"""Written last into an environment: without it the folder is a leftover."""
DOWNLOADS = "downloads"
"""The folder of devtool's cache that holds all that installers fetched."""
_LOCK_SECONDS = 900.0
_INSTALL_SECONDS = 900.0
# Settings of the person's pip and uv that would send packages elsewhere.
_OWN = {
    "PIP_USER": "0", "PIP_TARGET": None, "PIP_PREFIX": None, "PIP_ROOT": None, "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_SYSTEM_PYTHON": None, "UV_PYTHON": None,
    "UV_PROJECT_ENVIRONMENT": None, "VIRTUAL_ENV": None, "CONDA_PREFIX": None,
    # uv carries its own certificates; behind a company's proxy only the system's are right.
    "UV_NATIVE_TLS": "true",
}  # fmt: skip
_NEWS = re.compile(r"(?i)\s*(?:downloading .*\d\s?Mi?B\)|building |installed |error|(?:no python|uv) )")
_FREE_SPACE = "free some space and try again"
_SMALLEST_BYTES = 8 * 1024**2
_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer",
        "the registry's certificate is not trusted here: name your proxy's CA bundle in `PIP_CERT` and "
        "`SSL_CERT_FILE`",
    ),
    (
        r"(?i)name resolution|name or service not known|nodename nor servname|could not resolve|dns error"
        r"|NewConnectionError|connection refused|network is unreachable|ProxyError|ConnectTimeout|timed out"
        r"|error sending request|client error \(connect\)",
        "no package registry answers: check the network, `https_proxy`, and `python3 -m pip config list`",
    ),
    (r"(?i)no space left on device", _FREE_SPACE),
    (
        r"(?i)failed building wheel|failed to build|could not build wheels",
        "there is no ready build for this Python and processor, and building from source failed",
    ),
    (
        r"(?i)no matching distribution|no solution found|no wheels? with",
        "the registry has no release of it that fits this Python and processor",
    ),
)

_WHEEL = re.compile(r"^Downloading ([^\s-]+)-(\d[^\s-]*)(?:-\S+)?\.whl(.*)$")

__all__ = [
    "Interpreter",
    "ensure_environment",
    "ensure_shared",
    "environment_path",
    "find_interpreter",
    "own_python",
]


def find_interpreter(system: System, specifier: str) -> Interpreter | None:
    """The first Python on this machine that satisfies the PEP 440 specifier, those on PATH first."""
    return next(interpreters(system, specifier), None)


def environment_path(system: System, name: str, python_specifier: str, packages: tuple[str, ...]) -> str:
    """Where the shared environment with these packages belongs."""
    import hashlib  # 2 ms, which every start of `doctor` would pay

    key = hashlib.sha256(json.dumps([python_specifier, sorted(packages)]).encode()).hexdigest()[:10]
    return f"{system.directories.data}/environments/{name}-{key}"


def own_python(path: str) -> str:
    """Where uv puts the Python that it fetches for the environment at `path`, on a machine that lacks one."""
    return f"{path}.python"


def ensure_environment(
    system: System,
    path: str,
    python_specifier: str,
    packages: tuple[str, ...],
    on_line: Callable[[str], None] | None = None,
) -> str:
    """Make the environment at `path` unless it stands; the path of its python.

    Raises DevtoolError with the installer's last lines when it cannot be made.
    """
    python = f"{path}/bin/python"
    wanted = _contents(python_specifier, packages)
    if _stands(system, path, wanted):
        return python
    with system.files.lock(f"{path}.lock", _LOCK_SECONDS):
        if _stands(system, path, wanted):
            return python
        try:
            _make(system, path, python_specifier, packages, _brief(on_line))
        except BaseException:
            system.files.remove_tree(path)
            system.files.remove_tree(own_python(path))
            raise
        system.files.write(f"{path}/{MARKER}", json.dumps(wanted).encode())
    return python


def ensure_shared(
    system: System,
    name: str,
    python_specifiers: tuple[str, ...],
    packages: tuple[str, ...],
    on_line: Callable[[str], None] | None = None,
) -> str:
    """The shared environment with these packages, for the first of the specifiers that this machine has."""
    paths = {each: environment_path(system, name, each, packages) for each in python_specifiers}
    for specifier, path in paths.items():
        if _stands(system, path, _contents(specifier, packages)):
            return f"{path}/bin/python"
    chosen = next((each for each in paths if find_interpreter(system, each)), python_specifiers[-1])
    return ensure_environment(system, paths[chosen], chosen, packages, on_line)


def _contents(specifier: str, packages: tuple[str, ...]) -> dict[str, object]:
    return {"python": specifier, "packages": sorted(packages)}


def _stands(system: System, path: str, wanted: dict[str, object]) -> bool:
    try:
        marker = parse_json(system.files.read_text(f"{path}/{MARKER}") or "null")
    except (ValueError, UnreadableError):
        return False
    # The interpreter it was made from may have been removed since.
    return marker == wanted and system.files.executable(f"{path}/bin/python")


def _make(
    system: System, path: str, specifier: str, packages: tuple[str, ...], on_line: Callable[[str], None]
) -> None:
    if uv := system.process.which("uv"):
        interpreter = find_interpreter(system, specifier)
        if interpreter is None:
            on_line(f"no Python{_said(specifier)} on this machine: letting uv fetch one")
        chosen = interpreter.path if interpreter else (specifier or "3")
        answer = _run(
            system, [uv, "venv", "--no-project", "--python", chosen], path, on_line, own_python(path)
        )
        if answer.ok and packages:
            answer = _install_by_uv(system, uv, f"{path}/bin/python", packages, on_line)
        if answer.ok:
            return
        # It does not read pip's configuration, where people name their mirrors.
        on_line(f"uv {answer.describe()}: trying pip")
    interpreter = _pip_interpreter(system, specifier)
    answer = _run(system, [interpreter.path, "-m", "venv"], path, on_line)
    if answer.ok and packages:
        argv = [f"{path}/bin/python", "-m", "pip", "install", "--prefer-binary", "--retries", "1", *packages]
        answer = _run(system, argv, None, on_line)
    if not answer.ok:
        raise _failure(answer, packages, interpreter, _is_full(system, path))


def _install_by_uv(
    system: System, uv: str, python: str, packages: tuple[str, ...], on_line: Callable[[str], None]
) -> Answer:
    """Install from what was fetched before, else from the network."""
    argv = [uv, "pip", "install", "--python", python, *packages]
    cache = system.env.get("UV_CACHE_DIR") or _caches(system).get("UV_CACHE_DIR")
    if cache and system.files.kind(cache):
        # Else it asks anew, and builds anew, for every mirror that says nothing of how long an answer holds.
        answer = _run(system, [*argv, "--offline"], None, lambda _: None)
        if answer.ok:
            return answer
    return _run(system, argv, None, on_line)


def _run(
    system: System,
    argv: list[str],
    fresh: str | None,
    on_line: Callable[[str], None],
    pythons: str | None = None,
) -> Answer:
    """Run an installer; `fresh` is a folder it makes, emptied before, `pythons` for one that uv fetches."""
    if fresh is not None:
        system.files.remove_tree(fresh)
        argv = [*argv, fresh]
    places = {"UV_PYTHON_INSTALL_DIR": pythons} if pythons else {}
    env = {**_OWN, **_caches(system), **places, **told(system.env)}
    return system.process.run(argv, timeout_seconds=_INSTALL_SECONDS, cwd="/", env=env, on_line=on_line)


def _caches(system: System) -> dict[str, str]:
    """Where pip and uv keep what they fetched: with devtool's own, unless the person says where."""
    cache = system.directories.cache
    if cache is None:
        return {}
    places = {"PIP_CACHE_DIR": f"{cache}/{DOWNLOADS}/pip", "UV_CACHE_DIR": f"{cache}/{DOWNLOADS}/uv"}
    return {name: place for name, place in places.items() if not system.env.get(name)}


def _pip_interpreter(system: System, specifier: str) -> Interpreter:
    incomplete = None
    for interpreter in interpreters(system, specifier):
        if interpreter.makes_environments:
            return interpreter
        incomplete = incomplete or interpreter
    if incomplete is not None:
        raise DevtoolError(
            f"`{incomplete.path}` cannot make environments: it lacks venv or ensurepip",
            "install uv, or the system's package `python3-venv` (Debian, Ubuntu)",
        )
    raise DevtoolError(
        f"no Python{_said(specifier)} on this machine",
        "install uv, which fetches one, or install such a Python",
    )


def _is_full(system: System, path: str) -> bool:
    """Whether the disk has no room for an environment; venv keeps to itself what its pip died of."""
    free = system.files.free_bytes(path)
    return free is not None and free < _SMALLEST_BYTES


def _failure(
    answer: Answer, packages: tuple[str, ...], interpreter: Interpreter, is_full: bool
) -> DevtoolError:
    output = answer.output
    cause = next((hint for pattern, hint in _CAUSES if re.search(pattern, output)), None)
    if cause is None and is_full:
        cause = _FREE_SPACE
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = ([line for line in lines if re.match("(?i)error", line)] or lines)[-4:]
    what = f"install `{' '.join(packages)}`" if packages else "make an environment"
    return DevtoolError(
        f"cannot {what} with Python {interpreter.version}: "
        f"{'pip' if 'pip' in answer.argv else 'venv'} {answer.describe()}",
        "\n  ".join([*([cause] if cause else []), *last]) or None,
    )


def _said(specifier: str) -> str:
    return f" {specifier}" if specifier else ""


def _brief(on_line: Callable[[str], None] | None) -> Callable[[str], None]:
    """Pass on what tells of progress; pip prints ten lines a package."""

    def tell(line: str) -> None:
        if on_line is None:
            return
        if line.startswith("Installing collected packages:"):
            count = line.count(",") + 1
            on_line(f"installing {count} package{'s' if count > 1 else ''}")
        elif _NEWS.match(line):
            on_line(_WHEEL.sub(r"downloading \1 \2\3", line.strip()))

    return tell
