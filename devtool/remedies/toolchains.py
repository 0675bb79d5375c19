"""Making private tools: the environment or the folder first, then the shims that expose it."""

from __future__ import annotations

from collections.abc import Callable

from devtool.adapters.environments import DOWNLOADS, MARKER, ensure_environment, own_python
from devtool.adapters.toolchains import ensure_toolchain, stands
from devtool.errors import DevtoolError
from devtool.model.fix import FileChange, FolderMade
from devtool.model.toolchain import InstallArchive, InstallRustup, MakeToolEnvironment
from devtool.remedies import shim
from devtool.remedies.bench import Prepared, Workbench, change, missing_above, require_unchanged


def make_tool_environment(bench: Workbench, action: MakeToolEnvironment) -> Prepared | None:
    """Make the environment, then the script that exposes it."""
    system, environment = bench.system, action.environment
    whole = system.files.kind(f"{environment}/{MARKER}") == "file"
    names = system.files.names(environment)
    if not whole and names and "pyvenv.cfg" not in names:
        raise DevtoolError(f"`{environment}` is in the way and is not an environment", "move it elsewhere")
    shims = _Shims(bench, action.shim_texts)

    def carry_out() -> None:
        system.console.note(f"installing {action.package}")
        with system.console.progress(f"installing {action.package}"):
            ensure_environment(system, environment, action.python_specifier, (action.package,))
        if not system.files.executable(f"{environment}/bin/{action.tool}"):
            raise DevtoolError(f"`{action.package}` brought no command `{action.tool}`")
        shims.place()

    return _prepared(bench, environment, whole, shims, carry_out, FolderMade(own_python(environment)))


def install_toolchain(bench: Workbench, action: InstallArchive | InstallRustup) -> Prepared | None:
    """Bring the toolchain, then the scripts that expose its programs."""
    system = bench.system
    shims = _Shims(bench, action.shim_texts)

    def carry_out() -> None:
        with system.console.progress(f"installing {action.tool}"):
            ensure_toolchain(system, action, system.console.note)
        shims.place()

    return _prepared(bench, action.folder, stands(system, action), shims, carry_out)


class _Shims:
    """The scripts of one action, as they are and as they are to be."""

    def __init__(self, bench: Workbench, texts: tuple[tuple[str, str], ...]) -> None:
        self._system = bench.system
        self._wanted = [
            (path, before, text.encode())
            for path, text in texts
            if (before := shim.place_for(bench.system, path)) != text.encode()
        ]
        self.changes: tuple[FileChange, ...] = tuple(
            change(bench, path, before, after) for path, before, after in self._wanted
        )

    def place(self) -> None:
        """Write those that are not so yet."""
        for path, before, after in self._wanted:
            require_unchanged(self._system, path, before)
            self._system.files.write(path, after, shim.MODE)


def _prepared(
    bench: Workbench,
    folder: str,
    whole: bool,
    shims: _Shims,
    carry_out: Callable[[], None],
    *beside: FolderMade,
) -> Prepared | None:
    made = () if whole else (*_cache(bench), *beside, FolderMade(folder, missing_above(bench.system, folder)))
    return Prepared((*made, *shims.changes), carry_out) if made or shims.changes else None


def _cache(bench: Workbench) -> tuple[FolderMade, ...]:
    """The folder for what is fetched, where nothing was fetched before: it goes when this is taken back."""
    cache = bench.system.directories.cache
    folder = f"{cache}/{DOWNLOADS}"
    if cache is None or bench.system.files.kind(folder):
        return ()
    return (FolderMade(folder, missing_above(bench.system, folder)),)
