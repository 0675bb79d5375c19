"""How each tool comes into a dev container: as a package where its version does, else from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from devtool.adapters import dockerfile_blocks as blocks
from devtool.adapters.base_images import BaseImage
from devtool.adapters.conan_releases import PYTHON_WITH_IMP, imports_imp, pinned
from devtool.adapters.versions import compare, satisfies
from devtool.checks.clang_format import RELEASES as CLANG_FORMATS
from devtool.checks.conan import RELEASES as CONANS
from devtool.checks.packages import first_fitting
from devtool.checks.tools import CMAKES
from devtool.model.recipe import Decision
from devtool.model.requirement import Needs, Requirement

_ALWAYS = ("ca-certificates", "git", "less", "openssh-client", "procps", "sudo")
_PYTHON = ("python3", "python3-venv")
_COMPILERS = ("g++", "gcc")
"""Both: without recommended packages gcc alone has no C library to link with; g++ brings it."""
_PACKAGED = {
    "ccache": ("ccache",),
    "gcc": _COMPILERS,
    "make": ("make",),
    "meson": ("meson", *_COMPILERS),
    "ninja": ("ninja-build",),
    "node": ("nodejs", "npm"),
}
_EXTENSIONS = {
    "clang-format": ("xaver.clang-format",),
    "cmake": ("llvm-vs-code-extensions.vscode-clangd", "ms-vscode.cmake-tools"),
    "gcc": ("llvm-vs-code-extensions.vscode-clangd",),
    "go": ("golang.go",),
    "python": ("ms-python.python",),
    "rust": ("rust-lang.rust-analyzer",),
}
_PYTHON_RELEASES = ("3.12", "3.11", "3.13", "3.10", "3.14", "3.9")
_LOWEST = re.compile(r"(?:>=|==|~=)(\d+\.\d+(?:\.\d+)?)")
_GO_THREE_PARTS = "1.21"
_CACHE = f"{blocks.HOME}/.cache"


@dataclass
class Kit:
    """A recipe while it grows."""

    image: BaseImage
    needs: Needs
    packages: set[str] = field(default_factory=lambda: {*_ALWAYS})
    blocks: list[str] = field(default_factory=list)
    own_blocks: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    extensions: set[str] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, need: Requirement, *packages: str) -> None:
        """Bring the distribution's own."""
        self.packages.update(packages)
        version = self.image.versions.get(need.tool)
        named = " ".join(filter(None, (version, f"from {self.image.title}")))
        self.decisions.append(Decision(need.tool, named, _stated(need)))

    def fetch(self, need: Requirement, version: str, how: str) -> None:
        """Bring it from elsewhere."""
        self.decisions.append(Decision(need.tool, f"{version} {how}", _stated(need)))

    def why(self, need: Requirement) -> str:
        """What asks for a version that the distribution does not have."""
        here = self.image.versions.get(need.tool)
        has = f", and {self.image.title} has {here}" if here else ""
        return f"{_stated(need)}{has}"

    def leave(self, need: Requirement) -> None:
        """Bring the distribution's own, and say that it is not what was asked for."""
        self.notes.append(
            f"{need.tool} is {self.image.versions[need.tool]} in {self.image.title}, which is not"
            f" {_stated(need)}: bring another in `.devcontainer/Dockerfile`"
        )


def bring(kit: Kit, need: Requirement) -> None:
    """Add the tool to the kit, and say where it comes from."""
    _BRINGING.get(need.tool, _bring_package)(kit, need)
    kit.extensions.update(_EXTENSIONS.get(need.tool, ()))
    kit.notes += [f"{need.tool}: {note}" for note in need.notes if not need.known]


def misses(image: BaseImage, need: Requirement) -> bool:
    """Whether the image's own packages do not meet the need."""
    if need.tool == "conan":
        return not _conan_runs(image, _conan(need))
    if need.tool == "clang-format":
        return (wanted := _major(need)) is not None and wanted not in image.clang_formats
    return need.tool in image.versions and not _fits(image, need)


def _fits(image: BaseImage, need: Requirement) -> bool:
    return satisfies(image.versions[need.tool], need.specifier or "") is not False


def _bring_package(kit: Kit, need: Requirement) -> None:
    packages = _PACKAGED.get(need.tool)
    if packages is None:
        kit.notes.append(
            f"{need.tool} is not brought ({_stated(need)}): add it to `.devcontainer/Dockerfile`"
        )
        return
    kit.take(need, *packages)
    if need.tool in kit.image.versions and not _fits(kit.image, need):
        kit.leave(need)
    if need.tool == "node":
        kit.environment["NPM_CONFIG_CACHE"] = f"{_CACHE}/npm"


def _bring_go(kit: Kit, need: Requirement) -> None:
    kit.environment["GOMODCACHE"] = f"{_CACHE}/go-mod"
    kit.packages.update(_COMPILERS)  # for cgo and the race detector
    lowest = _LOWEST.search(need.specifier or "")
    if _fits(kit.image, need) or lowest is None:
        kit.take(need, "golang-go")
        return
    version = lowest[1]
    if version.count(".") == 1 and (compare(version, _GO_THREE_PARTS) or 0) >= 0:
        version += ".0"
    kit.packages.add("curl")
    kit.blocks.append(blocks.go_archive(version, kit.why(need)))
    kit.arguments.append(blocks.GO_MIRROR)
    kit.fetch(need, version, "from its official archive")


