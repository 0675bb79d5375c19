"""Python: one interpreter that fits, anywhere it can be reached."""

from __future__ import annotations

from devtool.adapters.interpreters import NAMES, Interpreter, folders, interpreters
from devtool.adapters.versions import satisfies
from devtool.checks.check import Check, finding
from devtool.checks.packages import from_packages, same_name
from devtool.checks.tool import needed, stated
from devtool.model.host import Host
from devtool.model.remedy import Remedy, RunCommand
from devtool.model.report import Finding
from devtool.model.requirement import Needs
from devtool.system import System

# What the client of the embedded server asks for, where no checkout asks for anything.
_EMBEDDED = ">=3.8"
# Newest last: 3.11 is right for every Conan there has been.
_RELEASES = ("3.11", "3.12", "3.10", "3.13")
_DISTRIBUTED = {
    ("debian", "12"): "3.11",
    ("debian", "13"): "3.13",
    ("ubuntu", "22.04"): "3.10",
    ("ubuntu", "24.04"): "3.12",
}


def examine(system: System, host: Host, needs: Needs) -> Finding:
    """Look for an interpreter that satisfies the checkout, else say which ones are here."""
    need = needs.tool("python")
    specifier = (need.specifier or "") if need else _EMBEDDED
    here: list[Interpreter] = []
    for each in interpreters(system, ""):
        if satisfies(each.version, specifier):
            return finding("python", "ok", f"python {each.version}", each.path, requirement=need)
        here.append(each)
    named = system.process.which("python3")
    if not here and named:
        summary = f"`{named}` does not say which Python it is"
        return finding("python", "unknown", summary, requirement=need)
    found = ", ".join(dict.fromkeys(each.version for each in here))
    who = (
        f"this checkout needs {f'Python `{specifier}`' if specifier else 'one'}{stated(need)}"
        if need
        else "a Python 3.8 or newer is needed"
    )
    return finding(
        "python",
        "failure",
        f"{f'python {found} does not fit' if found else 'no Python is here'}; {who}",
        *(f"{each.path}: {each.version}" for each in here),
        requirement=need,
        remedies=_remedies(system, host, specifier),
    )


def _remedies(system: System, host: Host, specifier: str) -> tuple[Remedy, ...]:
    """A further Python beside the person's own, by what this machine has."""
    release = next((each for each in _RELEASES if satisfies(f"{each}.99", specifier)), None)
    if release is None:
        return (Remedy(f"install a Python that satisfies `{specifier}` beside the one you have"),)
    packages: dict[str, tuple[str, ...]] = {"brew": (f"python@{release}",)}
    distributed = _DISTRIBUTED.get((host.distribution or "", host.version or ""))
    if distributed and satisfies(f"{distributed}.99", specifier):
        packages["apt-get"] = (f"python{distributed}", f"python{distributed}-venv")
    if not specifier:
        # Where any version will do, the distribution's own will, whatever it is called there.
        packages = {**same_name("python3"), **packages}
    remedy = from_packages(system, host, packages, tool="Python" if specifier else "python")
    if remedy is not None:
        return (remedy,)
    if system.process.which("uv"):
        action = RunCommand(
            ("uv", "python", "install", release),
            f"the checkout needs Python {specifier}".rstrip(),
            undo_argv=("uv", "python", "uninstall", release),
        )
        return (Remedy(f"`{action.preview}` puts one beside the one you have", (action,)),)
    return (Remedy(f"`pyenv install {release}` or `uv python install {release}` puts one beside yours"),)


def _applies(host: Host, needs: Needs) -> bool:
    # Without a checkout the embedded server still wants one.
    return needs.project is None or needed("python")(host, needs)


def _elsewhere(system: System, needs: Needs) -> list[str]:
    """Folders in which version managers keep Pythons that are not on PATH."""
    return list(folders(system))


PYTHON = Check(
    "python",
    "a Python that this checkout's tools can live on",
    "build",
    examine,
    _applies,
    programs=(*NAMES, "uv"),
    files=_elsewhere,
)
