"""Turning a profile's TOML into values; whatever is wrong is one line with file, line and key."""

from __future__ import annotations

import posixpath
import re

from devtool.adapters.versions import is_specifier
from devtool.errors import InputError
from devtool.model.environment import may_be_set
from devtool.model.requirement import CONFIDENCES
from devtool.requirements.building import building
from devtool.requirements.connecting import connections
from devtool.requirements.containers import container
from devtool.requirements.devcontainer import devcontainer
from devtool.requirements.mirroring import addresses
from devtool.requirements.patterns import objection
from devtool.requirements.profile import (
    LIST,
    RULES,
    Form,
    Installers,
    Need,
    Note,
    Profile,
    Setting,
    Surroundings,
)
from devtool.requirements.pull_requests import pull_requests
from devtool.requirements.table import Table, lines
from devtool.system.toml import TOMLDecodeError, loads

_TOOL = re.compile(r"[a-z0-9][a-z0-9+._-]{0,39}")
_FORM = "{ path = \"Makefile\", pattern = '^(all):' }"
_LONGEST = 256 * 1024
_MOST_DOTS = 1000


def parse_profile(text: str, source: str, default_name: str) -> Profile:
    """The profile that `text` describes. Raises InputError."""
    _refuse_endless(text, source)
    try:
        content = loads(text)
    except (TOMLDecodeError, RecursionError, ValueError) as error:
        place = re.search(r"at line (\d+)", str(error))
        line = place[1] if place else text.rstrip("\n").count("\n") + 1
        raise InputError(f"{source}:{line}: not valid TOML: {error}") from None
    return _profile(Table(content, (), source, lines(text)), default_name)


def _refuse_endless(text: str, source: str) -> None:
    """Raises InputError for what the reader of TOML would take minutes over: a key costs its dots squared."""
    if len(text) > _LONGEST:
        raise InputError(f"{source}: larger than {_LONGEST // 1024} KiB, which no statement of needs is")
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise InputError(f"{source}:{number}: more than {_MOST_DOTS} dots in one line")


def _profile(table: Table, default_name: str) -> Profile:
    identify = table.tables("identify")
    mirrors = table.table("mirrors")
    candidates = mirrors.table("candidates")
    variables, resources, commands = (
        table.table("variables"),
        table.table("resources"),
        table.table("commands"),
    )
    ports = resources.take("ports", list, "a list of TCP ports") or []
    if not all(isinstance(p, int) and not isinstance(p, bool) and 0 < p < 65536 for p in ports):
        raise resources.wrong("ports", "must be a list of TCP ports")
    made = Profile(
        name=table.text("name") or default_name,
        source=table.source,
        identify=_form(identify[0]) if identify else None,
        variables_file=_path(variables, "file"),
        derived={name: variables.text(name) or "" for name in [*variables.content]},
        memory_bytes=resources.gib("memory_gib"),
        disk_bytes=resources.gib("disk_gib"),
        ports=tuple(ports),
        build=commands.texts("build"),
        test=commands.texts("test"),
        devcontainer=devcontainer(table.table("devcontainer")),
        building=building(table.table("build"), _forms, _path),
        container=container(table.table("container"), _paths),
        needs=_needs(table.table("needs")),
        surroundings=_surroundings(table.table("environment")),
        editor=_named_forms(table.table("editor")),
        installers=_installers(table.table("packages")),
        mirrors=addresses(mirrors),
        mirror_candidates=addresses(candidates),
        connections=connections(table.table("connections")),
        pull_requests=pull_requests(table.table("pull_request")),
    )
    for part in (resources, commands, candidates, mirrors, table):
        part.finish()
    return made


def _surroundings(table: Table) -> Surroundings:
    made = Surroundings(
        script=_path(table, "script"),
        root_variables=table.texts("root"),
        lists=table.texts("lists"),
        reasons=_reasons(table, "variables"),
        never=_reasons(table, "never"),
        settings=tuple(_setting(each) for each in table.tables("settings")),
        calls=table.texts("calls"),
    )
    table.finish()
    return made


def _installers(table: Table) -> Installers:
    names = table.table("distributions")
    made = Installers(
        scripts=_paths(table, "scripts"),
        images=_paths(table, "images"),
        distributions={name: names.text(name) or "" for name in [*names.content]},
    )
    table.finish()
    return made


def _reasons(table: Table, key: str) -> dict[str, str]:
    part = table.table(key)
    names = [*part.content]
    for name in names:
        if key != "never" and not may_be_set(name):
            raise part.wrong(name, "is not a variable that a build may set")
    return {name: part.text(name) or "" for name in names}