def _bring_rust(kit: Kit, need: Requirement) -> None:
    kit.environment["CARGO_HOME"] = f"{_CACHE}/cargo"
    kit.packages.update(_COMPILERS)  # for linking
    managed = kit.needs.tool("rustup")
    if not need.toolchains and _fits(kit.image, need) and not (managed and managed.needed):
        kit.take(need, "cargo", "rustc", "rustfmt", "rust-clippy")
        return
    lowest = _LOWEST.search(need.specifier or "")
    names = (lowest[1] if lowest else "stable", *need.extra_toolchains)
    kit.packages.add("curl")
    kit.environment["RUSTUP_HOME"] = f"{blocks.HOME}/.rustup"
    why = (
        kit.why(need)
        if not _fits(kit.image, need)
        else "the checkout names its toolchains, which rustup fetches"
    )
    kit.own_blocks.append(blocks.rustup(names, why))
    kit.arguments += blocks.RUST_MIRRORS
    kit.fetch(need, " and ".join(names), "by rustup")


def _bring_python(kit: Kit, need: Requirement) -> None:
    kit.packages.update(_PYTHON)
    release = next((each for each in _PYTHON_RELEASES if satisfies(f"{each}.99", need.specifier or "")), None)
    if _fits(kit.image, need):
        kit.take(need)
    elif release is None:
        kit.leave(need)
    else:
        kit.blocks.insert(0, blocks.python_release(release, kit.why(need)))
        kit.fetch(need, release, "by uv")


def _bring_pip(kit: Kit, need: Requirement) -> None:
    kit.packages.update(_PYTHON)
    kit.own_blocks.append(blocks.python_environment())
    kit.fetch(need, "in ~/.venv,", "which is on PATH")


def _bring_cmake(kit: Kit, need: Requirement) -> None:
    version = first_fitting(CMAKES, need.specifier or "")
    if _fits(kit.image, need) or version is None:
        kit.take(need, "cmake")
        if version is None:
            kit.leave(need)
        return
    _from_pypi(kit, need, version, *((name, name) for name in ("cmake", "ctest", "cpack")))


def _bring_clang_format(kit: Kit, need: Requirement) -> None:
    wanted = _major(need)
    if wanted is None or wanted in kit.image.clang_formats:
        kit.take(need, f"clang-format-{wanted}" if wanted else "clang-format")
    elif version := CLANG_FORMATS.get(wanted):
        links = (("clang-format", f"clang-format-{wanted}"), ("clang-format", "clang-format"))
        _from_pypi(kit, need, version, *links)
    else:
        kit.notes.append(f"clang-format {wanted} is not brought: add it to `.devcontainer/Dockerfile`")


def _bring_conan(kit: Kit, need: Requirement) -> None:
    version = _conan(need)
    if version is None:
        kit.notes.append(f"no Conan is known that is {_stated(need)}: add one to `.devcontainer/Dockerfile`")
        return
    if not _conan_runs(kit.image, version):
        python = kit.image.versions["python"]
        kit.notes.append(f"Conan {version} does not run on the Python {python} of {kit.image.title}")
    home = (
        {"CONAN_USER_HOME": f"{_CACHE}/conan1"}
        if version.startswith("1.")
        else {"CONAN_HOME": f"{_CACHE}/conan2"}
    )
    kit.environment.update(home)
    _from_pypi(kit, need, version, ("conan", "conan"))


def _from_pypi(kit: Kit, need: Requirement, version: str, *programs: tuple[str, str]) -> None:
    kit.packages.update(_PYTHON)
    if blocks.PYPI_MIRROR not in kit.arguments:
        kit.arguments.append(blocks.PYPI_MIRROR)
    kit.blocks.append(blocks.python_tool(need.tool, version, programs, kit.why(need)))
    kit.fetch(need, version, "in an environment of its own")


def _conan(need: Requirement) -> str | None:
    return pinned(need.specifier) or first_fitting(CONANS[::-1], need.specifier or "")


def _conan_runs(image: BaseImage, version: str | None) -> bool:
    hard = version is not None and imports_imp(version)
    return not hard or satisfies(image.versions["python"], PYTHON_WITH_IMP) is True


def _major(need: Requirement) -> int | None:
    if need.accepted:
        return need.accepted[0]
    match = re.search(r"(?:==|~=|>=)(\d+)", need.specifier or "")
    return int(match[1]) if match else None


def _stated(need: Requirement) -> str:
    """What is asked for, and where."""
    what = f"`{need.specifier}`" if need.specifier else "any version"
    return f"{what} ({need.source})" if need.source else what


_BRINGING: dict[str, Callable[[Kit, Requirement], None]] = {
    "clang-format": _bring_clang_format,
    "cmake": _bring_cmake,
    "conan": _bring_conan,
    "go": _bring_go,
    "pip": _bring_pip,
    "python": _bring_python,
    "rust": _bring_rust,
    "rustup": lambda kit, need: None,
}
