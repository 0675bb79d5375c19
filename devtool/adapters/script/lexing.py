"""A shell script cut into words and operators, each with its line; nothing is expanded yet.

https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_03
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPERATOR = re.compile(r"\d*(?:<<-?|>>|[<>])(?:&\d)?|&>|;;|&&|\|\||[;&|()\n]")
_BLANK = " \t\r"


class ScriptError(Exception):
    """The script is not one that can be read."""


@dataclass(frozen=True)
class Token:
    """One word as it stands there, or one operator."""

    text: str
    line: int
    operator: bool = False

    @property
    def redirection(self) -> bool:
        """Whether it sends a stream elsewhere."""
        return self.operator and ("<" in self.text or ">" in self.text)


def lex(text: str) -> list[Token]:
    """The tokens of a script. Raises ScriptError."""
    tokens: list[Token] = []
    at, line = 0, 1
    while at < len(text):
        if text.startswith("\\\n", at):
            at, line = at + 2, line + 1
        elif text[at] in _BLANK:
            at += 1
        elif text[at] == "#":
            at = _found(text, "\n", at, len(text))
        elif operator := _OPERATOR.match(text, at):
            if "<<" in operator[0]:
                raise ScriptError(f"line {line}: a here-document")
            tokens.append(Token(operator[0], line, operator=True))
            line += operator[0] == "\n"
            at = operator.end()
        else:
            end = word_end(text, at)
            tokens.append(Token(text[at:end].replace("\\\n", ""), line))
            line += text.count("\n", at, end)
            at = end
    return tokens


def word_end(text: str, at: int) -> int:
    """Where the word that begins at `at` ends. Raises ScriptError."""
    while at < len(text) and text[at] not in _BLANK and text[at] not in "\n;&|()<>":
        at = piece_end(text, at)
    return at


def piece_end(text: str, at: int) -> int:
    """Where the quote, expansion or single character at `at` ends. Raises ScriptError."""
    if text[at] == "\\":
        return min(at + 2, len(text))
    if text[at] == "'":
        return _found(text, "'", at + 1) + 1
    if text[at] == "`":
        return _found(text, "`", at + 1) + 1
    if text[at] == '"':
        return _closed(text, at + 1, '"')
    if text.startswith("$(", at):
        return _closed(text, at + 2, ")")
    if text.startswith("${", at):
        return _closed(text, at + 2, "}")
    return at + 1


def _closed(text: str, at: int, closing: str) -> int:
    """Just behind the closing mark; what is quoted or nested in between is passed over."""
    while at < len(text):
        if text[at] == closing:
            return at + 1
        if text[at] == "'" and closing == '"':  # nothing special in double quotes
            at += 1
        elif text[at] == "(" and closing == ")":
            at = _closed(text, at + 1, ")")
        else:
            at = piece_end(text, at)
    raise ScriptError(f"a `{closing}` is missing")


def _found(text: str, mark: str, start: int, otherwise: int | None = None) -> int:
    at = text.find(mark, start)
    if at < 0 and otherwise is None:
        raise ScriptError(f"a `{mark}` is missing")
    return otherwise if at < 0 and otherwise is not None else at
