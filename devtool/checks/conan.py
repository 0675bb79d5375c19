"""Conan: one major or the other, and a Python it can live on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from devtool.adapters.conan_releases import PYTHON_WITH_IMP, imports_imp, pinned
from devtool.adapters.versions import compare, major, satisfies
from devtool.checks.check import Check, finding
from devtool.checks.packages import first_fitting, in_environment
from devtool.checks.tool import Seen, absent, ask, judge, needed, stated, unknown
from devtool.errors import DevtoolError
from devtool.model.host import Host
from devtool.model.remedy import Remedy
from devtool.model.report import Finding, Severity
from devtool.model.requirement import Needs, Requirement
from devtool.system import System

# 1.66.0 ends the first line; a Conan 2 is taken as the checkout pins it.
RELEASES = ("1.66.0", "2.25.1")
_GONE_MODULE = re.compile(r"No module named '(imp|distutils)'")
_FRAME = re.compile(r'File "(?P<prefix>/[^"]*?)/lib/python(?P<version>3\.\d+)/')
_PATTERN = r"Conan version (\d+\.\d+(?:\.\d+)?)"
_WRONG_MAJOR = {
    1: (
        "a Conan 2 dies on this checkout's recipes and scripts with"
        " `unrecognized arguments: --install-folder`"
    ),
    2: "a Conan 1 cannot read this checkout's recipes: it refuses their `required_conan_version`",
}
_BUILD_SCRIPT = "scripts/3rdparty_build.sh"


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Hold the Conan that the build would call against the checkout."""
    need = needs.tool("conan")
    command = _command(system, needs)
    with _throw_away_home(system) as home:
        seen = ask(
            system,
            [command, "--version"],
            pattern=_PATTERN,
            env={"CONAN_HOME": home, "CONAN_USER_HOME": home, "CONAN_USER_HOME_SHORT": "None"},
        )
    remedies = _remedies(system, need)
    if command != "conan":
        remedies = (Remedy(f"`unset CONAN_CMD`: the build calls `{command}` because of it"), *remedies)
    if seen.absent:
        return absent("conan", need, seen, remedies=remedies)
    if seen.answer is not None and not seen.answer.found:
        named = _interpreter(system, seen)
        summary = f"`{seen.path}` cannot be started: its interpreter {f'`{named}` ' if named else ''}is gone"
        return finding("conan", "failure", summary, *seen.evidence, requirement=need, remedies=remedies)
    if seen.answer is not None and (gone := _GONE_MODULE.search(seen.answer.output)):
        return _dead(system, need, seen, gone[1], remedies)
    if seen.version is None:
        return unknown("conan", need, seen)
    lacking: Severity = "warning" if _untested_and_newer(need, seen.version) else "failure"
    return _majors(need, seen, remedies) or judge("conan", need, seen, lacking=lacking, remedies=remedies)


def _command(system: System, needs: Needs) -> str:
    """What the build calls: `CONAN_CMD` where its script reads that, else `conan`."""
    chosen = system.env.get("CONAN_CMD")
    if not chosen or needs.root is None:
        return "conan"
    with suppress(DevtoolError):
        if "CONAN_CMD" in (system.files.read_text(f"{needs.root}/{_BUILD_SCRIPT}") or ""):
            return chosen
    return "conan"


@contextmanager
def _throw_away_home(system: System) -> Iterator[str]:
    """A folder for the home that both Conans write on their first word, gone afterwards."""
    name = f"probe-conan-{system.clock.now():.6f}"
    home = f"{system.env.get('TMPDIR') or '/tmp'}/devtool-{name}"  # noqa: S108  # where no cache can be
    made: list[str] = []
    with suppress(DevtoolError):
        if (cache := system.directories.cache) is not None:
            made = [each for each in (cache, posixpath.dirname(cache)) if system.files.kind(each) is None]
            system.files.make_folder(f"{cache}/{name}")
            home = f"{cache}/{name}"
    try:
        yield home
    finally:
        with suppress(DevtoolError):
            system.files.remove_tree(home)
            for folder in made:
                if not system.files.names(folder):
                    system.files.remove_tree(folder)


