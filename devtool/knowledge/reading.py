"""Knowledge files: TOML to a `KnownFailure`, with every mistake told by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from devtool.adapters.versions import is_specifier
from devtool.errors import InputError
from devtool.knowledge.failure import GROUPS, Conditions, KnownFailure, KnownRemedy, Pattern, Sample
from devtool.knowledge.pattern import MINIMAL_ANCHOR, Template
from devtool.system.toml import TOMLDecodeError, loads

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MAX_LINES = 40
_MAX_PATTERN = 500
_TOP = {
    "title": str, "summary": str, "group": str, "severity": str, "cause": str, "wrong": str, "follows": list,
    "transient": bool, "momentary": bool, "checks": list, "says": dict, "links": list, "patterns": list,
    "pattern": list, "only": dict, "remedy": list, "example": list, "counterexample": list,
}  # fmt: skip
_PATTERN = {"text": str, "start": bool, "near": list, "without": list, "lines": int}
_CONDITIONS = {"os": list, "distribution": list, "needs": dict}
_REMEDY = {"text": str, "commands": list, **_CONDITIONS}
_SAMPLE = {"log": str, "found": list, "primary": str, "why": str}
_NAMES = {bool: "true or false", int: "a number", str: "text", list: "a list", dict: "a table"}
_FORMS = {
    bool: "without quotes: `true` or `false`",
    int: "in digits, without quotes",
    str: "put it in quotes",
    list: "put it in brackets: `[...]`",
    dict: "write `key = value` in braces, or below its name in brackets",
}
_SYSTEMS = ("linux", "macos")


def read(text: str, failure_id: str, place: str, path: str | None = None) -> KnownFailure:
    """The failure that a knowledge file states; `place` names the file in messages.

    Raises InputError for a file that is not of the form.
    """
    return _Reader(place).failure(text, failure_id, path)


class _Reader:
    def __init__(self, place: str) -> None:
        self._place = place

    def failure(self, text: str, failure_id: str, path: str | None) -> KnownFailure:
        if not ID.fullmatch(failure_id):
            raise self._wrong("", f"its name, `{failure_id}`, is no id", "use lower-case words joined by `-`")
        try:
            page = loads(text)
        except TOMLDecodeError as error:
            raise self._wrong("", f"it is not TOML: {error}", "mend that line") from None
        self._keys(page, _TOP, "")
        for key in ("title", "summary", "cause"):
            if not page.get(key, "").strip():
                raise self._wrong(key, "is missing or empty", f'write one: `{key} = "..."`')
        group, severity = page.get("group", "project"), page.get("severity", "failure")
        if group not in GROUPS:
            raise self._wrong("group", f"`{group}` is none", f"use one of {', '.join(GROUPS)}")
        if severity not in ("failure", "warning"):
            raise self._wrong("severity", f"`{severity}` is none", "use `failure` or `warning`")
        patterns = [self._pattern({"text": each}, "patterns") for each in self._texts(page, "patterns")]
        patterns += [self._pattern(each, "pattern") for each in self._tables(page, "pattern", _PATTERN)]
        if not patterns:
            raise self._wrong(
                "patterns",
                "there is none, so nothing could ever be recognised",
                "quote a telling part of the message",
            )
        return KnownFailure(
            id=failure_id,
            title=page["title"].strip(),
            summary=page["summary"].strip(),
            group=group,
            severity=severity,
            cause=_paragraph(page["cause"]),
            patterns=tuple(patterns),
            remedies=tuple(self._remedy(each) for each in self._tables(page, "remedy", _REMEDY)),
            wrong=_paragraph(page.get("wrong", "")),
            follows=self._texts(page, "follows"),
            transient=page.get("transient", False),
            checks=self._texts(page, "checks"),
            says=self._says(page),
            momentary=page.get("momentary", False),
            only=self._conditions(page.get("only", {}), "only"),
            links=self._texts(page, "links"),
            examples=self._samples(page, "example"),
            counterexamples=self._samples(page, "counterexample"),
            path=path,
        )

    def _pattern(self, table: Mapping[str, Any], where: str) -> Pattern:
        text = table.get("text", "")
        for each in (text, *self._texts(table, "near"), *self._texts(table, "without")):
            if len(each) > _MAX_PATTERN:
                raise self._wrong(
                    where,
                    f"`{each[:60]}…` is longer than {_MAX_PATTERN} characters",
                    "quote less of the message",
                )
            if not each.strip():
                raise self._wrong(where, "a text is missing or empty", "quote a telling part of the message")
        anchors = Template(text).anchors
        if max(map(len, anchors)) < MINIMAL_ANCHOR:
            raise self._wrong(
                where,
                f"`{text}` has no stretch of {MINIMAL_ANCHOR} characters that always stand so",
                "name more of the message",
            )
        lines = table.get("lines", Pattern.lines)
        if not 1 <= lines <= _MAX_LINES:
            raise self._wrong(where, f"`lines` is {lines}", f"use 1 to {_MAX_LINES}")
        near, without = self._texts(table, "near"), self._texts(table, "without")
        return Pattern(text, table.get("start", False), near, without, lines, anchors)

    def _says(self, page: Mapping[str, Any]) -> dict[str, str]:
        says = page.get("says", {})
        for check, text in says.items():
            if check not in page.get("checks", ()):
                raise self._wrong(
                    "says", f"`{check}` is not among the `checks`", f'add it there: `checks = ["{check}"]`'
                )
            if not isinstance(text, str) or not text.strip():
                raise self._wrong(f"says.{check}", "must be text", _FORMS[str])
        return dict(says)

    def _remedy(self, table: Mapping[str, Any]) -> KnownRemedy:
        if not table.get("text", "").strip():
            raise self._wrong("remedy", "one has no `text`", "say in a sentence what to do")
        conditions = self._conditions({key: table[key] for key in _CONDITIONS if key in table}, "remedy")
        return KnownRemedy(_paragraph(table["text"]), self._texts(table, "commands"), conditions)

    def _conditions(self, table: Mapping[str, Any], where: str) -> Conditions:
        self._keys(table, _CONDITIONS, where)
        for system in self._texts(table, "os"):
            if system not in _SYSTEMS:
                raise self._wrong(where, f"`os`: `{system}` is none", f"use {' or '.join(_SYSTEMS)}")
        needs = table.get("needs", {})
        for tool, specifier in needs.items():
            if not isinstance(specifier, str) or not is_specifier(specifier):
                raise self._wrong(
                    where, f"`needs.{tool}` is no version specifier", 'write for instance `"<2"`'
                )
        return Conditions(self._texts(table, "os"), self._texts(table, "distribution"), dict(needs))

    def _samples(self, page: Mapping[str, Any], where: str) -> tuple[Sample, ...]:
        return tuple(self._sample(each, where) for each in self._tables(page, where, _SAMPLE))

    def _sample(self, table: Mapping[str, Any], where: str) -> Sample:
        if not table.get("log", "").strip():
            raise self._wrong(where, "one has no `log`", "quote output between three quotes")
        return Sample(
            table["log"].removeprefix("\n"),
            self._texts(table, "found"),
            table.get("primary"),
            table.get("why", ""),
        )

    def _tables(
        self, page: Mapping[str, Any], key: str, allowed: Mapping[str, type]
    ) -> list[Mapping[str, Any]]:
        tables = page.get(key, [])
        for table in tables:
            if not isinstance(table, dict):
                raise self._wrong(key, "each must be a table", f"begin each with `[[{key}]]`")
            self._keys(table, allowed, key)
        return list(tables)

    def _texts(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        texts = table.get(key, [])
        if not all(isinstance(each, str) for each in texts):
            raise self._wrong(key, "every one must be text", _FORMS[str])
        return tuple(texts)

    def _keys(self, table: Mapping[str, Any], allowed: Mapping[str, type], where: str) -> None:
        for key, value in table.items():
            name = f"{where}.{key}".lstrip(".")
            if key not in allowed:
                raise self._wrong(name, "is no key of a knowledge file", f"there are {', '.join(allowed)}")
            if not isinstance(value, allowed[key]) or (allowed[key] is int and isinstance(value, bool)):
                raise self._wrong(name, f"must be {_NAMES[allowed[key]]}", _FORMS[allowed[key]])

    def _wrong(self, key: str, what: str, hint: str) -> InputError:
        return InputError(f"`{self._place}`: " + (f"`{key}`: {what}" if key else what), hint)


def _paragraph(text: str) -> str:
    """Lines as the file breaks them are no lines of the text."""
    return " ".join(text.split())
