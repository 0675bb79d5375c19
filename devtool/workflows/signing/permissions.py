"""What `.github/dco.yml` allows, read from the base: a pull request must not allow itself anything.

The app takes `yes`, `no` and `"false"` for true, since YAML 1.2 has them as text; here they are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devtool.adapters.history import ask_git
from devtool.errors import InputError
from devtool.model.dco import Permissions

if TYPE_CHECKING:
    from devtool.model.dco import Range
    from devtool.system import System

PATH = ".github/dco.yml"
_LIMIT_BYTES = 65536
_BOOLEAN = "tag:yaml.org,2002:bool"
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_KEYS = (
    ("require", "members", "members_sign"),
    ("allowRemediationCommits", "individual", "individual"),
    ("allowRemediationCommits", "thirdParty", "third_party"),
)


def read_permissions(system: System, repository: str, wanted: Range, path: str | None) -> Permissions:
    """What the file at `path` allows, else the one of the range's base or rules. Raises InputError."""
    if path is not None:
        text = system.files.read_text(path, _LIMIT_BYTES)
        if text is None:
            raise InputError(f"`{path}` is not there")
        return parse(text, path)
    commit = wanted.rules or wanted.base
    if commit is None:
        return Permissions()
    name = f"{commit}:{PATH}"
    if not ask_git(system, repository, "rev-parse", "-q", "--verify", "--end-of-options", name).ok:
        return Permissions()
    answer = ask_git(system, repository, "cat-file", "blob", name)
    where = f"{PATH} of {commit[:10]}"
    if not answer.ok or len(answer.stdout) > _LIMIT_BYTES:
        raise InputError(f"`{where}` cannot be read: it is no plain file of at most 64 KiB")
    return parse(answer.stdout, where)


def parse(text: str, where: str) -> Permissions:
    """The file's text as what it allows. Raises InputError, for everything that is no boolean too."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        said = str(error).splitlines() or ["nested too deeply"]
        raise InputError(
            f"`{where}` is no YAML: {said[0]}", "the DCO app fails every pull request then"
        ) from error
    if root is None:
        return Permissions()
    top = _mapping(root, where, "")
    if "_extends" in top:
        raise InputError(
            f"`{where}` extends a file of another repository, which cannot be read from here",
            "bring that file and name it: `devtool dco check --config FILE`",
        )
    allowed = {}
    for section, key, field in _KEYS:
        inner = _mapping(top[section], where, section) if section in top else {}
        if key in inner:
            allowed[field] = _flag(inner[key], where, f"{section}.{key}")
    return Permissions(**allowed)


def _mapping(node: Any, where: str, name: str) -> dict[str, Any]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        raise InputError(
            f"`{where}`, line {_line(node)}: {f'`{name}`' if name else 'the file'} is no mapping"
        )
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found or key.value == "<<":
            raise InputError(f"`{where}`, line {_line(key)}: a key stands twice, or is no plain word")
        found[key.value] = value
    return found


def _flag(node: Any, where: str, name: str) -> bool:
    import yaml

    plain = isinstance(node, yaml.ScalarNode) and node.style is None and node.tag == _BOOLEAN
    if plain and node.value in _FLAGS:
        return _FLAGS[node.value]
    written = (
        f'"{node.value}"' if isinstance(node, yaml.ScalarNode) and node.style else getattr(node, "value", "")
    )
    shown = written if isinstance(written, str) and written else "this"
    raise InputError(
        f"`{where}`, line {_line(node)}: `{name}` has to be true or false, and is {shown[:60]}",
        "the DCO app takes whatever is no boolean for true",
    )


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
