"""The layers of DESIGN: who may import whom, and who may open a door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "devtool"
ROWS = {
    "__main__": 0,
    "cli": 1,
    "crash": 2,
    "commands": 2,
    "workflows": 3,
    "render": 3,
    "checks": 4,
    "knowledge": 4,
    "requirements": 4,
    "profiles": 4,
    "remedies": 4,
    "detect": 4,
    "adapters": 5,
    "system": 6,
    "model": 7,
    "errors": 8,
    "__init__": 8,
}
# Part of the package that only carries programs to be run by others' interpreters.
CARRIED = {"smoke"}
HOMES = {
    "click": {"cli", "commands"},
    "rich": {"render", "system"},
    "docker": {"adapters"},
    "git": {"adapters"},
}
DOORS = {
    "asyncio", "ctypes", "fcntl", "fileinput", "getpass", "glob", "grp", "http", "linecache", "logging",
    "multiprocessing", "os", "pathlib", "pkgutil", "platform", "psutil", "pty", "pwd", "random", "resource",
    "select", "selectors", "shutil", "signal", "socket", "ssl", "subprocess", "tempfile", "termios", "time",
    "tomli", "tomllib", "urllib.request", "uuid", "webbrowser", "zipfile",
}  # fmt: skip
# The clock and the streams that come without an import of their own.
AMBIENT = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "sys.argv", "sys.exit", "sys.stdin",
    "sys.stdout", "sys.stderr",
}  # fmt: skip
AMBIENT_HOMES = {"cli"}
FILE_METHODS = {
    "exists", "glob", "is_dir", "is_file", "iterdir", "mkdir", "read_bytes", "read_text", "rename", "rglob",
    "rmdir", "touch", "unlink", "write_bytes", "write_text",
}  # fmt: skip
HEAVY = {"docker", "git", "rich", "conan", "pymilvus", "hyperscan", "psutil", "filelock"}

MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.relative_to(PACKAGE).parts[0] not in CARRIED]


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(tree: ast.AST) -> list[tuple[str, int, bool]]:
    """Name, line and whether it stands at the top of the module, for every import."""
    top = set(map(id, getattr(tree, "body", [])))
    found: list[tuple[str, int, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno} imports from a place that depends on its own"
            # `from devtool import checks` is an import of `devtool.checks`.
            names = [f"devtool.{alias.name}" for alias in node.names] if node.module == "devtool" else []
            names = [name for name in names if name.split(".")[1] in ROWS] or [node.module or ""]
            found += [(name, node.lineno, id(node) in top) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rows_below_its_own(path: Path) -> None:
    own = layer(path)
    assert own in ROWS, f"{own} has no row in the design"

    for name, line, _ in imports(ast.parse(path.read_text())):
        if not name.startswith("devtool."):
            continue
        other = name.split(".")[1]
        if own == "render":
            assert other in {"render", "model", "errors"}, f"{path}:{line} render sees only the model"
        assert other == own or ROWS[other] > ROWS[own], f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_doors_touch_the_outside(path: Path) -> None:
    if layer(path) == "system":
        return

    for name, line, _ in imports(ast.parse(path.read_text())):
        outside = name in DOORS or name.split(".")[0] in DOORS
        assert not outside, f"{path}:{line} imports {name}"
        assert layer(path) in HOMES.get(name.split(".")[0], {layer(path)}), f"{path}:{line} imports {name}"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and layer(path) not in AMBIENT_HOMES:
            assert ast.unparse(node) not in AMBIENT, f"{path}:{node.lineno} {ast.unparse(node)}"
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input"}, f"{path}:{node.lineno}"
        elif isinstance(node.func, ast.Attribute) and node.func.attr in FILE_METHODS:
            receiver = ast.unparse(node.func.value)
            assert receiver.split(".")[-1] in {"files", "tree"}, (
                f"{path}:{node.lineno} {receiver}.{node.func.attr}"
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_heavy_module_is_imported_at_the_top(path: Path) -> None:
    for name, line, top in imports(ast.parse(path.read_text())):
        assert not (top and name.split(".")[0] in HEAVY), f"{path}:{line} imports {name} at the top"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_grows_past_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
