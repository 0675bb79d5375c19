"""Whether the Pythons here can run the checkout's Conan, take packages, and make environments."""

from __future__ import annotations

import posixpath
import re

from devtool.adapters.conan_releases import PYTHON_WITH_IMP, imports_imp, pinned
from devtool.adapters.environments import find_interpreter
from devtool.checks.check import Check, finding
from devtool.checks.packages import Packages, from_packages
from devtool.checks.tool import needed, stated
from devtool.errors import UnreadableError
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

OLD_CONAN_PYTHON = f">=3.6,{PYTHON_WITH_IMP}"
QUESTION = (
    "import os, sys, sysconfig, importlib.util as u;"
    "print('%d.%d.%d' % sys.version_info[:3]);"
    "print(sys.prefix != sys.base_prefix);"
    "print(os.path.exists(os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')));"
    # An empty folder, which some packages leave behind, is found and has no origin.
    "print(*[m for m in ('venv', 'ensurepip') if not getattr(u.find_spec(m), 'origin', None)])"
)
_PYTHON_311: Packages = {
    "dnf": ("python3.11",),
    "yum": ("python3.11",),
    "zypper": ("python311",),
    "brew": ("python@3.11",),
}
_VENV: Packages = {"apt-get": ("python3-venv",)}


def pins_old_conan(host: Host, needs: Needs) -> bool:
    """Whether the checkout pins a Conan that imports `imp`."""
    need = needs.tool("conan")
    version = pinned(need.specifier) if need and need.needed else None
    return version is not None and imports_imp(version)


def examine_conan_python(system: System, host: Host, needs: Needs) -> Finding:
    """Look for a Python old enough for a Conan that imports `imp`."""
    need = needs.tool("conan")
    conan = f"Conan {(need.specifier or '').strip('= ')}{stated(need)}" if need else "this Conan"
    found = find_interpreter(system, OLD_CONAN_PYTHON)
    if found is not None:
        return finding(
            "conan-python",
            "ok",
            f"Python {found.version} at `{found.path}` still has the `imp` that {conan} imports",
            requirement=need,
        )
    if find_interpreter(system, "") is None:
        return finding("conan-python", "unknown", "no Python here answers", requirement=need)
    return finding(
        "conan-python",
        "failure",
        f"{conan} imports `imp`, and every Python here is 3.12 or newer: `No module named 'imp'`",
        requirement=need,
        remedies=(_bring_python(system, host),),
    )