def _dead(
    system: System, need: Requirement | None, seen: Seen, module: str, remedies: tuple[Remedy, ...]
) -> Finding:
    """The verdict on a Conan whose Python has lost a module that it imports."""
    frame = _FRAME.search(seen.answer.output if seen.answer else "")
    path = _interpreter(system, seen) or (f"{frame['prefix']}/bin/python" if frame else None)
    interpreter = f"its interpreter `{path}`" if path else "its interpreter"
    version = frame["version"] if frame else "3.12 or newer"
    summary = (
        f"{seen.command} is here and cannot run: {interpreter} is Python {version}, which has no `{module}`"
    )
    evidence = (*seen.evidence[:1], f"No module named '{module}'")
    return finding("conan", "failure", summary, *evidence, requirement=need, remedies=remedies)


def _interpreter(system: System, seen: Seen) -> str | None:
    """The interpreter that the command's script names."""
    if seen.path is None:
        return None
    try:
        lines = (system.files.read_text(system.files.real(seen.path)) or "").splitlines()[:2]
    except DevtoolError:
        return None
    if not lines or not lines[0].startswith("#!"):
        return None
    words = lines[0][2:].split()
    # pip writes `#!/bin/sh` and `'''exec' "/path with spaces/python" …` where the path is long or has spaces.
    if words and words[0] == "/bin/sh" and len(lines) > 1:
        quoted = re.match(r"'''exec' \"?([^\"]+?)\"? \"\$0\"", lines[1])
        return quoted[1] if quoted else None
    if words and words[0].endswith("/env"):
        return system.process.which(words[-1])
    return words[0] if words else None


def _majors(need: Requirement | None, seen: Seen, remedies: tuple[Remedy, ...]) -> Finding | None:
    """The verdict on the wrong major, or None."""
    wanted = _wanted_major(need)
    if need is None or wanted is None or seen.version is None or major(seen.version) == wanted:
        return None
    summary = (
        f"{seen.command} {seen.version} is here, and this checkout needs Conan {wanted}"
        f" (`{need.specifier}`{_in(need)}): {_WRONG_MAJOR[wanted]}"
    )
    return finding("conan", "failure", summary, *seen.evidence, requirement=need, remedies=remedies)


def _untested_and_newer(need: Requirement | None, version: str) -> bool:
    """Whether no script tests the pin and what is here is newer: then it is no condition of building.

    An older one knows fewer compilers, and its recipes may ask for what it lacks.
    """
    exact = pinned(need.specifier) if need else None
    if need is None or need.confidence == "enforced" or exact is None:
        return False
    return compare(version, exact) == 1


def _in(need: Requirement) -> str:
    return f", {need.source}" if need.source else ""


def _wanted_major(need: Requirement | None) -> int | None:
    """The one major that the specifier allows, or None when it allows both."""
    if need is None or not need.specifier:
        return None
    version = pinned(need.specifier)
    if version is not None:
        return major(version) if major(version) in _WRONG_MAJOR else None
    allowed = [n for n in _WRONG_MAJOR if any(satisfies(f"{n}.{m}", need.specifier) for m in (0, 66, 999))]
    return allowed[0] if len(allowed) == 1 else None


def _remedies(system: System, need: Requirement | None) -> tuple[Remedy, ...]:
    """The right Conan in an environment of its own, with a Python it can live on."""
    if need is None or need.specifier is None:
        return ()
    version = pinned(need.specifier) or first_fitting(RELEASES, need.specifier)
    if version is None or system.machine.home(system.env) is None:
        return (Remedy(f'install a Conan that fits: `pipx install "conan{need.specifier}"`'),)
    old = imports_imp(version)
    reason = f"this checkout needs Conan `{need.specifier}`{stated(need)}"
    if old:
        reason += f", and Conan {version} dies on Python 3.12 and newer"
    python = PYTHON_WITH_IMP if old else ">=3.8"
    return (in_environment(system, tool="conan", version=version, reason=reason, python_specifier=python),)


def _deciding(system: System, needs: Needs) -> list[str]:
    """The build's script, the Conan it is told to call, and the interpreter behind each Conan.

    A newer Python may lack a module, and what a link means changes with what it points to: so no path is
    resolved here.
    """
    chosen = (system.env.get("CONAN_CMD") or "conan",)
    paths = [p for name in (*chosen, "conan", "conan-1", "conan-2") for p in system.process.which_all(name)]
    named = [_interpreter(system, Seen(path, path)) for path in paths]
    script = [f"{needs.root}/{_BUILD_SCRIPT}"] if needs.root else []
    return [*script, *paths, *(path for path in named if path)]


CONAN = Check(
    "conan",
    "Conan is the version this checkout needs",
    "build",
    examine,
    needed("conan"),
    programs=("conan", "conan-1", "conan-2"),
    variables=("CONAN_CMD",),
    files=_deciding,
)