def _setting(table: Table) -> Setting:
    name, value, reason = (table.text(key) for key in ("name", "value", "reason"))
    if not name or value is None or not reason:
        raise table.wrong("name", "needs a `value` and a `reason` beside it")
    if not may_be_set(name):
        raise table.wrong("name", "is not a variable that a build may set")
    found = table.table("found")
    tools = {tool: _specifier(found, tool, found.text(tool) or "") for tool in [*found.content]}
    os = table.text("os", among=("linux", "macos"))
    made = Setting(name, value, reason, os, tools, _forms(table, "unless"))
    table.finish()
    return made


def _needs(table: Table) -> tuple[Need, ...]:
    found = []
    for tool, value in table.content.items():
        if not _TOOL.fullmatch(tool):
            raise table.wrong(tool, "is not a tool's name (lower-case letters, digits, `-`, `.`, `+`)")
        if isinstance(value, str):
            found.append(Need(tool, fixed=_specifier(table, tool, value), line=table.line(tool)))
        elif isinstance(value, dict):
            found.append(_need(tool, Table(value, (*table.place, tool), table.source, table.lines)))
        else:
            raise table.wrong(tool, "must be a specifier such as `>=1.22`, or a table")
    return tuple(found)


def _need(tool: str, table: Table) -> Need:
    default = table.text("specifier")
    evidence = table.table("evidence")
    made = Need(
        tool=tool,
        rule=table.text("rule", among=RULES) or "statements",
        line=table.line(),
        needed_if=_forms(table, "needed_if"),
        statements=_forms(table, "statements", default),
        evidence=_named_forms(evidence),
        notes=tuple(_note(note) for note in table.tables("notes")),
        otherwise=table.text("otherwise", among=("unknown", "any", "unneeded")) or "unknown",  # type: ignore[arg-type]  # one of these
        compiler=table.text("compiler", among=("gcc", "clang")),
    )
    if not made.statements:
        if default is None and made.rule == "statements" and made.otherwise == "unknown":
            raise table.wrong("statements", "is missing: where does the project state this need?")
        if default is not None:
            made = Need(tool, fixed=_specifier(table, "specifier", default), line=table.line("specifier"))
    table.finish()
    return made


def _note(table: Table) -> Note:
    text = table.text("text")
    if not text:
        raise table.wrong("text", "is missing")
    made = Note(text, _forms(table, "when"), _forms(table, "unless"))
    table.finish()
    return made


def _named_forms(table: Table) -> dict[str, tuple[Form, ...]]:
    return {name: _forms(table, name) for name in [*table.content]}


def _forms(table: Table, key: str, specifier: str | None = None) -> tuple[Form, ...]:
    return tuple(_form(form, specifier) for form in table.tables(key, _FORM))


def _form(table: Table, specifier: str | None = None) -> Form:
    paths = _paths(table, "path")
    if not paths:
        raise table.wrong("path", "is missing")
    pattern = table.text("pattern")
    if pattern is not None and (reason := objection(pattern)):
        raise table.wrong("pattern", reason)
    template = table.text("specifier")
    if template is None:
        template = specifier if specifier is not None else ">={}"
    if template != LIST and "{}" not in template:
        _specifier(table, "specifier", template)
    elif template not in (LIST, "{}"):
        _specifier(table, "specifier", template.replace("{}", "1"))
    made = Form(
        paths=paths,
        pattern=pattern,
        confidence=table.text("confidence", among=CONFIDENCES[:-1]) or "declared",
        specifier=template,
        value=table.text("value"),
        among=table.text("among", among=("first", "highest", "unanimous")) or "first",  # type: ignore[arg-type]  # one of these
    )
    table.finish()
    return made


def _path(table: Table, key: str) -> str | None:
    path = table.text(key)
    if path is not None:
        _inside(table, key, path)
    return path


def _paths(table: Table, key: str) -> tuple[str, ...]:
    paths = table.texts(key)
    for path in paths:
        _inside(table, key, path)
    return paths


def _inside(table: Table, key: str, path: str) -> None:
    if not path or path.startswith(("/", "~")) or ".." in path.split("/") or path.count("*") > 1:
        raise table.wrong(key, "must be a path inside the checkout, with at most one `*`")
    plain = re.sub(r"\{\w+\}", "x", path)
    if not path.isprintable() or path != posixpath.normpath(path) or "{" in plain or "}" in plain:
        raise table.wrong(key, "must be a path inside the checkout, written plainly")


def _specifier(table: Table, key: str, text: str) -> str:
    if len(text) > 200 or not is_specifier(text):
        raise table.wrong(key, f"is not a version specifier: `{text[:40]}` (write it as `>=1.22`)")
    return text