def examine_externally_managed(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether the pip that the checkout's scripts call would refuse to install Conan (PEP 668)."""
    check_id = "externally-managed"
    python = _python_of_pip(system)
    if python is None:
        return finding(check_id, "skipped", "neither `pip3` nor `python3` is on PATH")
    facts = _ask(system, python)
    if isinstance(facts, str):
        return finding(check_id, "unknown", facts)
    version, in_environment, managed, _ = facts
    if in_environment == "True":
        return finding(check_id, "ok", f"`{python}` belongs to an environment of its own")
    if managed != "True":
        return finding(check_id, "ok", f"Python {version} at `{python}` takes packages from pip")
    if conan := system.process.which("conan"):
        return finding(check_id, "ok", f"`{python}` refuses pip, and `{conan}` is there without it")
    return finding(
        check_id,
        "warning",
        f"`{python}` refuses pip (`externally-managed-environment`): "
        "this checkout's scripts cannot install Conan with it",
        remedies=(
            Remedy("give Conan an environment of its own: the cure of `conan` does, or `pipx install conan`"),
        ),
    )


def examine_venv(system: System, host: Host, needs: Needs) -> Finding:
    """Tell whether `python3` can make environments."""
    check_id = "python-venv"
    python = system.process.which("python3")
    if python is None:
        return finding(check_id, "skipped", "`python3` is not on PATH")
    facts = _ask(system, python)
    if isinstance(facts, str):
        return finding(check_id, "unknown", facts)
    version, _, _, missing = facts
    if not missing:
        return finding(check_id, "ok", f"Python {version} makes environments")
    said = f"Python {version} at `{python}` lacks {' and '.join(f'`{name}`' for name in missing.split())}"
    if system.process.which("uv"):
        return finding(check_id, "ok", f"{said}, and `uv` makes environments without")
    packaged = from_packages(system, host, _VENV, tool="venv")
    return finding(
        check_id,
        "failure",
        f"{said}: it cannot make environments",
        remedies=(packaged or Remedy("install uv (https://docs.astral.sh/uv/) or a complete Python"),),
    )


def _ask(system: System, python: str) -> tuple[str, str, str, str] | str:
    """Version, whether in an environment, whether managed, missing modules; or why they cannot be told."""
    program = _behind_shim(system, python)
    if told := _from_folders(system, program):
        return told
    answer = system.process.run([program, "-I", "-c", QUESTION], cwd="/")
    facts = answer.stdout.split("\n")
    if not answer.ok:
        return f"cannot ask `{python}`: it {answer.describe()}"
    if len(facts) < 4 or facts[1] not in ("True", "False"):
        return f"cannot ask `{python}`: its answer cannot be read"
    return facts[0], facts[1], facts[2], facts[3]


def _from_folders(system: System, python: str) -> tuple[str, str, str, str] | None:
    """The same facts by where they lie, without the 30 ms that a Python takes to start; None elsewhere."""
    files = system.files
    library = _library(system, python)
    if library is None or files.kind(f"{library}/os.py") != "file":
        return None
    missing = [m for m in ("venv", "ensurepip") if files.kind(f"{library}/{m}/__init__.py") != "file"]
    in_environment = files.kind(f"{posixpath.dirname(posixpath.dirname(python))}/pyvenv.cfg") == "file"
    managed = files.kind(f"{library}/EXTERNALLY-MANAGED") is not None
    return library.rpartition("python")[2], str(in_environment), str(managed), " ".join(missing)


def _library(system: System, python: str) -> str | None:
    """The folder of the interpreter's standard library, where it lies as Unix has it."""
    layout = re.fullmatch(r"(/.*)/bin/python(3\.\d+)", system.files.real(python))
    return f"{layout[1]}/lib/python{layout[2]}" if layout else None


def _behind_shim(system: System, python: str) -> str:
    """What pyenv's shim would run: the shim itself is a shell script that takes 100 ms."""
    home = system.machine.home(system.env)
    root = system.env.get("PYENV_ROOT") or f"{home}/.pyenv"
    if python != f"{root}/shims/python3":
        return python
    try:
        chosen = system.env.get("PYENV_VERSION") or system.files.read_text(f"{root}/version") or ""
    except UnreadableError:
        return python
    own = f"{root}/versions/{chosen.replace(':', ' ').split()[0] if chosen.strip() else 'none'}/bin/python3"
    return own if system.files.executable(own) else python


def _python_of_pip(system: System) -> str | None:
    """The interpreter that `pip3` runs on, else `python3`."""
    pip = system.process.which("pip3")
    if pip is not None:
        try:
            first = (system.files.read_text(pip) or "").split("\n", 1)[0]
        except UnreadableError:
            first = ""
        # A shim of a version manager is a shell script: then `python3` is that manager's, too.
        named = re.match(r"#!\s*(/\S*/python[\d.]*)\s*$", first)
        if named:
            return named[1]
    return system.process.which("python3")


def _bring_python(system: System, host: Host) -> Remedy:
    """Add a Python 3.11 beside the person's own, which stays as it is."""
    reason = "a Python beside yours, for this checkout's Conan alone"
    if system.process.which("uv"):
        argv, undo = ("uv", "python", "install", "3.11"), ("uv", "python", "uninstall", "3.11")
        action = RunCommand(argv, reason, undo_argv=undo)
        return Remedy(f"add a Python 3.11 beside yours: `{action.preview}`", (action,))
    if packaged := from_packages(system, host, _PYTHON_311, tool="Python 3.11"):
        return packaged
    if system.process.which("pyenv"):
        action = RunCommand(("pyenv", "install", "--skip-existing", "3.11"), reason)
        return Remedy(f"add a Python 3.11 beside yours: `{action.preview}`", (action,))
    return Remedy("install uv (https://docs.astral.sh/uv/) and run `uv python install 3.11`")


def _deciding(system: System, needs: Needs) -> tuple[str, ...]:
    """What lies beside the Pythons that these checks ask, and decides what they say."""
    pythons = {system.process.which("python3"), _python_of_pip(system)} - {None}
    places: list[str] = []
    for python in (_behind_shim(system, each) for each in sorted(filter(None, pythons))):
        places.append(f"{posixpath.dirname(posixpath.dirname(python))}/pyvenv.cfg")
        if library := _library(system, python):
            places += [f"{library}/{name}" for name in ("EXTERNALLY-MANAGED", "venv", "ensurepip")]
    return tuple(places)


PYTHON_CHECKS = (
    Check(
        "conan-python", "a Python for this checkout's Conan", "build", examine_conan_python, pins_old_conan
    ),
    Check(
        "externally-managed",
        "pip may install",
        "build",
        examine_externally_managed,
        needed("conan"),
        programs=("python3", "pip3", "conan"),
        files=_deciding,
    ),
    Check(
        "python-venv",
        "Python makes environments",
        "test",
        examine_venv,
        programs=("python3", "uv"),
        files=_deciding,
    ),
)
