"""Turning a profile's TOML into values; whatever is wrong is one line with file, line and key."""

from __future__ import annotations

import math
import posixpath
import re
from typing import Any

from devtool.adapters.versions import is_specifier
from devtool.errors import InputError
from devtool.model.requirement import CONFIDENCES
from devtool.requirements.patterns import objection
from devtool.requirements.profile import LIST, RULES, Form, Need, Note, Profile
from devtool.system.toml import TOMLDecodeError, loads

_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_TOOL = re.compile(r"[a-z0-9][a-z0-9+._-]{0,39}")
_GIB = 1024**3
_MOST_GIB = 1024 * 1024
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
    return _profile(_Table(content, (), source, _lines(text)), default_name)


def _refuse_endless(text: str, source: str) -> None:
    """Raises InputError for what the reader of TOML would take minutes over: a key costs its dots squared."""
    if len(text) > _LONGEST:
        raise InputError(f"{source}: larger than {_LONGEST // 1024} KiB, which no statement of needs is")
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise InputError(f"{source}:{number}: more than {_MOST_DOTS} dots in one line")


class _Table:
    """One table, whose keys are taken one by one; what is left over is unknown."""

    def __init__(
        self, content: dict[str, Any], place: tuple[str, ...], source: str, lines: dict[tuple[str, ...], int]
    ) -> None:
        self.content, self.place, self.source, self.lines = dict(content), place, source, lines

    def line(self, *key: str) -> int:
        """The line of a key, or of the nearest thing around it."""
        place = (*self.place, *key)
        return next((self.lines[p] for n in range(len(place), 0, -1) if (p := place[:n]) in self.lines), 1)

    def wrong(self, key: str, why: str) -> InputError:
        name = ".".join((*(p for p in self.place if not p.isdigit()), key))
        shown = "".join(c if c.isprintable() else "?" for c in name)[:80]
        return InputError(f"{self.source}:{self.line(key)}: `{shown}` {why}")

    def take(self, key: str, kind: type | tuple[type, ...], described: str) -> Any:
        value = self.content.pop(key, None)
        if value is None or (isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)):
            return value
        raise self.wrong(key, f"must be {described}")

    def text(self, key: str, *, among: tuple[str, ...] = ()) -> str | None:
        value: str | None = self.take(key, str, "a string")
        if value is not None and among and value not in among:
            raise self.wrong(key, f"must be one of {', '.join(among)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.take(key, (str, list), "a string or a list of strings")
        values = [value] if isinstance(value, str) else value or []
        if not all(isinstance(v, str) for v in values):
            raise self.wrong(key, "must be a string or a list of strings")
        return tuple(values)

    def gib(self, key: str) -> int | None:
        value = self.take(key, (int, float), "a number of GiB")
        if value is None:
            return None
        if not math.isfinite(value) or not 0 < value <= _MOST_GIB:
            raise self.wrong(key, f"must lie between 0 and {_MOST_GIB} GiB")
        return int(value * _GIB)

    def table(self, key: str) -> _Table:
        value = self.take(key, dict, "a table")
        return _Table(value or {}, (*self.place, key), self.source, self.lines)

    def tables(self, key: str) -> list[_Table]:
        value = self.take(key, (dict, list), "a table or a list of tables")
        values = [value] if isinstance(value, dict) else value or []
        if not all(isinstance(v, dict) for v in values):
            raise self.wrong(key, "must be a table or a list of tables")
        return [_Table(v, (*self.place, key, str(n)), self.source, self.lines) for n, v in enumerate(values)]

    def finish(self) -> None:
        """Refuse what nobody asked for."""
        for key in self.content:
            raise self.wrong(key, "is not a key of devtool's")


def _profile(table: _Table, default_name: str) -> Profile:
    identify = table.tables("identify")
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
        needs=_needs(table.table("needs")),
    )
    for part in (resources, commands, table):
        part.finish()
    return made


def _needs(table: _Table) -> tuple[Need, ...]:
    found = []
    for tool, value in table.content.items():
        if not _TOOL.fullmatch(tool):
            raise table.wrong(tool, "is not a tool's name (lower-case letters, digits, `-`, `.`, `+`)")
        if isinstance(value, str):
            found.append(Need(tool, fixed=_specifier(table, tool, value), line=table.line(tool)))
        elif isinstance(value, dict):
            found.append(_need(tool, _Table(value, (*table.place, tool), table.source, table.lines)))
        else:
            raise table.wrong(tool, "must be a specifier such as `>=1.22`, or a table")
    return tuple(found)


def _need(tool: str, table: _Table) -> Need:
    default = table.text("specifier")
    evidence = table.table("evidence")
    made = Need(
        tool=tool,
        rule=table.text("rule", among=RULES) or "statements",
        line=table.line(),
        needed_if=_forms(table, "needed_if"),
        statements=_forms(table, "statements", default),
        evidence={name: _forms(evidence, name) for name in [*evidence.content]},
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


def _note(table: _Table) -> Note:
    text = table.text("text")
    if not text:
        raise table.wrong("text", "is missing")
    made = Note(text, _forms(table, "when"), _forms(table, "unless"))
    table.finish()
    return made


def _forms(table: _Table, key: str, specifier: str | None = None) -> tuple[Form, ...]:
    return tuple(_form(form, specifier) for form in table.tables(key))


def _form(table: _Table, specifier: str | None = None) -> Form:
    paths = table.texts("path")
    if not paths:
        raise table.wrong("path", "is missing")
    for path in paths:
        _inside(table, "path", path)
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


def _path(table: _Table, key: str) -> str | None:
    path = table.text(key)
    if path is not None:
        _inside(table, key, path)
    return path


def _inside(table: _Table, key: str, path: str) -> None:
    if not path or path.startswith(("/", "~")) or ".." in path.split("/") or path.count("*") > 1:
        raise table.wrong(key, "must be a path inside the checkout, with at most one `*`")
    plain = re.sub(r"\{\w+\}", "x", path)
    if not path.isprintable() or path != posixpath.normpath(path) or "{" in plain or "}" in plain:
        raise table.wrong(key, "must be a path inside the checkout, written plainly")


def _specifier(table: _Table, key: str, text: str) -> str:
    if len(text) > 200 or not is_specifier(text):
        raise table.wrong(key, f"is not a version specifier: `{text[:40]}` (write it as `>=1.22`)")
    return text


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of every header and key; approximate inside multi-line values, which is enough to point."""
    found: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    here: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            here = _names(header[2])
            # `[[a.b]]` and what follows it belong to the newest element of every list above.
            here = tuple(p for n in range(len(here)) for p in _indexed(here[: n + 1], counts))
            if header[1] == "[[":
                plain = _names(header[2])
                counts[plain] = counts.get(plain, -1) + 1
                here = (*here[:-1], str(counts[plain])) if here[-1].isdigit() else (*here, str(counts[plain]))
                found.setdefault(here[:-1], number)
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            found.setdefault((*here, *_names(key[1])), number)
    return found


def _indexed(place: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    return (place[-1], str(counts[place])) if place in counts else (place[-1],)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
